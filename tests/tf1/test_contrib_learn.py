"""tf.contrib.learn's Estimator, monitors, Experiment and learn_runner compute what TensorFlow 1.15.5's do."""

import numpy as np
import pytest

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import tf
from legacy_gan.tf1.contrib.learn_estimators import Estimator, MetricSpec, ModelFnOps
from legacy_gan.tf1.contrib.learn_experiment import Experiment, run
from tests.support.recorded import learn, path

pytestmark = pytest.mark.newest


@pytest.mark.usefixtures("tf1_defaults")
def test_estimators_compute_what_1_15_5_s_do(tmp_path):
    tf.logging.set_verbosity(tf.logging.ERROR)
    found, golden = learn.figures(tf), np.load(path("learn"))
    assert sorted(found) == sorted(golden.files)
    for key in golden.files:
        if golden[key].dtype.kind == "f":
            # Some thirty steps in float32, whose sums are added in another order.
            np.testing.assert_allclose(found[key], golden[key], rtol=1e-5, err_msg=key)
        else:
            np.testing.assert_array_equal(found[key], golden[key], err_msg=key)


def test_inner_places_are_the_same():
    assert tf.contrib.learn.Estimator is Estimator
    assert tf.contrib.learn.learn_runner.run is run
    names = {}
    exec("from tensorflow.contrib.learn.python.learn import learn_runner\n", names)
    exec("from tensorflow.contrib.learn.python.learn.estimators import model_fn as model_fn_lib\n", names)
    assert names["learn_runner"].run is run
    assert names["model_fn_lib"].ModelFnOps is ModelFnOps


def test_metric_takes_labels_by_name_or_place():
    def metric(call, **keys):
        return MetricSpec(call, **keys).create_metric_ops({"w": 7}, 1, {"p": 2})

    assert metric(lambda labels, predictions: (labels, predictions)) == (1, 2)
    assert metric(lambda logits, targets: (logits, targets), prediction_key="p") == (2, 1)
    assert metric(lambda found, label: (found, label)) == (2, 1)
    assert metric(lambda label, found: (label, found)) == (1, 2)
    assert metric(lambda predictions, weights: (predictions, weights), weight_key="w") == (2, 7)


def test_mistakes_are_named(tmp_path):
    model = Estimator(lambda features, labels: (features, features, None), model_dir=str(tmp_path))
    with pytest.raises(ValueError, match="find trained model at"):
        model.predict(np.zeros([3, 1]))
    with pytest.raises(ValueError, match="both input_fn and x"):
        model.fit(np.zeros([3, 1]), input_fn=lambda: None)
    with pytest.raises(ValueError, match="both steps and max_steps"):
        model.fit(np.zeros([3, 1]), steps=1, max_steps=1)
    with pytest.raises(ValueError, match="Missing train_op"):
        model.fit(np.zeros([3, 1]), np.zeros(3), steps=1)
    with pytest.raises(ValueError, match="does not have a params argument"):
        Estimator(lambda features, labels: None, params={})
    with pytest.raises(KeyError, match="Key 'a' missing"):
        MetricSpec(max, "a").create_metric_ops({}, 1, {"b": 2})
    with pytest.raises(ValueError, match="Must set value for `output_dir`"):
        run(lambda: None)
    with pytest.raises(TypeError, match="did not return an Experiment"):
        run(lambda output_dir: None, "there")
    with pytest.raises(NotServed, match="export_savedmodel"):
        Experiment(model, None, None, export_strategies=[1])
