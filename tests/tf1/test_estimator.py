"""legacy_gan.tf1.estimator: tf.estimator.Estimator with a model_fn, on a plain session."""

import os

import numpy as np
import pytest

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import estimator as ours, tf
from legacy_gan.tf1.estimator import inputs, tpu

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(101, 13)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int32)
START = np.linspace(-0.3, 0.5, 26).reshape(13, 2).astype(np.float32)


def model_of(estimator):
    """Returns a model_fn, softmax regression, for a module `estimator`."""

    def model_fn(features, labels, mode, params):
        logits = tf.layers.dense(features["x"], 2, kernel_initializer=tf.constant_initializer(START))
        classes = tf.argmax(logits, 1)
        if mode == estimator.ModeKeys.PREDICT:
            return estimator.EstimatorSpec(mode, predictions={"class": classes, "logits": logits})
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        step = tf.train.GradientDescentOptimizer(params["rate"]).minimize(loss, global_step=tf.train.get_global_step())
        return estimator.EstimatorSpec(
            mode, loss=loss, train_op=step, eval_metric_ops={"accuracy": tf.metrics.accuracy(labels, classes)}
        )

    return model_fn


def results(estimator, folder):
    """Trains 23 steps of 11 and returns (evaluation, logits, variables) of a module `estimator`."""
    model = estimator.Estimator(model_of(estimator), model_dir=str(folder), params={"rate": 0.5})

    numpy_input_fn = getattr(estimator, "inputs", inputs).numpy_input_fn

    def fed(**named):
        return numpy_input_fn({"x": X}, shuffle=False, **named)

    assert model.train(fed(y=Y, batch_size=11, num_epochs=None), steps=20) is model
    model.train(fed(y=Y, batch_size=11, num_epochs=None), max_steps=23)  # goes on from its checkpoint
    logits = [one["logits"] for one in model.predict(fed(batch_size=17))]
    return (
        model.evaluate(fed(y=Y, batch_size=17)),
        np.array(logits),
        {name: model.get_variable_value(name) for name in model.get_variable_names()},
    )


def expected():
    """The same in NumPy, float64."""
    kernel, bias = START.astype(np.float64), np.zeros(2)

    def softmax(inputs):
        e = np.exp(inputs @ kernel + bias)
        return e / e.sum(1, keepdims=True)

    for step in list(range(20)) + list(range(3)):  # the input begins anew
        chosen = np.arange(step * 11, step * 11 + 11) % 101
        error = (softmax(X[chosen]) - np.eye(2)[Y[chosen]]) / 11
        kernel, bias = kernel - 0.5 * X[chosen].T @ error, bias - 0.5 * error.sum(0)
    losses = -np.log(softmax(X)[np.arange(101), Y])
    batches = [losses[start : start + 17].mean() for start in range(0, 101, 17)]
    return X @ kernel + bias, np.mean(batches)


def test_estimator_trains_evaluates_and_predicts_as_numpy_does(tmp_path):
    evaluation, logits, variables = results(ours, tmp_path)
    true_logits, loss = expected()
    np.testing.assert_allclose(logits, true_logits, atol=1e-5)  # 23 steps in float32
    assert evaluation["global_step"] == 23
    assert evaluation["loss"] == pytest.approx(loss, abs=1e-6)
    assert evaluation["accuracy"] == pytest.approx((true_logits.argmax(1) == Y).mean(), abs=1e-6)
    assert sorted(variables) == ["dense/bias", "dense/kernel", "global_step"]
    assert any(name.startswith("events") for name in os.listdir(str(tmp_path / "eval")))


@pytest.mark.tf1
def test_estimator_computes_what_the_real_one_does(tmp_path):
    import tensorflow

    tensorflow.logging.set_verbosity(tensorflow.logging.ERROR)
    mine, real = results(ours, tmp_path / "ours"), results(tensorflow.estimator, tmp_path / "real")
    assert mine[0] == real[0]
    np.testing.assert_array_equal(mine[1], real[1])
    assert {name: value.tolist() for name, value in mine[2].items()} == {
        name: value.tolist() for name, value in real[2].items()
    }


def test_train_and_evaluate_takes_data_sets(tmp_path):
    def data():
        return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).repeat().batch(11)

    model = ours.Estimator(model_of(ours), model_dir=str(tmp_path), params={"rate": 0.5})
    evaluation, exported = ours.train_and_evaluate(
        model, ours.TrainSpec(data, max_steps=7), ours.EvalSpec(data, steps=3)
    )
    assert (evaluation["global_step"], exported) == (7, [])
    assert model.train(data, max_steps=7).latest_checkpoint().endswith("-7")  # it is there already


