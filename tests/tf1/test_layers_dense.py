"""tf.layers' dense layer and flatten are NumPy's, in float64."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.graphs import IMAGES, close, draw, evaluate, session
from tests.support.numpy_layers import np_conv2d, np_conv2d_transpose

pytestmark = pytest.mark.usefixtures("own_graph")


# --- Values: dense ----------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(11, 13), (11, 5, 13), (2, 3, 5, 13)])
@pytest.mark.parametrize("use_bias", [True, False])
def test_dense_value_is_the_oracles(shape, use_bias):
    x = draw(shape)
    y, state, static = evaluate(lambda t: tf.layers.dense(t, 17, use_bias=use_bias), x)
    bias = state["dense/bias"] if use_bias else 0.0
    assert len(state) == 1 + use_bias
    close(y, x @ state["dense/kernel"] + bias)
    assert static == list(shape[:-1]) + [17]


@pytest.mark.parametrize("shape", [[None, 13], [None, None, 13], [None, 5, 13]])
def test_dense_keeps_what_is_known_of_the_shape(shape):
    outputs = tf.layers.dense(tf.placeholder(tf.float32, shape), 17)
    assert outputs.shape.as_list() == shape[:-1] + [17]


ACTIVATIONS = {
    "relu": lambda v: np.maximum(v, 0),
    "tanh": np.tanh,
    "sigmoid": lambda v: 1 / (1 + np.exp(-v)),
    "softplus": lambda v: np.logaddexp(0, v),
    "elu": lambda v: np.where(v > 0, v, np.exp(v) - 1),
    "softmax": lambda v: np.exp(v) / np.exp(v).sum(-1, keepdims=True),
    "linear": lambda v: v,
}


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activation_is_applied_by_name(name):
    x = draw((11, 13))
    y, state, _ = evaluate(lambda t: tf.layers.dense(t, 17, activation=name), x)
    close(y, ACTIVATIONS[name](x @ state["dense/kernel"] + state["dense/bias"]))


@pytest.mark.parametrize(
    "layer, call",
    [
        ("dense", lambda x, f: tf.layers.dense(x, 17, f)),
        ("conv2d", lambda x, f: tf.layers.conv2d(x, 17, 3, activation=f)),
        ("conv2d_transpose", lambda x, f: tf.layers.conv2d_transpose(x, 17, 3, activation=f)),
    ],
)
def test_activation_is_applied_as_a_function_after_the_bias(layer, call):
    seen = []

    def activation(value):
        seen.append(value.op.name)
        return value * value + 1

    y, state, _ = evaluate(lambda t: call(t, activation), draw(IMAGES))
    assert seen == [layer + "/BiasAdd"]
    plain = {"dense": lambda x, k, b: x @ k + b, "conv2d": np_conv2d, "conv2d_transpose": np_conv2d_transpose}[layer](
        draw(IMAGES), state[layer + "/kernel"], state[layer + "/bias"]
    )
    close(y, plain * plain + 1, rtol=1e-4)


@pytest.mark.parametrize(
    "shape, static, flat",
    [
        ((11, 7, 5, 3), [11, 7, 5, 3], [11, 105]),
        ((11, 7, 5, 3), [None, 7, 5, 3], [None, 105]),
        ((11, 7, 5), [None, None, 5], [None, None]),
        ((11, 13), [None, 13], [None, 13]),
        ((11,), [11], [11, 1]),
        ((11, 0, 3), [None, 0, 3], [None, 0]),
    ],
)
def test_flatten_keeps_the_batch_and_the_order(shape, static, flat):
    inputs = tf.placeholder(tf.float32, static)
    outputs = tf.layers.flatten(inputs)
    assert outputs.shape.as_list() == flat
    x = draw(shape)
    with session() as sess:
        y = sess.run(outputs, {inputs: x})
    np.testing.assert_array_equal(y, x.reshape(shape[0], int(np.prod(shape[1:]))))


@pytest.mark.parametrize("shape", [(11, 7), (11, 3, 7), (11, 3, 7, 5)])
def test_flatten_of_channels_first_puts_the_channels_last(shape):
    x = draw(shape)
    y, _, static = evaluate(lambda t: tf.layers.flatten(t, data_format="channels_first"), x)
    np.testing.assert_array_equal(y, np.moveaxis(x, 1, -1).reshape(11, -1))
    assert static == list(y.shape)


def test_flatten_keeps_an_integer_type():
    x = np.arange(30, dtype=np.int32).reshape(2, 3, 5)
    y, _, _ = evaluate(tf.layers.flatten, x)
    assert y.dtype == np.int32
    np.testing.assert_array_equal(y, x.reshape(2, 15))
