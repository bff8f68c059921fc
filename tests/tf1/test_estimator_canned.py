"""The ready-made estimators of tf.estimator compute what TensorFlow 1.15.5's do, under its names."""

import numpy as np
import pytest
import tensorflow.compat.v1 as v1

from legacy_gan.tf1 import estimator as ours
from tests.support.recorded import estimators, path

# The same formulas in another order of additions, over five steps in float32; AUC counts examples above thresholds.
TOLERANCE = dict(rtol=2e-5, atol=2e-6)


pytestmark = pytest.mark.newest
_QUICK = ("combined", "dnn", "dnn_batch_norm", "linear")
_CASES = [pytest.param(name, marks=() if name in _QUICK else pytest.mark.slow) for name in sorted(estimators.SCRIPTS)]


@pytest.fixture(scope="module")
def golden():
    return np.load(path("estimators"))


@pytest.mark.usefixtures("tf1_defaults")
@pytest.mark.parametrize("name", _CASES)
def test_estimator_computes_what_1_15_5_does(name, golden):
    v1.logging.set_verbosity(v1.logging.ERROR)
    found = estimators.figures(name, ours)
    kept = {key[len(name) + 1 :]: golden[key] for key in golden.files if key.startswith(f"{name}/")}
    assert sorted(found) == sorted(kept)
    for key, value in kept.items():
        if value.dtype.kind in "iuU":
            np.testing.assert_array_equal(found[key], value, err_msg=key)
        else:
            np.testing.assert_allclose(found[key], value, err_msg=key, **TOLERANCE)


def test_mistakes_are_named():
    x = v1.feature_column.numeric_column("x")
    with pytest.raises(ValueError, match="Unsupported optimizer name: Adamm"):
        train(ours.LinearRegressor([x], optimizer="Adamm"))
    with pytest.raises(ValueError, match="is not an Optimizer instance"):
        train(ours.DNNRegressor([3], [x], optimizer=3))
    with pytest.raises(ValueError, match="n_classes must be > 2: 1"):
        ours.LinearClassifier([], n_classes=1)
    with pytest.raises(ValueError, match="Invalid loss_reduction: none"):
        ours.LinearClassifier([], loss_reduction=v1.losses.Reduction.NONE)
    with pytest.raises(ValueError, match="Either linear_feature_columns or dnn_feature_columns"):
        ours.DNNLinearCombinedClassifier()
    with pytest.raises(ValueError, match="features should be a dictionary"):
        ours.LinearRegressor([]).model_fn(v1.constant([1.0]), None, "infer", None)
    with pytest.raises(ValueError, match="Labels dtype should be integer"):
        train(ours.BaselineClassifier(n_classes=3), 1.5)
    with pytest.raises(ValueError, match="Labels dtype should be string"):
        train(ours.BaselineClassifier(label_vocabulary=["a", "b"]))
    with pytest.raises(ValueError, match="Expected labels dimension=2"):
        train(ours.BaselineRegressor(label_dimension=2))


def train(model, label=1):
    """Trains a step on one example."""
    model.train(lambda: ({"x": v1.constant([[1.0]])}, v1.constant([[label]])), steps=1)
