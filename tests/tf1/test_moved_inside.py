"""Names that TensorFlow 2 moved from one of its inner modules to another are found where TensorFlow 1.15 had them."""

import numpy as np
import pytest

from legacy_gan.tf1 import import_statements, tf

pytestmark = pytest.mark.usefixtures("own_graph")


def found(module, *names):
    """Returns what `from tensorflow.python.MODULE import NAMES` binds."""
    package = import_statements.imported(f"tensorflow.python.{module}", names)
    return [getattr(package, name) for name in names]


def test_control_flow_and_arrays_are_where_they_were():
    cond, while_loop, case, assertion = found("ops.control_flow_ops", "cond", "while_loop", "case", "Assert")
    stack, unstack, concat = found("ops.array_ops", "stack", "unstack", "concat")
    (ops,) = found("framework", "ops")
    x = tf.placeholder(tf.float32, [3])
    assert isinstance(x, ops.Tensor) and ops.get_default_graph() is tf.get_default_graph()
    with tf.control_dependencies([assertion(tf.reduce_all(x > 0), [x])]):
        total = while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s + unstack(x)[0]), [0, 0.0])[1]
    chosen = cond(total > 3, lambda: concat([x, x], 0), lambda: tf.zeros([6]))
    by_case = case([(total > 100, lambda: tf.constant(1))], default=lambda: tf.constant(2))
    with tf.Session() as sess:
        got = sess.run([total, chosen, by_case, stack([total, total])], {x: [2, 3, 4]})
    assert got[0] == 6 and got[2] == 2 and got[3].tolist() == [6, 6]
    np.testing.assert_array_equal(got[1], [2, 3, 4, 2, 3, 4])


def test_shapes_checkpoints_and_loops_are_where_they_were():
    scalar, vector, matrix = found("framework.tensor_shape", "scalar", "vector", "matrix")
    # What 1.15.5 gives.
    assert [s.as_list() for s in (scalar(), vector(3), matrix(2, None))] == [[], [3], [2, None]]
    assert found("ops.nn", "dynamic_rnn", "relu") == [tf.nn.dynamic_rnn, tf.nn.relu]
    assert found("ops.random_ops", "random_crop")[0] is tf.random_crop
    w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        tf.train.Saver().save(sess, "./model")
        frozen = found("framework.graph_util", "convert_variables_to_constants")[0](
            sess, tf.get_default_graph().as_graph_def(), [w.op.name]
        )
    assert [node.op for node in frozen.node if node.name == "w"] == ["Const"]
    path = found("training.checkpoint_management", "latest_checkpoint")[0](".")
    (python,) = found("pywrap_tensorflow", "NewCheckpointReader")
    assert python(path).get_tensor("w").tolist() == [1, 1]
