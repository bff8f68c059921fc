"""legacy_gan.tf1: one TF1 namespace, in graph mode, on every TensorFlow."""

import pytest

from legacy_gan.tf1 import tf

pytestmark = pytest.mark.python


def test_namespace_is_graph_mode_with_resource_variables():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 3])
        v = tf.get_variable("v", [3])
        assert type(v).__name__ == "ResourceVariable"
        assert (x + v).shape.as_list() == [None, 3]
