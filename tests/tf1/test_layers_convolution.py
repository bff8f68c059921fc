"""tf.layers' convolutions, transposed and separable ones too, are NumPy's, in float64."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.graphs import IMAGES, close, draw, evaluate, session, set_weights, shown, two
from tests.support.numpy_layers import np_conv2d, np_conv2d_transpose

pytestmark = pytest.mark.usefixtures("own_graph")


# --- Values: convolutions ---------------------------------------------------------------------

CONVOLUTIONS = [
    dict(kernel_size=3),
    dict(kernel_size=3, padding="same"),
    dict(kernel_size=(2, 3), padding="SAME"),
    dict(kernel_size=(3, 2), strides=2),
    dict(kernel_size=(3, 2), strides=(2, 3), padding="same"),
    dict(kernel_size=1, strides=3),
    dict(kernel_size=(2, 3), dilation_rate=2),
    dict(kernel_size=3, dilation_rate=(3, 2), padding="same"),
    dict(kernel_size=[3, 2], strides=[1, 2], use_bias=False),
]


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("options", CONVOLUTIONS, ids=shown)
def test_conv2d_value_is_the_oracles(options, data_format):
    x, first = draw(IMAGES), data_format == "channels_first"
    fed = np.transpose(x, [0, 3, 1, 2]) if first else x
    y, state, static = evaluate(lambda t: tf.layers.conv2d(t, 13, data_format=data_format, **options), fed)
    expected = np_conv2d(
        x,
        state["conv2d/kernel"],
        state.get("conv2d/bias", 0.0),
        two(options.get("strides", 1)),
        options.get("padding", "valid").lower(),
        two(options.get("dilation_rate", 1)),
    )
    assert state["conv2d/kernel"].shape == two(options["kernel_size"]) + (3, 13)
    assert ("conv2d/bias" in state) == options.get("use_bias", True)
    close(y, np.transpose(expected, [0, 3, 1, 2]) if first else expected)
    assert static == list(y.shape)


TRANSPOSED = [
    dict(kernel_size=3),
    dict(kernel_size=3, padding="same"),
    dict(kernel_size=(2, 3), padding="SAME", strides=2),
    dict(kernel_size=(3, 5), strides=2),
    dict(kernel_size=5, strides=(2, 3), padding="same"),
    dict(kernel_size=(5, 4), strides=3),
    dict(kernel_size=2, strides=3),
    dict(kernel_size=(1, 2), strides=3, padding="same"),
    dict(kernel_size=[3, 2], strides=[1, 2], use_bias=False),
]


@pytest.mark.parametrize("unknown", [False, True], ids=["known", "unknown"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("options", TRANSPOSED, ids=shown)
def test_conv2d_transpose_value_is_the_oracles(options, data_format, unknown):
    x, first = draw(IMAGES), data_format == "channels_first"
    shape = [None, None, None, 3] if unknown else list(IMAGES)
    order = [0, 3, 1, 2] if first else [0, 1, 2, 3]
    inputs = tf.placeholder(tf.float32, [shape[i] for i in order])
    outputs = tf.layers.conv2d_transpose(inputs, 13, data_format=data_format, **options)
    with session() as sess:
        state = set_weights(sess)
        y = sess.run(outputs, {inputs: np.transpose(x, order)})
    assert state["conv2d_transpose/kernel"].shape == two(options["kernel_size"]) + (13, 3)
    assert ("conv2d_transpose/bias" in state) == options.get("use_bias", True)
    expected = np_conv2d_transpose(
        x,
        state["conv2d_transpose/kernel"],
        state.get("conv2d_transpose/bias", 0.0),
        two(options.get("strides", 1)),
        options.get("padding", "valid").lower(),
    )
    close(y, np.transpose(expected, order))
    known = [None, None, None, 13] if unknown else list(expected.shape)
    assert outputs.shape.as_list() == [known[i] for i in order]


def test_conv2d_transpose_knows_each_size_that_can_be_known():
    inputs = tf.placeholder(tf.float32, [None, None, 5, 3])
    outputs = tf.layers.conv2d_transpose(inputs, 13, (3, 4), strides=3)
    assert outputs.shape.as_list() == [None, None, 16, 13]


def test_kernel_size_and_strides_may_be_numpys():
    x = draw(IMAGES)
    y, state, _ = evaluate(lambda t: tf.layers.conv2d(t, np.int64(13), np.int64(3), np.array([1, 2])), x)
    close(y, np_conv2d(x, state["conv2d/kernel"], state["conv2d/bias"], (1, 2)))


# --- Values: other numbers of axes, separable -------------------------------------------------


def as_image(x):
    """[batch, width, channels] as an image of one row."""
    return x[:, None]


@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_conv1d_value_is_that_of_an_image_of_one_row(padding, data_format):
    x, order = draw((11, 7, 3)), [0, 2, 1] if data_format == "channels_first" else [0, 1, 2]
    y, state, static = evaluate(lambda t: tf.layers.conv1d(t, 13, 3, 2, padding, data_format), np.transpose(x, order))
    if padding == "causal":
        x = np.pad(x, [(0, 0), (2, 0), (0, 0)], "constant")
    expected = np_conv2d(
        as_image(x),
        state["conv1d/kernel"][None],
        state["conv1d/bias"],
        (1, 2),
        "same" if padding == "same" else "valid",
    )[:, 0]
    close(y, np.transpose(expected, order))
    assert static == list(y.shape)


def test_conv3d_value_is_the_sum_over_its_depth():
    x = draw((11, 4, 5, 3, 2))
    y, state, static = evaluate(lambda t: tf.layers.conv3d(t, 13, (2, 3, 2)), x)
    kernel = state["conv3d/kernel"]
    expected = np.stack([sum(np_conv2d(x[:, d + p], kernel[p], 0.0) for p in (0, 1)) for d in range(3)], 1)
    close(y, expected + state["conv3d/bias"])
    assert static == list(y.shape)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_conv3d_transpose_value_is_spread_over_its_depth(padding):
    x = draw((11, 4, 5, 3, 2))
    y, state, static = evaluate(lambda t: tf.layers.conv3d_transpose(t, 13, (2, 3, 2), (2, 1, 2), padding), x)
    kernel = state["conv3d_transpose/kernel"]  # a depth of 2 with a stride of 2: nothing overlaps
    expected = np.stack([np_conv2d_transpose(x[:, d // 2], kernel[d % 2], 0.0, (1, 2), padding) for d in range(8)], 1)
    close(y, expected + state["conv3d_transpose/bias"])
    assert static == list(y.shape)


def np_separable(x, depthwise, pointwise, bias, strides, padding):
    channels = x.shape[-1]
    each = [np_conv2d(x[..., c : c + 1], depthwise[:, :, c : c + 1], 0.0, strides, padding) for c in range(channels)]
    return np.concatenate(each, -1) @ pointwise[0, 0] + bias


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_separable_conv2d_value_is_the_oracles(data_format):
    x, order = draw(IMAGES), [0, 3, 1, 2] if data_format == "channels_first" else [0, 1, 2, 3]
    y, state, static = evaluate(
        lambda t: tf.layers.separable_conv2d(t, 13, (3, 2), 2, "same", data_format, depth_multiplier=2),
        np.transpose(x, order),
    )
    parts = [state["separable_conv2d/" + part] for part in ("depthwise_kernel", "pointwise_kernel", "bias")]
    assert [part.shape for part in parts] == [(3, 2, 3, 2), (1, 1, 6, 13), (13,)]
    close(y, np.transpose(np_separable(x, *(parts + [(2, 2), "same"])), order))
    assert static == list(y.shape)


def test_separable_conv1d_value_is_that_of_an_image_of_one_row():
    x = draw((11, 7, 3))
    y, state, static = evaluate(lambda t: tf.layers.separable_conv1d(t, 13, 3, 2), x)
    parts = [state["separable_conv1d/" + part] for part in ("depthwise_kernel", "pointwise_kernel", "bias")]
    expected = np_separable(as_image(x), parts[0][None], parts[1][None], parts[2], (1, 2), "valid")
    close(y, expected[:, 0])
    assert static == list(y.shape)
