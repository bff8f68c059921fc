"""Fixtures of the tests of legacy_gan.tf1; TensorFlow is imported where a test uses them."""

import pytest


@pytest.fixture
def own_graph():
    """A test builds in a graph of its own."""
    from legacy_gan.tf1 import tf

    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def tf1_defaults():
    """What disable_v2_behavior() leaves: TF1's variables, loops and shapes, as `legacy-gan run` has them."""
    from legacy_gan.tf1 import tf

    loops, shapes = tf.control_flow_v2_enabled(), not tf.version.VERSION.startswith("1.")
    tf.disable_control_flow_v2()
    tf.disable_resource_variables()
    tf.disable_v2_tensorshape()
    try:
        yield
    finally:
        tf.enable_resource_variables()
        if loops:
            tf.enable_control_flow_v2()
        if shapes:
            tf.enable_v2_tensorshape()


@pytest.fixture(params=["our defaults", "TF1's defaults"])
def defaults(request):
    """Resource variables and TensorFlow's loops of today, and the defaults of TF1."""
    if request.param == "TF1's defaults":
        request.getfixturevalue("tf1_defaults")