def test_numpy_input_fn_goes_across_the_end_of_an_epoch_and_shuffles():
    with tf.Graph().as_default(), tf.Session() as session:
        plain = ours.numpy_input_fn(np.arange(5), batch_size=3, num_epochs=2, shuffle=False)()
        mixed = ours.numpy_input_fn(np.arange(100), batch_size=100, shuffle=True)()
        session.run(tf.tables_initializer())
        assert [session.run(plain).tolist() for _ in range(4)] == [[0, 1, 2], [3, 4, 0], [1, 2, 3], [4]]
        mixed = session.run(mixed).tolist()
        assert sorted(mixed) == list(range(100))
        assert mixed != list(range(100))


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="Missing loss .*'train'"):
        ours.EstimatorSpec(ours.ModeKeys.TRAIN)
    with pytest.raises(ValueError, match="exclude each other"):
        ours.RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1)
    with pytest.raises(ValueError, match="shuffle must be True or False"):
        ours.numpy_input_fn(X)
    with pytest.raises(ValueError, match="one length"):
        ours.numpy_input_fn({"x": X}, Y[1:], shuffle=False)
    model = ours.Estimator(lambda features: None, model_dir="nowhere")
    with pytest.raises(ValueError, match="model_fn does not take labels"):
        model.train(lambda: (tf.constant(1.0), tf.constant(1)), steps=1)
    with pytest.raises(ValueError, match="could not find trained model in model_dir: nowhere"):
        model.export_savedmodel("x", lambda: None)
    with pytest.raises(ValueError, match="must include features argument"):
        ours.Estimator(lambda x: x)
    with pytest.raises(ValueError, match="not expected args: .'more'"):
        ours.Estimator(lambda features, more: None)
    with pytest.raises(ValueError, match="model_dir` are set both"):
        ours.Estimator(lambda features: None, "here", ours.RunConfig("there"))
    with pytest.raises(ValueError, match="Replacing foo is not supported"):
        ours.RunConfig().replace(foo=1)
    with pytest.raises(ValueError, match="Loss must be scalar"), tf.Graph().as_default():
        ours.EstimatorSpec(ours.ModeKeys.EVAL, loss=tf.zeros([2]))


@pytest.mark.parametrize(
    "call, error, text",
    [
        (lambda: tpu.TPUEstimator(lambda features, params: None, config=tpu.RunConfig()), NotServed, "use_tpu=False"),
        (lambda: tpu.RunConfig(master="grpc://10.0.0.1:8470"), NotServed, "use_tpu=False"),
        (lambda: small_tpu(config=ours.RunConfig()), ValueError, "must be provided with type"),
        (lambda: small_tpu(params={"batch_size": 3}), ValueError, "are reserved keys"),
        (lambda: small_tpu().train(lambda: None, steps=1), ValueError, "does not include params argument"),
        (lambda: tpu.TPUConfig(iterations_per_loop=0), ValueError, "iterations_per_loop must be positive"),
        (lambda: tpu.TPUConfig(num_shards=0), ValueError, "num_shards must be positive"),
        (lambda: tpu.TPUConfig(num_cores_per_replica=3), ValueError, "num_cores_per_replica must be 1, 2, 4"),
        (lambda: tpu.TPUEstimatorSpec("eval", eval_metrics=lambda: {}), ValueError, "should be tuple or list"),
        (lambda: tpu.TPUEstimatorSpec("eval", host_call=(lambda a: a, [1, 2])), RuntimeError, "length of tensors 2"),
    ],
)
def test_mistakes_with_a_tpus_estimator_are_named(call, error, text):
    with pytest.raises(error, match=text):
        call()


def small_tpu(config=None, params=None):
    """Returns a TPUEstimator of this package that trains nothing."""
    return tpu.TPUEstimator(
        lambda features, params: None, config=config or tpu.RunConfig("nowhere"), params=params, use_tpu=False
    )


def test_a_cluster_is_refused(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", '{"cluster": {"chief": ["a:1"], "worker": ["b:1"]}}')
    with pytest.raises(NotServed, match="train in one process: unset TF_CONFIG"):
        ours.RunConfig()
