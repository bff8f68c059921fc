"""What of tf.contrib runs a session itself: buckets of queues, predictors, training and evaluation, SciPy's minimize.

Each test holds on TensorFlow 1.15's own tf.contrib too (the marker tf1).
"""

import os

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.graphs import session
from tests.support.originals import real_contrib

pytestmark = [pytest.mark.usefixtures("own_graph"), pytest.mark.usefixtures("tf1_defaults")]


@pytest.fixture(params=["ours", pytest.param("real", marks=pytest.mark.tf1)])
def contrib(request):
    return tf.contrib if request.param == "ours" else real_contrib()


def test_buckets_have_batches_of_alike_lengths_filled_up(contrib):
    lengths = tf.train.slice_input_producer([[1, 7, 2, 3, 8, 1, 9, 3]], num_epochs=1, shuffle=False)[0]
    count, found = contrib.training.bucket_by_sequence_length(
        lengths, {"x": tf.range(lengths), "y": lengths * 2}, 2, [3, 8], dynamic_pad=True, allow_smaller_final_batch=True
    )
    batches = []
    with session() as sess:
        sess.run(tf.local_variables_initializer())
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        with pytest.raises(tf.errors.OutOfRangeError):
            while True:
                batches.append(sess.run([count, found["x"], found["y"]]))
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=5)
    assert sorted(sorted(batch[0].tolist()) for batch in batches) == [[1], [1, 2], [3], [3, 7], [8, 9]]
    for counts, x, doubled in batches:
        np.testing.assert_array_equal(doubled, counts * 2)
        assert x.shape == (len(counts), counts.max())
        for row, size in zip(x, counts):
            np.testing.assert_array_equal(row, np.arange(len(row)) * (np.arange(len(row)) < size))


def test_a_saved_model_is_a_function(contrib, tmp_path):
    folder = str(tmp_path / "saved")
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None], name="x")
        y = x * tf.get_variable("w", initializer=3.0)
        sess.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(sess, folder, {"x": x}, {"y": y})
    predict = contrib.predictor.from_saved_model(folder)
    np.testing.assert_array_equal(predict({"x": [1, 2]})["y"], [3, 6])
    named = contrib.predictor.from_saved_model(folder, input_names={"in": "x:0"}, output_names={"out": y.name})
    np.testing.assert_array_equal(named({"in": [1]})["out"], [3])
    if contrib is tf.contrib:  # 1.15's own gives a function without outputs
        with pytest.raises(ValueError, match="there is no signature 'other'; there are .*serving_default"):
            contrib.predictor.from_saved_model(folder, signature_def_key="other")


def test_training_and_evaluation_go_by_hooks(contrib, tmp_path):
    def network():
        step = tf.train.get_or_create_global_step()
        return tf.square(tf.get_variable("w", initializer=4.0) - 1), step

    with tf.Graph().as_default():
        train_op = contrib.training.create_train_op(network()[0], tf.train.GradientDescentOptimizer(0.25))
        last = contrib.training.train(train_op, str(tmp_path), hooks=[tf.train.StopAtStepHook(last_step=3)])
    assert last == pytest.approx(9 / 4.0**2)  # the loss before the third step: (3 / 4) ** 2
    loss, step = network()
    hooks = [contrib.training.StopAfterNEvalsHook(2), contrib.training.SummaryAtEndHook(str(tmp_path / "eval"))]
    values = contrib.training.evaluate_repeatedly(
        str(tmp_path),
        eval_ops=tf.no_op(),
        final_ops={"loss": loss, "step": step},
        hooks=hooks,
        eval_interval_secs=0,
        max_number_of_evaluations=1,
    )
    assert values["step"] == 3 and values["loss"] == pytest.approx(9 / 4.0**3)
    assert any("tfevents" in name for name in os.listdir(str(tmp_path / "eval")))
    newest = tf.train.latest_checkpoint(str(tmp_path))
    assert contrib.training.wait_for_new_checkpoint(str(tmp_path), timeout=1) == newest
    assert contrib.training.wait_for_new_checkpoint(str(tmp_path), newest, timeout=1) is None


@pytest.mark.parametrize("resources", [False, True])
def test_scipy_minimizes_within_bounds_and_constraints(contrib, resources):
    pytest.importorskip("scipy", reason="needs SciPy")
    point = tf.get_variable("point", initializer=[0.5, 0.5], use_resource=resources)
    if contrib is not tf.contrib and resources:
        pytest.skip("1.15's own feeds a variable, which no read of a resource variable sees")
    loss = tf.reduce_sum(tf.square(point - [3.0, -1.0]))
    seen = []
    opt = contrib.opt.ScipyOptimizerInterface
    free = opt(loss, options={"maxiter": 50})
    bounded = opt(loss, var_to_bounds={point: ([0, 0], np.inf)})
    constrained = opt(loss, equalities=[point[0] - 1], inequalities=[point[1] - 2], method="SLSQP")
    wrong = opt(loss, bounds=[(0, 1)] * 2)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        for optimizer, expected in ((free, [3, -1]), (bounded, [3, 0]), (constrained, [1, 2])):
            optimizer.minimize(sess, fetches=[loss], loss_callback=seen.append)
            np.testing.assert_allclose(sess.run(point), expected, atol=1e-3)
        with pytest.raises(ValueError):
            wrong.minimize(sess)
    assert len(seen) > 3 and min(seen) < 1e-6


def test_averages_are_saved_under_the_variables_names(contrib, tmp_path):
    w = tf.get_variable("w", initializer=4.0)
    optimizer = contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.25), 0.5)
    with pytest.raises(RuntimeError):
        optimizer.swapping_saver()
    step = optimizer.minimize(tf.square(w))
    saver = optimizer.swapping_saver()
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        path = saver.save(sess, str(tmp_path / "model"))
    saved = tf.train.load_checkpoint(path)
    assert saved.get_tensor("w") == 3.0 and saved.get_tensor("w/ExponentialMovingAverage") == 2.0
    with pytest.raises(ValueError):
        optimizer.swapping_saver([w])
