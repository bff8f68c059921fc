"""tf.layers of legacy_gan.tf1: interface, variables and numbers.

Everywhere they are held to NumPy, written here in float64, and to the names and collections that
TF 1.15 makes. Where TF 1.15 itself is installed (the marker tf1) they are held to its own
tf.layers: the same script builds both, with the same weights, and everything must be equal.
"""

import inspect

import numpy as np
import pytest

from legacy_gan.tf1 import layers as ours, tf
from tests.support.used_names import used_names

IMAGES = (11, 7, 5, 3)
KEYS = tf.GraphKeys
SLOTS = ("/Adam", "/Adam_1", "_power", "_power_1")  # Adam's own variables


@pytest.fixture(autouse=True)
def own_graph():
    """Every test builds in a graph of its own."""
    with tf.Graph().as_default() as graph:
        yield graph


def session():
    """A session on one thread of the CPU: the order of every sum is fixed."""
    return tf.Session(
        config=tf.ConfigProto(
            device_count={"GPU": 0},
            intra_op_parallelism_threads=1,
            inter_op_parallelism_threads=1,
            use_per_session_threads=True,  # else the first session of the process has set them for all
        )
    )


def draw(shape, seed=0, dtype=np.float32):
    return np.random.RandomState(seed).normal(size=shape).astype(dtype)


def set_weights(sess):
    """Gives every variable but Adam's random values; returns them in float64, by name."""
    state, feed = {}, {}
    for seed, variable in enumerate(tf.global_variables(), 100):
        value = draw(variable.shape.as_list(), seed, variable.dtype.as_numpy_dtype)
        if "variance" in variable.name:
            value = value * value + 0.5
        if not variable.op.name.endswith(SLOTS):
            feed[variable.initializer.inputs[1]] = value
            state[variable.op.name] = value.astype(np.float64)
    sess.run(tf.global_variables_initializer(), feed)
    return state


def evaluate(call, x):
    """Returns (call(placeholder) at x, the random weights it was run with, its static shape)."""
    inputs = tf.placeholder(tf.as_dtype(x.dtype), x.shape)
    outputs = call(inputs)
    with session() as sess:
        state = set_weights(sess)
        return sess.run(outputs, {inputs: x}), state, outputs.shape.as_list()


def close(actual, expected, rtol=1e-5, atol=1e-5):
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)


def variables():
    """Returns [(name, shape, trainable)] of the graph, in the order they were made."""
    trainable = tf.trainable_variables()
    return [(v.op.name, v.shape.as_list(), any(v is t for t in trainable)) for v in tf.global_variables()]


def names():
    return [name for name, _, _ in variables()]


def squares(value):
    return tf.reduce_sum(tf.square(value))


# --- NumPy's answers --------------------------------------------------------------------------


def pads(size, kernel, stride, padding, dilation=1):
    """Returns (outputs, rows of padding before, after) of one axis."""
    reach = (kernel - 1) * dilation + 1
    if padding == "valid":
        return (size - reach) // stride + 1, 0, 0
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + reach - size, 0)
    return outputs, total // 2, total - total // 2


def windows(x, kernel, strides, padding, dilation=(1, 1), fill=0.0):
    """Yields (p, q, the values that kernel place (p, q) sees) of [batch, h, w, c]."""
    (rows, top, bottom), (columns, left, right) = (
        pads(x.shape[i + 1], kernel[i], strides[i], padding, dilation[i]) for i in (0, 1)
    )
    x = np.pad(x.astype(np.float64), [(0, 0), (top, bottom), (left, right), (0, 0)], "constant", constant_values=fill)
    for p in range(kernel[0]):
        for q in range(kernel[1]):
            i, j = p * dilation[0], q * dilation[1]
            yield (
                p,
                q,
                x[
                    :,
                    i : i + (rows - 1) * strides[0] + 1 : strides[0],
                    j : j + (columns - 1) * strides[1] + 1 : strides[1],
                ],
            )


def np_conv2d(x, kernel, bias, strides=(1, 1), padding="valid", dilation=(1, 1)):
    return bias + sum(seen @ kernel[p, q] for p, q, seen in windows(x, kernel.shape[:2], strides, padding, dilation))


def np_conv2d_transpose(x, kernel, bias, strides=(1, 1), padding="valid"):
    batch, height, width, _ = x.shape
    beyond = [max(kernel.shape[i] - strides[i], 0) for i in (0, 1)]
    # Every input spreads its kernel from row i * stride on; "same" cuts what hangs over.
    full = np.zeros([batch, height * strides[0] + beyond[0], width * strides[1] + beyond[1], kernel.shape[2]])
    for i in range(height):
        for j in range(width):
            for p in range(kernel.shape[0]):
                for q in range(kernel.shape[1]):
                    full[:, i * strides[0] + p, j * strides[1] + q] += x[:, i, j] @ kernel[p, q].T
    if padding == "same":
        top, left = beyond[0] // 2, beyond[1] // 2
        full = full[:, top : top + height * strides[0], left : left + width * strides[1]]
    return full + bias


def np_max_pool(x, pool, strides, padding):
    return np.max([seen for _, _, seen in windows(x, pool, strides, padding, fill=-np.inf)], 0)


def np_batch_norm(x, axis, mean, variance, gamma=1.0, beta=0.0, epsilon=1e-3):
    x = np.moveaxis(x.astype(np.float64), axis, -1)
    return np.moveaxis(gamma * (x - mean) / np.sqrt(variance + epsilon) + beta, -1, axis)


def np_moments(x, axis, unbiased):
    x = np.moveaxis(x.astype(np.float64), axis, -1).reshape(-1, x.shape[axis])
    return x.mean(0), x.var(0, ddof=1 if unbiased else 0)


# --- The interface ----------------------------------------------------------------------------

REST = (
    "activation=None, use_bias=True, kernel_initializer=None, bias_initializer=Zeros, "
    "kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, "
    "kernel_constraint=None, bias_constraint=None, trainable=True, name=None, reuse=None"
)
SIGNATURES = {
    "dense": "inputs, units, " + REST,
    "conv2d_transpose": "inputs, filters, kernel_size, strides=(1, 1), padding='valid', "
    "data_format='channels_last', " + REST,
    "batch_normalization": "inputs, axis=-1, momentum=0.99, epsilon=0.001, center=True, "
    "scale=True, beta_initializer=Zeros, gamma_initializer=Ones, moving_mean_initializer=Zeros, "
    "moving_variance_initializer=Ones, beta_regularizer=None, gamma_regularizer=None, "
    "beta_constraint=None, gamma_constraint=None, training=False, trainable=True, name=None, "
    "reuse=None, renorm=False, renorm_clipping=None, renorm_momentum=0.99, fused=None, "
    "virtual_batch_size=None, adjustment=None",
    "dropout": "inputs, rate=0.5, noise_shape=None, seed=None, training=False, name=None",
    "flatten": "inputs, name=None, data_format='channels_last'",
}
for _rank, _one in ((1, "1"), (2, "(1, 1)"), (3, "(1, 1, 1)")):
    _start = "inputs, filters, kernel_size, strides={}, padding='valid', data_format='channels_last', "
    _dilated = _start + "dilation_rate={}, "
    SIGNATURES[f"conv{_rank}d"] = _dilated.format(_one, _one) + REST
    SIGNATURES["conv3d_transpose"] = _start.format(_one) + REST
    if _rank < 3:
        SIGNATURES[f"separable_conv{_rank}d"] = _dilated.format(_one, _one) + (
            "depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer=None, "
            "pointwise_initializer=None, bias_initializer=Zeros, depthwise_regularizer=None, "
            "pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, "
            "depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None, "
            "trainable=True, name=None, reuse=None"
        )
    for _kind in ("max", "average"):
        SIGNATURES[f"{_kind}_pooling{_rank}d"] = (
            "inputs, pool_size, strides, padding='valid', data_format='channels_last', name=None"
        )
CLASSES = [
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "BatchNormalization",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "Dense",
    "Dropout",
    "Flatten",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "SeparableConv1D",
    "SeparableConv2D",
]


def signature(function):
    """Returns a function's arguments as in SIGNATURES: an initializer by its class."""
    parts = []
    for parameter in inspect.signature(function).parameters.values():
        assert parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        default = parameter.default
        if default is parameter.empty:
            parts.append(parameter.name)
        else:
            shown = type(default).__name__ if callable(default) else repr(default)
            parts.append(f"{parameter.name}={shown}")
    return ", ".join(parts)


@pytest.mark.parametrize("layer", sorted(SIGNATURES))
def test_signature_is_the_table_of_tf_115(layer):
    assert signature(getattr(tf.layers, layer)) == SIGNATURES[layer]


@pytest.mark.tf1
@pytest.mark.parametrize("layer", sorted(SIGNATURES))
def test_signature_is_that_of_the_real_layer(layer):
    assert signature(getattr(real_layers(), layer)) == signature(getattr(ours, layer))


@pytest.mark.tf1
@pytest.mark.parametrize("name", CLASSES)
def test_arguments_of_a_class_are_those_of_the_real_class(name):
    # The real ones end in **kwargs; Flatten's, which is Keras' own, has its name in there.
    real, expected = inspect.signature(getattr(real_layers(), name)).parameters.values(), []
    for parameter in real:
        if parameter.kind is not parameter.VAR_KEYWORD:
            expected.append(parameter.name)
    mine = list(inspect.signature(getattr(ours, name)).parameters)
    assert mine == (expected + ["name"] if name == "Flatten" else expected)


def test_namespace_serves_exactly_these_layers():
    assert tf.layers is ours
    assert sorted(ours.__all__) == sorted(list(SIGNATURES) + CLASSES + ["Layer"])


@pytest.mark.tf1
def test_namespace_serves_what_the_real_one_does_but_for_its_keras_parts():
    real = {name for name in dir(real_layers()) if not name.startswith("_")}
    assert real - set(ours.__all__) == {"InputSpec", "experimental"}


@pytest.mark.parametrize("layer", ["InputSpec", "LSTM", "conv4d"])
def test_unserved_layer_is_an_attribute_error_that_names_the_served(layer):
    with pytest.raises(AttributeError, match=f"tf.layers.{layer} is not served.*conv2d"):
        getattr(tf.layers, layer)


def test_source_uses_neither_keras_nor_tensorflows_own_layers():
    used = used_names(ours)
    assert "tensorflow.compat.v1" in used  # the walk sees imports
    assert "get_variable" in used  # and attributes
    assert not [name for name in used if "keras" in name or name == "layers"]


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


def two(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def shown(options):
    return ",".join(f"{key}={options[key]}" for key in sorted(options)).replace(" ", "")


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


# --- Values: pooling, flatten -----------------------------------------------------------------

POOLS = [
    dict(pool_size=2, strides=2),
    dict(pool_size=2, strides=2, padding="same"),
    dict(pool_size=3, strides=(1, 2), padding="SAME"),
    dict(pool_size=(3, 2), strides=1),
    dict(pool_size=[2, 3], strides=[3, 1], padding="valid"),
]


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("options", POOLS, ids=shown)
def test_max_pooling2d_value_is_the_oracles(options, data_format):
    x, first = draw(IMAGES) - 3, data_format == "channels_first"  # below zero: padding shows
    fed = np.transpose(x, [0, 3, 1, 2]) if first else x
    y, state, static = evaluate(lambda t: tf.layers.max_pooling2d(t, data_format=data_format, **options), fed)
    expected = np_max_pool(
        x, two(options["pool_size"]), two(options["strides"]), options.get("padding", "valid").lower()
    )
    np.testing.assert_array_equal(y, np.transpose(expected, [0, 3, 1, 2]) if first else expected)
    assert static == list(y.shape)
    assert state == {}


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


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooling_of_one_to_three_axes_is_the_oracles(kind, padding):
    def np_pool(x):  # the mean is of the places inside of the image
        seen = np.stack([w for _, _, w in windows(x, (1, 3), (1, 2), padding, fill=np.nan)])
        return (np.nanmax if kind == "max" else np.nanmean)(seen, 0)

    image = draw((11, 1, 7, 3)) - 3  # below zero: padding shows
    expected = np_pool(image)
    for x, rank, sizes in (
        (image[:, 0], 1, (3, 2)),
        (image, 2, ((1, 3), (1, 2))),
        (image[:, None], 3, ((1, 1, 3), (1, 1, 2))),
    ):
        layer = getattr(tf.layers, f"{kind}_pooling{rank}d")
        y, state, static = evaluate(lambda t: layer(t, sizes[0], sizes[1], padding), x)
        close(y.reshape(expected.shape), expected)
        assert static == list(y.shape)
        assert state == {}


# --- The class forms --------------------------------------------------------------------------


def test_a_layer_called_twice_shares_its_weights():
    layer = tf.layers.Dense(13, name="shared")
    y, state, _ = evaluate(lambda t: layer(layer(t)), draw((11, 13)))
    close(
        y,
        (draw((11, 13)) @ state["shared/kernel"] + state["shared/bias"]) @ state["shared/kernel"]
        + state["shared/bias"],
    )
    assert names() == ["shared/kernel", "shared/bias"]
    assert [v.op.name for v in layer.trainable_weights] == ["shared/kernel", "shared/bias"]
    assert layer.kernel is layer.variables[0] and layer.bias is layer.weights[1]


def test_a_layer_knows_its_variables_losses_and_updates():
    tf.layers.dense(images(), 13, kernel_regularizer=squares)  # another layer's loss
    others = tf.get_collection(KEYS.REGULARIZATION_LOSSES)
    norm = tf.layers.BatchNormalization(gamma_regularizer=squares)
    norm(images(), training=True)
    assert norm.gamma.op.name == "batch_normalization/gamma"
    assert [v.op.name.split("/")[1] for v in norm.trainable_variables] == ["gamma", "beta"]
    assert [v.op.name.split("/")[1] for v in norm.non_trainable_variables] == ["moving_mean", "moving_variance"]
    assert others + norm.losses == tf.get_collection(KEYS.REGULARIZATION_LOSSES) and len(norm.losses) == 1
    assert norm.updates == tf.get_collection(KEYS.UPDATE_OPS) and len(norm.updates) == 2
    assert norm.momentum == 0.99 and norm.scope_name == "batch_normalization"
    assert norm.count_params() == 12


def test_a_layer_without_a_part_has_none_for_it():
    layer = tf.layers.Dense(17, use_bias=False)
    with pytest.raises(AttributeError, match="Dense: no attribute 'kernel'; variables are there"):
        layer.kernel
    layer(floats(11, 13))
    assert layer.bias is None and layer.units == 17
    with pytest.raises(AttributeError, match="Dense: no attribute 'gamble'"):
        layer.gamble


def test_two_layers_of_one_name_have_two_scopes():
    for _ in range(2):
        tf.layers.Dense(17, name="mine")(floats(11, 13))
    assert names() == ["mine/kernel", "mine/bias", "mine_1/kernel", "mine_1/bias"]


def test_unknown_argument_of_a_class_is_a_named_error():
    with pytest.raises(TypeError, match="Dense: got an unexpected argument 'unit'"):
        tf.layers.Dense(17, unit=3)


class Scaled(tf.layers.Layer):
    """A layer of one's own: x * scale + 1."""

    def build(self, input_shape):
        self.scale = self.add_variable(
            "scale", input_shape[-1:], initializer=tf.ones_initializer(), regularizer=squares
        )

    def call(self, inputs):
        return inputs * self.scale + 1


def test_a_layer_of_ones_own_builds_once():
    layer = Scaled()
    x = draw((11, 13))
    y, state, _ = evaluate(lambda t: layer(layer(t)), x)
    scale = state["scaled/scale"]
    assert len(state) == 1
    close(y, (x * scale + 1) * scale + 1)


@pytest.mark.tf1
def test_operations_of_a_shared_layer_are_named_as_the_real_ones():
    made = []
    for layers in (ours, real_layers()):
        with tf.Graph().as_default():
            layer, x = layers.Dense(13, tf.nn.relu), floats(11, 13)
            with tf.variable_scope("outer"):
                made.append([layer(x).name, layer(x).name, layer(x).name, layer.scope_name])
            with tf.variable_scope("other"):
                made[-1].append(layer(x).name)
    assert made[0] == made[1]


# --- Values: batch normalisation --------------------------------------------------------------

# (shape, options, axis, whether the moving variance is the unbiased one)
NORMS = [
    ((11, 13), {}, 1, False),
    ((11, 5, 13), {}, 2, False),
    ((11, 5, 13), dict(axis=1), 1, False),
    (IMAGES, {}, 3, True),
    (IMAGES, dict(axis=[3], fused=True), 3, True),
    (IMAGES, dict(axis=1), 1, True),
    (IMAGES, dict(axis=-3), 1, True),
    (IMAGES, dict(axis=2), 2, False),
    (IMAGES, dict(fused=False), 3, False),
    (IMAGES, dict(axis=1, fused=False), 1, False),
    ((11, 13), dict(fused=True), 1, False),
    ((11, 13), dict(center=False), 1, False),
    ((11, 13), dict(scale=False, epsilon=0.1), 1, False),
    (IMAGES, dict(center=False, epsilon=0.1), 3, True),
    (IMAGES, dict(scale=False, momentum=0.7), 3, True),
    (IMAGES, dict(scale=False, center=False, momentum=0.5), 3, True),
]
norms = pytest.mark.parametrize(
    "shape, options, axis, unbiased", NORMS, ids=[str(len(case[0])) + "d," + shown(case[1]) for case in NORMS]
)


def norm_run(shape, options, training, steps=3):
    """Trains for some steps, then infers.

    Returns:
      (weights at first, outputs of each step, moving mean and variance at the end, the outputs
      of inference with those, the inputs of each step); `training` may be "fed": a placeholder.
    """
    fed = training == "fed"
    flag = tf.placeholder(tf.bool, []) if fed else training
    inputs = tf.placeholder(tf.float32, [None] + list(shape[1:]))
    outputs = tf.layers.batch_normalization(inputs, training=flag, **options)
    assert outputs.shape.as_list() == inputs.shape.as_list()
    updates = tf.get_collection(KEYS.UPDATE_OPS)
    moving = [v for v in tf.global_variables() if "moving" in v.name]
    batches = [draw(shape, seed) * 2 + seed for seed in range(steps)]
    with session() as sess:
        state = set_weights(sess)
        trained = []
        for x in batches:
            feed = {inputs: x, flag: True} if fed else {inputs: x}
            trained.append(sess.run([outputs, updates], feed)[0])
        averages = [value.astype(np.float64) for value in sess.run(moving)]
        inferred = None
        if fed:
            inferred = sess.run([outputs, updates], {inputs: batches[0], flag: False})[0]
            for before, after in zip(averages, sess.run(moving)):
                np.testing.assert_array_equal(before, after)
    return state, trained, averages, inferred, batches


def scales(state):
    gamma = state.get("batch_normalization/gamma", 1.0)
    return gamma, state.get("batch_normalization/beta", 0.0)


@norms
@pytest.mark.parametrize("training", [True, "fed"])
def test_batch_normalization_in_training_is_the_oracles(shape, options, axis, unbiased, training):
    state, trained, averages, inferred, batches = norm_run(shape, options, training)
    gamma, beta = scales(state)
    assert len(state) == 2 + options.get("scale", True) + options.get("center", True)
    epsilon, momentum = options.get("epsilon", 1e-3), options.get("momentum", 0.99)
    moving = [state["batch_normalization/moving_" + name] for name in ("mean", "variance")]
    for x, y in zip(batches, trained):
        mean, variance = np_moments(x, axis, False)
        close(y, np_batch_norm(x, axis, mean, variance, gamma, beta, epsilon), 1e-4, 1e-4)
        for i, moment in enumerate(np_moments(x, axis, unbiased)):
            moving[i] = moving[i] * momentum + moment * (1 - momentum)
    close(averages[0], moving[0])
    close(averages[1], moving[1])
    if training == "fed":
        close(inferred, np_batch_norm(batches[0], axis, moving[0], moving[1], gamma, beta, epsilon), 1e-4, 1e-4)


@norms
def test_batch_normalization_in_inference_is_the_oracles(shape, options, axis, unbiased):
    state, trained, averages, _, batches = norm_run(shape, options, False, steps=2)
    gamma, beta = scales(state)
    mean, variance = (state["batch_normalization/moving_" + name] for name in ("mean", "variance"))
    for x, y in zip(batches, trained):
        expected = np_batch_norm(x, axis, mean, variance, gamma, beta, options.get("epsilon", 1e-3))
        close(y, expected, 1e-4, 1e-4)
    np.testing.assert_array_equal(averages[0], mean)
    np.testing.assert_array_equal(averages[1], variance)
    assert tf.get_collection(KEYS.UPDATE_OPS) == []


def test_the_two_moving_variances_differ_by_n_over_n_minus_one():
    x = draw((3, 1, 2, 5))
    inputs = tf.placeholder(tf.float32, x.shape)
    for fused in (True, False):
        tf.layers.batch_normalization(inputs, training=True, momentum=0.0, fused=fused)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(tf.get_collection(KEYS.UPDATE_OPS), {inputs: x})
        unbiased, biased = sess.run([v for v in tf.global_variables() if "moving_variance" in v.name])
    close(unbiased, biased * 6 / 5)


@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_batch_normalization_of_float16_keeps_float32_parameters(shape):
    x = draw(shape, dtype=np.float16)
    y, state, _ = evaluate(lambda t: tf.layers.batch_normalization(t, training=True), x)
    assert y.dtype == np.float16
    assert {v.dtype.base_dtype for v in tf.global_variables()} == {tf.float32}
    mean, variance = np_moments(x, -1, False)
    # float16 has 11 bits: the plain formula rounds each of its four steps to them.
    close(y, np_batch_norm(x, -1, mean, variance, *scales(state)), 1e-2, 2e-2)


def test_batch_normalization_of_float64_is_float64():
    x = draw((11, 13), dtype=np.float64)
    y, state, _ = evaluate(lambda t: tf.layers.batch_normalization(t, training=True), x)
    assert y.dtype == np.float64
    mean, variance = np_moments(x, -1, False)
    close(y, np_batch_norm(x, -1, mean, variance, *scales(state)), 1e-12, 1e-12)


@pytest.mark.parametrize("training", [True, 1, np.bool_(True), "constant"])
def test_batch_normalization_knows_a_training_that_is_constant(training):
    x = draw((11, 13))
    flag = tf.constant(True) if training == "constant" else training
    y, state, _ = evaluate(lambda t: tf.layers.batch_normalization(t, training=flag), x)
    mean, variance = np_moments(x, -1, False)
    close(y, np_batch_norm(x, -1, mean, variance, *scales(state)), 1e-4, 1e-4)
    assert not [op for op in tf.get_default_graph().get_operations() if "cond" in op.name]


@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_training_may_be_a_variable(shape):
    flag = tf.get_variable("flag", initializer=True, trainable=False)
    x, inputs = draw(shape), tf.placeholder(tf.float32, shape)
    norm = tf.layers.batch_normalization(inputs, training=flag)
    drop = tf.layers.dropout(inputs, training=flag)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        on = sess.run([norm, drop], {inputs: x})
        sess.run(tf.assign(flag, False))
        off = sess.run([norm, drop], {inputs: x})
    mean, variance = np_moments(x, -1, False)
    close(on[0], np_batch_norm(x, -1, mean, variance), 1e-4, 1e-4)
    close(off[0], np_batch_norm(x, -1, 0.0, 1.0), 1e-4, 1e-4)
    assert 0 < (on[1] == 0).mean() < 1
    np.testing.assert_array_equal(off[1], x)


@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_batch_normalization_gradient_is_the_oracles(shape):
    x, weights = draw(shape), draw(shape, 9)
    flag = tf.placeholder(tf.bool, [])
    inputs = tf.placeholder(tf.float32, shape)
    outputs = tf.layers.batch_normalization(inputs, training=flag)
    gradient = tf.gradients(tf.reduce_sum(outputs * weights), inputs)[0]
    with session() as sess:
        state = set_weights(sess)
        trained, inferred = (sess.run(gradient, {inputs: x, flag: on}) for on in (True, False))
    gamma, _ = scales(state)
    moving = state["batch_normalization/moving_variance"]
    close(inferred, weights * gamma / np.sqrt(moving + 1e-3), 1e-4, 1e-4)
    mean, variance = np_moments(x, -1, False)
    others, size = tuple(range(len(shape) - 1)), x.size / x.shape[-1]
    z, deviation = (x - mean) / np.sqrt(variance + 1e-3), np.sqrt(variance + 1e-3)
    slope = weights * gamma
    expected = (slope - slope.sum(others) / size - z * (slope * z).sum(others) / size) / deviation
    close(trained, expected, 1e-3, 1e-4)


# --- Values: dropout --------------------------------------------------------------------------


def dropped(call, x, runs=1, flag=None, training=True):
    """Returns the outputs of some runs of call(placeholder) at x; `flag` is fed `training`."""
    inputs = tf.placeholder(tf.float32, x.shape)
    outputs = call(inputs)
    assert outputs.shape.as_list() == list(x.shape)
    feed = {inputs: x} if flag is None else {inputs: x, flag: training}
    with session() as sess:
        return [sess.run(outputs, feed) for _ in range(runs)]


@pytest.mark.parametrize("rate", [0.5, 0.2, 0.9])
@pytest.mark.parametrize("given", ["number", "tensor"])
def test_dropout_drops_the_share_and_scales_the_rest(rate, given):
    x = draw((101, 97)) + 10
    asked = tf.constant(rate) if given == "tensor" else rate
    y, again = dropped(lambda t: tf.layers.dropout(t, asked, seed=3, training=True), x, runs=2)
    kept = y != 0
    close(y[kept], x[kept] / (1 - rate), 1e-5)
    # Binomial: five standard deviations of the share.
    assert abs(1 - kept.mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / x.size)
    assert (kept != (again != 0)).any()


def test_dropout_defaults_are_a_half_and_no_training():
    x = draw((101, 97)) + 10
    np.testing.assert_array_equal(dropped(tf.layers.dropout, x)[0], x)
    (y,) = dropped(lambda t: tf.layers.dropout(t, training=True), x)
    assert abs((y == 0).mean() - 0.5) < 5 * np.sqrt(0.25 / x.size)


@pytest.mark.parametrize("noise_shape, axis", [([None, 1, None], 1), ([11, 1, 3], 1), ([1, 7, None], 0)])
def test_dropout_noise_shape_shares_the_mask_along_the_ones(noise_shape, axis):
    x = draw((11, 7, 3)) + 10
    (y,) = dropped(lambda t: tf.layers.dropout(t, 0.5, noise_shape=noise_shape, seed=3, training=True), x)
    kept = y != 0
    assert (kept == kept.take([0], axis)).all()
    assert 0 < kept.mean() < 1
    other = 2 - axis if axis != 1 else 0
    assert not (kept == kept.take([0], other)).all()


def test_dropout_training_may_be_fed():
    x, flag = draw((11, 13)) + 10, tf.placeholder(tf.bool, [])
    on, off = (
        dropped(lambda t: tf.layers.dropout(t, 0.5, seed=3, training=flag), x, 1, flag, training)[0]
        for training in (True, False)
    )
    assert 0 < (on == 0).mean() < 1
    np.testing.assert_array_equal(off, x)


def test_dropout_mask_follows_its_seed():
    x = draw((11, 13)) + 10
    first, same, other = (dropped(lambda t: tf.layers.dropout(t, seed=seed, training=True), x)[0] for seed in (3, 3, 5))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_dropout_of_nothing_is_the_input():
    x = draw((11, 13))
    np.testing.assert_array_equal(dropped(lambda t: tf.layers.dropout(t, 0.0, training=True), x)[0], x)


# --- Variables: names, order, shapes, collections ---------------------------------------------

# What each layer makes of [11, 7, 5, 3]: (call, [(variable, shape, trainable)])
MADE = {
    "dense": (
        lambda x, **options: tf.layers.dense(x, 17, **options),
        [("kernel", [3, 17], True), ("bias", [17], True)],
    ),
    "conv2d": (
        lambda x, **options: tf.layers.conv2d(x, 17, (2, 5), **options),
        [("kernel", [2, 5, 3, 17], True), ("bias", [17], True)],
    ),
    "conv2d_transpose": (
        lambda x, **options: tf.layers.conv2d_transpose(x, 17, (2, 5), **options),
        [("kernel", [2, 5, 17, 3], True), ("bias", [17], True)],
    ),
    "batch_normalization": (
        lambda x, **options: tf.layers.batch_normalization(x, **options),
        [("gamma", [3], True), ("beta", [3], True), ("moving_mean", [3], False), ("moving_variance", [3], False)],
    ),
}
each_layer = pytest.mark.parametrize("layer", sorted(MADE))


def images():
    return tf.placeholder(tf.float32, IMAGES)


def under(scope, made, trainable=True):
    return [(scope + "/" + name, shape, on and trainable) for name, shape, on in made]


@each_layer
def test_variables_are_named_and_numbered_as_in_tf_115(layer):
    call, made = MADE[layer]
    call(images())
    call(images())
    call(images(), name="mine")
    with tf.variable_scope("outer"):
        call(images())
        with tf.variable_scope("inner"):
            call(images())
            call(images())
        call(images())
    expected = []
    for scope in (
        layer,
        layer + "_1",
        "mine",
        "outer/" + layer,
        "outer/inner/" + layer,
        "outer/inner/" + layer + "_1",
        "outer/" + layer + "_1",
    ):
        expected += under(scope, made)
    assert variables() == expected


@each_layer
def test_variables_are_float32_resources_and_in_no_other_collection(layer):
    MADE[layer][0](images())
    assert {type(v).__name__ for v in tf.global_variables()} == {"ResourceVariable"}
    assert {v.dtype.base_dtype for v in tf.global_variables()} == {tf.float32}
    keys = set(tf.get_default_graph().get_all_collection_keys())
    assert keys == {KEYS.GLOBAL_VARIABLES, KEYS.TRAINABLE_VARIABLES}


@each_layer
def test_trainable_false_makes_no_trainable_variable(layer):
    call, made = MADE[layer]
    call(images(), trainable=False)
    assert variables() == under(layer, made, trainable=False)


@pytest.mark.parametrize(
    "call",
    [
        lambda: tf.layers.dense(images(), 17, use_bias=False),
        lambda: tf.layers.conv2d(images(), 17, 3, use_bias=False),
        lambda: tf.layers.conv2d_transpose(images(), 17, 3, use_bias=False),
    ],
)
def test_use_bias_false_makes_only_a_kernel(call):
    call()
    assert [name.split("/")[1] for name in names()] == ["kernel"]


@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_center_and_scale_make_beta_and_gamma(center, scale):
    tf.layers.batch_normalization(images(), center=center, scale=scale)
    expected = ["gamma"] * scale + ["beta"] * center + ["moving_mean", "moving_variance"]
    assert names() == ["batch_normalization/" + name for name in expected]


def test_layers_without_variables_make_none_and_count_their_names():
    x = tf.placeholder(tf.float32, IMAGES)
    outputs = [
        tf.layers.flatten(x),
        tf.layers.flatten(x),
        tf.layers.dropout(x, training=True),
        tf.layers.max_pooling2d(x, 2, 2),
        tf.layers.max_pooling2d(x, 2, 2, name="dense"),
        tf.layers.dropout(x, name="dense"),
        tf.layers.flatten(x, name="dense"),
    ]
    assert variables() == []
    assert [y.op.name.split("/")[0] for y in outputs] == [
        "flatten",
        "flatten_1",
        "dropout",
        "max_pooling2d",
        "dense",
        "dense_1",
        "dense_2",
    ]
    # As in TF 1.15, a name given to these is where counting starts, not a scope to share.
    tf.layers.dense(x, 17)
    assert names() == ["dense_3/kernel", "dense_3/bias"]


def test_operations_are_named_under_the_layers_scope():
    with tf.variable_scope("net"):
        y = tf.layers.dense(images(), 17, tf.nn.relu)
        z = tf.layers.conv2d(images(), 17, 3)
        bare = tf.layers.conv2d(images(), 17, 3, use_bias=False)
    with tf.variable_scope("net", reuse=True):
        again = tf.layers.dense(images(), 17, tf.nn.relu)
    assert [t.name for t in (y, z, bare, again)] == [
        "net/dense/Relu:0",
        "net/conv2d/BiasAdd:0",
        "net/conv2d_1/Conv2D:0",
        "net_1/dense/Relu:0",
    ]


# Four ways to call twice on the same variables; each leaves the scope "net" in between.
def by_reuse_variables(call):
    with tf.variable_scope("net"):
        first = call()
    with tf.variable_scope("net") as scope:
        scope.reuse_variables()
        return first, call()


def by_reuse_true(call):
    with tf.variable_scope("net"):
        first = call()
    with tf.variable_scope("net", reuse=True):
        return first, call()


def by_auto_reuse(call):
    results = []
    for _ in range(2):
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            results.append(call())
    return results


def by_scope_object(call):
    with tf.variable_scope("net") as scope:
        first = call()
    with tf.variable_scope(scope, reuse=True):
        return first, call()


each_reuse = pytest.mark.parametrize("twice", [by_reuse_variables, by_reuse_true, by_auto_reuse, by_scope_object])


def check_reused(first, second, inputs, made):
    """The two outputs come of the same variables, `made`, and depend on them."""
    assert variables() == made
    with session() as sess:
        set_weights(sess)
        one, two = sess.run([first, second], {inputs: draw(IMAGES)})
        np.testing.assert_array_equal(one, two)
        changed = tf.global_variables()[0]
        sess.run(tf.assign(changed, changed * 2))
        three, four = sess.run([first, second], {inputs: draw(IMAGES)})
    np.testing.assert_array_equal(three, four)
    assert (one != three).any()


@each_reuse
@each_layer
def test_second_call_in_a_reused_scope_makes_nothing_and_computes_the_same(layer, twice):
    call, made = MADE[layer]
    inputs = images()
    first, second = twice(lambda: call(inputs))
    check_reused(first, second, inputs, under("net/" + layer, made))


@each_layer
def test_reuse_of_the_call_itself_makes_nothing_and_computes_the_same(layer):
    call, made = MADE[layer]
    inputs = images()
    first = call(inputs, name="mine")
    second = call(inputs, name="mine", reuse=True)
    check_reused(first, second, inputs, under("mine", made))


@each_layer
def test_reuse_without_a_name_finds_the_first_of_its_kind(layer):
    call, made = MADE[layer]
    inputs = images()
    first = call(inputs)
    second = call(inputs, reuse=True)
    check_reused(first, second, inputs, under(layer, made))


@each_layer
def test_auto_reuse_of_the_call_makes_then_finds(layer):
    call, made = MADE[layer]
    inputs = images()
    first, second = (call(inputs, name="mine", reuse=tf.AUTO_REUSE) for _ in range(2))
    check_reused(first, second, inputs, under("mine", made))


@each_reuse
def test_a_reused_stack_finds_each_layer_in_its_order(twice):
    inputs = images()

    def call():
        hidden = tf.layers.dense(inputs, 5, tf.nn.relu)
        return tf.layers.dense(tf.layers.dense(hidden, 5, tf.nn.relu), 5)

    first, second = twice(call)
    assert names() == [f"net/dense{number}/{part}" for number in ("", "_1", "_2") for part in ("kernel", "bias")]
    with session() as sess:
        set_weights(sess)
        one, two = sess.run([first, second], {inputs: draw(IMAGES)})
    np.testing.assert_array_equal(one, two)


@each_layer
def test_reuse_of_what_was_never_made_is_refused(layer):
    call, _ = MADE[layer]
    with pytest.raises(ValueError, match=f"net/{layer}/.* does not exist"):
        with tf.variable_scope("net", reuse=True):
            call(images())
    with pytest.raises(ValueError, match="mine/.* does not exist"):
        call(images(), name="mine", reuse=True)


@each_layer
def test_the_same_name_twice_is_refused_without_reuse(layer):
    call, _ = MADE[layer]
    call(images(), name="mine")
    with pytest.raises(ValueError, match="mine/.* already exists"):
        call(images(), name="mine")


@each_layer
def test_reuse_variables_without_leaving_the_scope_counts_on_and_is_refused(layer):
    call, _ = MADE[layer]
    with tf.variable_scope("net") as scope:
        call(images())
        scope.reuse_variables()
        with pytest.raises(ValueError, match=f"net/{layer}_1/.* does not exist"):
            call(images())


def test_reuse_with_another_width_is_refused():
    tf.layers.dense(images(), 17, name="mine")
    with pytest.raises(ValueError, match="mine/kernel"):
        tf.layers.dense(images(), 19, name="mine", reuse=True)


# --- Variables: initialisers ------------------------------------------------------------------

LARGE = {  # call on [11, 7, 5, 31], fan in + fan out of its kernel
    "dense": (lambda x, **options: tf.layers.dense(x, 173, **options), 31 + 173),
    "conv2d": (lambda x, **options: tf.layers.conv2d(x, 37, (3, 5), **options), 15 * (31 + 37)),
    "conv2d_transpose": (lambda x, **options: tf.layers.conv2d_transpose(x, 37, (3, 5), **options), 15 * (31 + 37)),
}


def first_values(call):
    """Returns the initial values of what `call` makes of wide images, by their last name."""
    tf.set_random_seed(7)
    call(tf.placeholder(tf.float32, (11, 7, 5, 31)))
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        return {v.op.name.split("/")[-1]: sess.run(v) for v in tf.global_variables()}


def check_uniform(values, limit):
    values = values.ravel()
    assert np.abs(values).max() <= limit
    counts, _ = np.histogram(values, bins=10, range=(-limit, limit))
    # Ten equal bins: each within five standard deviations of a tenth.
    assert np.abs(counts - values.size / 10).max() < 5 * np.sqrt(values.size * 0.09)


@pytest.mark.parametrize("layer", sorted(LARGE))
def test_default_kernel_is_glorot_uniform_and_bias_zero(layer):
    call, fans = LARGE[layer]
    values = first_values(call)
    check_uniform(values["kernel"], np.sqrt(6.0 / fans))
    assert (values["bias"] == 0).all()


def test_default_batch_normalization_is_ones_and_zeros():
    values = first_values(tf.layers.batch_normalization)
    assert {name: set(value) for name, value in values.items()} == {
        "gamma": {1.0},
        "beta": {0.0},
        "moving_mean": {0.0},
        "moving_variance": {1.0},
    }


def test_batch_normalization_takes_its_four_initializers():
    kinds = ["gamma", "beta", "moving_mean", "moving_variance"]
    values = first_values(
        lambda x: tf.layers.batch_normalization(
            x, **{k + "_initializer": tf.constant_initializer(2.0 + i) for i, k in enumerate(kinds)}
        )
    )
    assert {name: set(value) for name, value in values.items()} == {
        "gamma": {2.0},
        "beta": {3.0},
        "moving_mean": {4.0},
        "moving_variance": {5.0},
    }


@pytest.mark.parametrize("layer", sorted(LARGE))
def test_kernel_initializer_comes_from_the_scope(layer):
    def call(x):
        with tf.variable_scope("net", initializer=tf.constant_initializer(3.0)):
            LARGE[layer][0](x)

    values = first_values(call)
    assert set(values["kernel"].ravel()) == {3.0}
    assert set(values["bias"]) == {0.0}


@pytest.mark.parametrize("layer", sorted(LARGE))
def test_given_initializers_win_over_the_scopes(layer):
    def call(x):
        with tf.variable_scope("net", initializer=tf.constant_initializer(3.0)):
            LARGE[layer][0](x, kernel_initializer=tf.constant_initializer(5.0), bias_initializer=None)

    values = first_values(call)
    assert set(values["kernel"].ravel()) == {5.0}
    assert set(values["bias"]) == {3.0}  # None asks for the scope's


FANS = LARGE["conv2d"][1]
NAMED = {  # name: (standard deviation, largest size)
    "zeros": (0.0, 0.0),
    "glorot_uniform": (np.sqrt(2.0 / FANS), np.sqrt(6.0 / FANS)),
    "glorot_normal": (np.sqrt(2.0 / FANS), np.inf),
    "he_normal": (np.sqrt(2.0 / (15 * 31)), np.inf),
    "he_uniform": (np.sqrt(2.0 / (15 * 31)), np.sqrt(6.0 / (15 * 31))),
    "lecun_normal": (np.sqrt(1.0 / (15 * 31)), np.inf),
    # By name these are Keras' in TF 1.15: 0.05 instead of 1.
    "random_normal": (0.05, np.inf),
    "random_uniform": (0.05 / np.sqrt(3), 0.05),
    "truncated_normal": (0.05 * 0.87962566, 0.1),  # cut at two standard deviations
}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_initializer_by_name_has_the_spread_of_tf_115(name):
    deviation, largest = NAMED[name]
    kernel = first_values(lambda x: LARGE["conv2d"][0](x, kernel_initializer=name))["kernel"]
    assert kernel.size == 17205
    # The standard error of a standard deviation is at most 1 / sqrt(2 n): five of them.
    assert abs(kernel.std() - deviation) <= 5 * deviation / np.sqrt(2 * kernel.size)
    assert abs(kernel.mean()) <= 5 * deviation / np.sqrt(kernel.size)
    assert np.abs(kernel).max() <= largest
    assert np.isinf(largest) or np.abs(kernel).max() >= 0.99 * largest


def test_initializer_may_be_a_class():
    assert set(
        first_values(lambda x: tf.layers.dense(x, 17, kernel_initializer=tf.ones_initializer))["kernel"].ravel()
    ) == {1.0}


# --- Variables: regularizers, constraints, updates ---------------------------------------------


def losses():
    return tf.get_collection(KEYS.REGULARIZATION_LOSSES)


@each_reuse
@pytest.mark.parametrize("layer", ["dense", "conv2d", "conv2d_transpose"])
def test_regularizers_count_once_a_variable_and_once_an_output(layer, twice):
    call, _ = MADE[layer]
    inputs = images()
    first, _ = twice(
        lambda: call(
            inputs, kernel_regularizer=lambda w: 2 * squares(w), bias_regularizer=squares, activity_regularizer=squares
        )
    )
    # kernel, bias and output of the first call, output of the second
    assert [loss.op.name.split("/")[2] for loss in losses()] == [
        "kernel",
        "bias",
        "ActivityRegularizer",
        "ActivityRegularizer",
    ]
    with session() as sess:
        state = set_weights(sess)
        y, values = sess.run([first, losses()], {inputs: draw(IMAGES)})
    kernel, bias = (state[f"net/{layer}/{part}"] for part in ("kernel", "bias"))
    activity = np.square(y.astype(np.float64)).sum() / 11  # a mean per example
    expected = [2 * np.square(kernel).sum(), np.square(bias).sum(), activity, activity]
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_activity_regularizer_sees_what_comes_after_the_activation():
    seen = []
    y = tf.layers.dense(images(), 17, tf.nn.relu, activity_regularizer=lambda t: seen.append(t) or squares(t))
    assert seen == [y]
    assert y.op.type == "Relu"


def test_batch_normalization_regularizes_beta_and_gamma():
    tf.layers.batch_normalization(images(), beta_regularizer=squares, gamma_regularizer=lambda w: 3 * squares(w))
    assert [loss.op.name.split("/")[1] for loss in losses()] == ["gamma", "beta"]
    with session() as sess:
        state = set_weights(sess)
        values = sess.run(losses())
    gamma, beta = scales(state)
    np.testing.assert_allclose(values, [3 * (gamma**2).sum(), (beta**2).sum()], rtol=1e-5)


def test_regularizer_of_the_scope_and_of_the_layer_both_count():
    with tf.variable_scope("net", regularizer=lambda w: 5 * squares(w)):
        tf.layers.dense(images(), 17, use_bias=False, kernel_regularizer=squares)
    with session() as sess:
        kernel = set_weights(sess)["net/dense/kernel"]
        values = sess.run(losses())
    np.testing.assert_allclose(sorted(values), np.square(kernel).sum() * np.array([1, 5]), 1e-5)


def test_regularizer_that_returns_none_adds_nothing():
    tf.layers.dense(images(), 17, kernel_regularizer=lambda w: None)
    assert losses() == []


@pytest.mark.parametrize(
    "layer, parts",
    [
        ("dense", ["kernel", "bias"]),
        ("conv2d", ["kernel", "bias"]),
        ("conv2d_transpose", ["kernel", "bias"]),
        ("batch_normalization", ["gamma", "beta"]),
    ],
)
def test_constraints_are_kept_and_hold_after_a_step(layer, parts):
    bounds = {part: 0.25 * (i + 1) for i, part in enumerate(parts)}
    inputs = images()
    outputs = MADE[layer][0](
        inputs,
        **{
            part + "_constraint": lambda w, bound=bound: tf.clip_by_value(w, -bound, bound)
            for part, bound in bounds.items()
        },
    )
    constrained = [v for v in tf.global_variables() if v.constraint is not None]
    assert [v.op.name for v in constrained] == [layer + "/" + part for part in parts]
    step = tf.train.GradientDescentOptimizer(0.1).minimize(squares(outputs))
    with session() as sess:
        set_weights(sess)
        sess.run(step, {inputs: draw(IMAGES)})
        for part, variable in zip(parts, constrained):
            assert np.abs(sess.run(variable)).max() == np.float32(bounds[part])


@pytest.mark.parametrize("training", [True, "fed"])
@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_each_training_call_adds_its_two_updates_mean_first(shape, training):
    flag = tf.placeholder(tf.bool, []) if training == "fed" else training
    x = tf.placeholder(tf.float32, shape)
    for reuse in (None, True):
        with tf.variable_scope("net", reuse=reuse):
            tf.layers.batch_normalization(x, training=flag, momentum=0.0)
    updates = tf.get_collection(KEYS.UPDATE_OPS)
    assert [type(update) for update in updates] == [tf.Operation] * 4
    assert [update.name.split("/")[2] for update in updates[:2]] == ["AssignMovingAvg", "AssignMovingAvg_1"]
    assert tf.get_collection(KEYS.UPDATE_OPS, scope="net/") == updates[:2]
    feed = {x: draw(shape)}
    if training == "fed":
        feed[flag] = True
    mean, variance = np_moments(draw(shape), -1, len(shape) == 4)
    with session() as sess:
        before = set_weights(sess)
        sess.run(updates[0], feed)
        close(sess.run(tf.global_variables()[2]), mean)
        np.testing.assert_array_equal(
            sess.run(tf.global_variables()[3]), before["net/batch_normalization/moving_variance"]
        )
        sess.run(updates[3], feed)
        close(sess.run(tf.global_variables()[3]), variance)


@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_batch_normalization_that_is_not_trainable_adds_no_update(shape):
    # TF 1.15 returns no updates of such a layer, though it still uses the batch's moments.
    x = draw(shape)
    y, state, _ = evaluate(lambda t: tf.layers.batch_normalization(t, training=True, trainable=False), x)
    mean, variance = np_moments(x, -1, False)
    close(y, np_batch_norm(x, -1, mean, variance, *scales(state)), 1e-4, 1e-4)
    assert tf.get_collection(KEYS.UPDATE_OPS) == []


# --- Errors -----------------------------------------------------------------------------------


def floats(*shape):
    return tf.placeholder(tf.float32, shape)


ERRORS = [
    (
        lambda L: L.dense(floats(11, None), 17),
        ValueError,
        r"dense: the size of axis -1 must be known, got shape \((11|Dimension\(11\)), (\?|None)\)",
    ),
    (lambda L: L.dense(floats(11), 17), ValueError, "dense: inputs must have at least 2 dimensions"),
    (lambda L: L.dense(tf.placeholder(tf.float32), 17), ValueError, "at least 2 dimensions"),
    (
        lambda L: L.dense(tf.placeholder(tf.int32, [11, 13]), 17),
        TypeError,
        "dense: inputs must be of a floating type, got int32",
    ),
    (
        lambda L: L.dense(floats(11, 13), 17, activation="rleu"),
        ValueError,
        "activation 'rleu' is unknown; give a function instead",
    ),
    (
        lambda L: L.dense(floats(11, 13), 17, kernel_initializer="glort"),
        ValueError,
        "initializer 'glort' is unknown; give a function instead",
    ),
    (lambda L: L.conv2d(floats(11, 7, 5), 17, 3), ValueError, "conv2d: inputs must have 4 dimensions"),
    (lambda L: L.conv2d(floats(11, 7, 5, None), 17, 3), ValueError, "conv2d: the size of axis -1"),
    (
        lambda L: L.conv2d(floats(11, None, 7, 5), 17, 3, data_format="channels_first"),
        ValueError,
        "conv2d: the size of axis -1",
    ),
    (
        lambda L: L.conv2d(images(), 17, 3, padding="causal"),
        ValueError,
        'conv2d: padding must be "valid" or "same", got \'causal\'',
    ),
    (
        lambda L: L.conv2d(images(), 17, 3, data_format="NCHW"),
        ValueError,
        'conv2d: data_format must be "channels_last" or "channels_first", got \'NCHW\'',
    ),
    (lambda L: L.conv2d(images(), 17, (3, 3, 3)), ValueError, r"kernel_size must be an int or two, got \(3, 3, 3\)"),
    (lambda L: L.conv2d(images(), 17, (2.5, 3)), ValueError, "kernel_size must be an int or two"),
    (lambda L: L.conv2d(images(), 17, "33"), ValueError, "kernel_size must be an int or two"),
    (lambda L: L.conv2d(images(), 17, 3, strides=None), ValueError, "strides must be an int or two, got None"),
    (lambda L: L.conv2d(images(), 17, 3, dilation_rate=(1,)), ValueError, "dilation_rate must be an int or two"),
    (
        lambda L: L.conv2d(tf.placeholder(tf.int32, IMAGES), 17, 3),
        TypeError,
        "conv2d: inputs must be of a floating type",
    ),
    (
        lambda L: L.conv2d_transpose(floats(11, 7, 5), 17, 3),
        ValueError,
        "conv2d_transpose: inputs must have 4 dimensions",
    ),
    (lambda L: L.conv2d_transpose(floats(11, 7, 5, None), 17, 3), ValueError, "conv2d_transpose: the size of axis -1"),
    (lambda L: L.conv2d_transpose(images(), 17, 3, padding="full"), ValueError, "conv2d_transpose: padding must be"),
    (
        lambda L: L.conv2d_transpose(images(), 17, 3, data_format="last"),
        ValueError,
        "conv2d_transpose: data_format must be",
    ),
    (
        lambda L: L.conv2d_transpose(tf.placeholder(tf.int32, IMAGES), 17, 3),
        TypeError,
        "conv2d_transpose: inputs must be of a floating type",
    ),
    (lambda L: L.max_pooling2d(floats(11, 7, 5), 2, 2), ValueError, "max_pooling2d: inputs must have 4 dimensions"),
    (lambda L: L.max_pooling2d(images(), 2, 2, padding="full"), ValueError, "max_pooling2d: padding must be"),
    (lambda L: L.max_pooling2d(images(), 2, 2, data_format="last"), ValueError, "max_pooling2d: data_format must be"),
    (lambda L: L.max_pooling2d(images(), 2, None), ValueError, "strides must be an int or two"),
    (lambda L: L.flatten(tf.placeholder(tf.float32)), ValueError, "flatten: inputs must have at least 1 dimensions"),
    (lambda L: L.flatten(floats()), ValueError, "flatten: inputs must have at least 1 dimensions"),
    (lambda L: L.flatten(images(), data_format="NCHW"), ValueError, "flatten: data_format must be"),
    (
        lambda L: L.batch_normalization(floats(11, None)),
        ValueError,
        "batch_normalization: the size of axis -1 must be known",
    ),
    (lambda L: L.batch_normalization(images(), axis=4), ValueError, "batch_normalization: the size of axis 4"),
    (
        lambda L: L.batch_normalization(tf.placeholder(tf.int32, [11, 13])),
        TypeError,
        "batch_normalization: inputs must be of a floating type",
    ),
    (
        lambda L: L.batch_normalization(images(), axis=[1, 2]),
        NotImplementedError,
        r"axis must be one axis, got \[1, 2\]",
    ),
    (
        lambda L: L.batch_normalization(images(), renorm=True),
        NotImplementedError,
        "batch_normalization: renorm, virtual_batch_size and adjustment are not served",
    ),
    (
        lambda L: L.batch_normalization(images(), virtual_batch_size=11),
        NotImplementedError,
        "virtual_batch_size and adjustment are not served",
    ),
    (
        lambda L: L.batch_normalization(images(), adjustment=lambda s: (1, 0)),
        NotImplementedError,
        "adjustment are not served",
    ),
    (lambda L: L.dropout(images(), -0.1), ValueError, "dropout: rate must be at least 0 and below 1, got -0.1"),
    (lambda L: L.dropout(images(), 1.5), ValueError, "dropout: rate .* got 1.5"),
    (lambda L: L.dropout(images(), 1, training=True), ValueError, "dropout: rate .* got 1"),
]


@pytest.mark.parametrize("call, error, text", ERRORS, ids=[str(i) for i in range(len(ERRORS))])
def test_bad_argument_is_a_named_error(call, error, text):
    with pytest.raises(error, match=text):
        call(tf.layers)
    assert variables() == []


# --- TF 1.15's own tf.layers ------------------------------------------------------------------


def real_layers():
    import tensorflow

    assert tensorflow.layers is not ours
    return tensorflow.layers


def case(name, shape, script, dtype=np.float32, real=None, rtol=0):
    """One script for both modules of layers; `real` computes what the real one cannot on a CPU.

    A script is called with the module, the inputs and a bool placeholder. TF 1.15 has no CPU
    kernels for channels first: there the real layer is given the transposed images. With the same
    kernels in the same order on one thread the figures are equal to the last bit: rtol is 0.
    """
    return pytest.param(shape, dtype, script, real, rtol, id=name)


def transposed(call):
    """Makes a script for channels first of one for channels last."""
    return lambda L, x, on: tf.transpose(call(L, tf.transpose(x, [0, 2, 3, 1]), on), [0, 3, 1, 2])


def twice_through(layer, x, **options):
    """Calls one layer twice; both outputs count."""
    return layer(layer(x, **options), **options)


def in_another_scope(layer, x):
    """Calls one layer in two scopes: it keeps the variables of the first."""
    with tf.variable_scope("first"):
        hidden = layer(x)
    with tf.variable_scope("second"):
        return layer(hidden)


FIRST = (11, 3, 7, 5)
LINES = (11, 7, 5)
VOLUMES = (11, 5, 3, 7, 2)
MATRIX = [
    case("dense", (11, 13), lambda L, x, on: L.dense(x, 17)),
    case("dense-rank-3", (11, 5, 13), lambda L, x, on: L.dense(x, 17, tf.nn.relu)),
    case("dense-no-bias", (11, 13), lambda L, x, on: L.dense(x, 17, tf.tanh, use_bias=False)),
    case(
        "dense-by-names",
        (11, 13),
        lambda L, x, on: L.dense(x, 17, "sigmoid", kernel_initializer="he_normal", bias_initializer="ones"),
    ),
    case(
        "dense-regularized",
        (11, 13),
        lambda L, x, on: L.dense(
            x, 17, kernel_regularizer=squares, bias_regularizer=squares, activity_regularizer=squares
        ),
    ),
    case("dense-not-trainable", (11, 13), lambda L, x, on: L.dense(L.dense(x, 17), 5, trainable=False)),
    case(
        "dense-reused",
        (11, 13),
        lambda L, x, on: L.dense(L.dense(L.dense(x, 17, tf.nn.relu, name="a"), 17, name="b"), 17, name="b", reuse=True),
    ),
    case("dense-float64", (11, 13), lambda L, x, on: L.dense(x, 17, tf.nn.elu), np.float64),
    case("conv2d", IMAGES, lambda L, x, on: L.conv2d(x, 13, 3)),
    case("conv2d-same", IMAGES, lambda L, x, on: L.conv2d(x, 13, (2, 3), 2, "same", activation=tf.nn.relu)),
    case("conv2d-strides", IMAGES, lambda L, x, on: L.conv2d(x, 13, 3, strides=(3, 2), use_bias=False)),
    case("conv2d-dilated", IMAGES, lambda L, x, on: L.conv2d(x, 13, (2, 3), dilation_rate=(3, 2))),
    case("conv2d-dilated-same", IMAGES, lambda L, x, on: L.conv2d(x, 13, 3, padding="SAME", dilation_rate=2)),
    case(
        "conv2d-regularized",
        IMAGES,
        lambda L, x, on: L.conv2d(x, 13, 3, kernel_regularizer=squares, activity_regularizer=squares),
    ),
    case(
        "conv2d-first",
        FIRST,
        lambda L, x, on: L.conv2d(x, 13, (2, 3), 2, "same", "channels_first", activation=tf.nn.relu),
        real=transposed(lambda L, x, on: L.conv2d(x, 13, (2, 3), 2, "same", activation=tf.nn.relu)),
    ),
    case("conv2d_transpose", IMAGES, lambda L, x, on: L.conv2d_transpose(x, 13, 3)),
    case(
        "conv2d_transpose-same", IMAGES, lambda L, x, on: L.conv2d_transpose(x, 13, 5, 2, "same", activation=tf.nn.relu)
    ),
    case(
        "conv2d_transpose-valid",
        IMAGES,
        lambda L, x, on: L.conv2d_transpose(x, 13, (4, 5), (3, 2), kernel_regularizer=squares),
    ),
    case("conv2d_transpose-gaps", IMAGES, lambda L, x, on: L.conv2d_transpose(x, 13, 2, 3)),
    case(
        "conv2d_transpose-gaps-same",
        IMAGES,
        lambda L, x, on: L.conv2d_transpose(x, 13, (1, 2), 3, "same", use_bias=False),
    ),
    # The real one transposes too, but adds its bias after, and sums its gradient in that order.
    case(
        "conv2d_transpose-first",
        FIRST,
        lambda L, x, on: L.conv2d_transpose(x, 13, 3, 2, "same", "channels_first"),
        rtol=1e-5,
    ),
    case("norm-fused", IMAGES, lambda L, x, on: L.batch_normalization(x, training=True)),
    case("norm-fused-fed", IMAGES, lambda L, x, on: L.batch_normalization(x, training=on)),
    case("norm-fused-off", IMAGES, lambda L, x, on: L.batch_normalization(x)),
    case("norm-fused-no-center", IMAGES, lambda L, x, on: L.batch_normalization(x, center=False, training=on)),
    case(
        "norm-fused-no-scale",
        IMAGES,
        lambda L, x, on: L.batch_normalization(x, scale=False, momentum=0.7, epsilon=0.1, training=True),
    ),
    case(
        "norm-fused-neither",
        IMAGES,
        lambda L, x, on: L.batch_normalization(x, scale=False, center=False, training=True),
    ),
    case(
        "norm-fused-axis-1",
        FIRST,
        lambda L, x, on: L.batch_normalization(x, axis=1, training=on),
        real=transposed(lambda L, x, on: L.batch_normalization(x, training=on)),
    ),
    case("norm-fused-not-trainable", IMAGES, lambda L, x, on: L.batch_normalization(x, training=True, trainable=False)),
    case(
        "norm-fused-regularized",
        IMAGES,
        lambda L, x, on: L.batch_normalization(x, training=True, beta_regularizer=squares, gamma_regularizer=squares),
    ),
    case("norm-fused-float16", IMAGES, lambda L, x, on: L.batch_normalization(x, training=on), np.float16),
    case("norm-plain", (11, 13), lambda L, x, on: L.batch_normalization(x, training=True)),
    case("norm-plain-fed", (11, 13), lambda L, x, on: L.batch_normalization(x, training=on)),
    case("norm-plain-off", (11, 13), lambda L, x, on: L.batch_normalization(x)),
    case("norm-plain-no-center", (11, 13), lambda L, x, on: L.batch_normalization(x, center=False, training=True)),
    case(
        "norm-plain-no-scale",
        (11, 13),
        lambda L, x, on: L.batch_normalization(x, scale=False, momentum=0.7, epsilon=0.1, training=on),
    ),
    case("norm-plain-rank-3", (11, 5, 13), lambda L, x, on: L.batch_normalization(x, training=True)),
    case("norm-plain-axis-1", (11, 5, 13), lambda L, x, on: L.batch_normalization(x, axis=1, training=on)),
    case("norm-plain-images", IMAGES, lambda L, x, on: L.batch_normalization(x, fused=False, training=True)),
    case(
        "norm-plain-images-axis-1", FIRST, lambda L, x, on: L.batch_normalization(x, axis=1, fused=False, training=True)
    ),
    case("norm-plain-not-trainable", (11, 13), lambda L, x, on: L.batch_normalization(x, training=on, trainable=False)),
    case("norm-plain-float16", (11, 13), lambda L, x, on: L.batch_normalization(x, training=on), np.float16),
    case("norm-plain-float64", (11, 13), lambda L, x, on: L.batch_normalization(x, training=on), np.float64),
    case("pool", IMAGES, lambda L, x, on: L.max_pooling2d(x, 2, 2)),
    case("pool-same", IMAGES, lambda L, x, on: L.max_pooling2d(x, (3, 2), (2, 1), "same")),
    case(
        "pool-first",
        FIRST,
        lambda L, x, on: L.max_pooling2d(x, 3, 2, "same", "channels_first"),
        real=transposed(lambda L, x, on: L.max_pooling2d(x, 3, 2, "same")),
    ),
    case("pool-average", IMAGES, lambda L, x, on: L.average_pooling2d(x, (3, 2), (2, 1), "same")),
    case("pool-1d", LINES, lambda L, x, on: L.max_pooling1d(x, 3, 2, "same")),
    case("pool-1d-average", LINES, lambda L, x, on: L.average_pooling1d(x, 2, 2)),
    case("pool-3d", VOLUMES, lambda L, x, on: L.max_pooling3d(x, 2, (2, 1, 1), "same")),
    case("pool-3d-average", VOLUMES, lambda L, x, on: L.average_pooling3d(x, 2, 1)),
    case("conv1d", LINES, lambda L, x, on: L.conv1d(x, 13, 3, 2, "same", activation=tf.nn.relu)),
    case("conv1d-dilated", LINES, lambda L, x, on: L.conv1d(x, 13, [2], dilation_rate=3)),
    case("conv1d-causal", LINES, lambda L, x, on: L.conv1d(x, 13, 3, padding="causal", dilation_rate=2)),
    case("conv3d", VOLUMES, lambda L, x, on: L.conv3d(x, 13, (2, 3, 1), (1, 2, 1), kernel_regularizer=squares)),
    case("conv3d-same", VOLUMES, lambda L, x, on: L.conv3d(x, 13, 3, 2, "same", use_bias=False)),
    case(
        "conv3d_transpose",
        VOLUMES,
        lambda L, x, on: L.conv3d_transpose(x, 13, (2, 3, 1), (1, 2, 2), activation=tf.nn.elu),
    ),
    case("conv3d_transpose-same", VOLUMES, lambda L, x, on: L.conv3d_transpose(x, 13, 3, 2, "same")),
    case(
        "separable_conv2d",
        IMAGES,
        lambda L, x, on: L.separable_conv2d(x, 13, (2, 3), 2, "same", depth_multiplier=2, activation=tf.nn.relu),
    ),
    case(
        "separable_conv2d-dilated",
        IMAGES,
        lambda L, x, on: L.separable_conv2d(
            x, 13, 3, dilation_rate=(2, 1), use_bias=False, pointwise_regularizer=squares, depthwise_regularizer=squares
        ),
    ),
    case("separable_conv1d", LINES, lambda L, x, on: L.separable_conv1d(x, 13, 3, 2, "same", depth_multiplier=2)),
    case("separable_conv1d-causal", LINES, lambda L, x, on: L.separable_conv1d(x, 13, 3, padding="causal")),
    case("Dense", (11, 13), lambda L, x, on: L.Dense(17, tf.nn.relu)(x)),
    case("Dense-named", (11, 13), lambda L, x, on: L.Dense(13, name="a")(L.Dense(13, name="a")(x))),
    case("Dense-shared", (11, 13), lambda L, x, on: twice_through(L.Dense(13, tf.tanh, kernel_regularizer=squares), x)),
    case("Dense-shared-elsewhere", (11, 13), lambda L, x, on: in_another_scope(L.Dense(13, tf.tanh), x)),
    case("Conv2D", IMAGES, lambda L, x, on: L.Conv2D(13, 3, 2, "same", use_bias=False)(x)),
    case("Conv2DTranspose", IMAGES, lambda L, x, on: L.Conv2DTranspose(13, 3, name="up")(x)),
    case("BatchNormalization", IMAGES, lambda L, x, on: L.BatchNormalization(momentum=0.9)(x, training=on)),
    # Averages that stand still: two updates of one come in either order.
    case(
        "BatchNormalization-shared",
        (11, 13),
        lambda L, x, on: twice_through(L.BatchNormalization(momentum=1.0, name="norm"), x, training=True),
    ),
    case("Dropout", IMAGES, lambda L, x, on: L.Dropout(0.3, seed=5)(x, training=True)),
    case(
        "Flatten-and-pools",
        IMAGES,
        lambda L, x, on: L.Flatten()(L.AveragePooling2D(2, 1)(L.MaxPooling2D((2, 2), 1)(x))),
    ),
    case("flatten", IMAGES, lambda L, x, on: L.flatten(x)),
    case("flatten-first", FIRST, lambda L, x, on: L.flatten(x, data_format="channels_first")),
    case("dropout", IMAGES, lambda L, x, on: L.dropout(x, 0.3, seed=5, training=True)),
    case("dropout-fed", IMAGES, lambda L, x, on: L.dropout(x, seed=5, training=on)),
    case("dropout-off", IMAGES, lambda L, x, on: L.dropout(x, 0.3, seed=5)),
    case(
        "dropout-noise",
        IMAGES,
        lambda L, x, on: L.dropout(x, 0.3, noise_shape=[None, 1, 1, None], seed=5, training=True),
    ),
]


def build(layers, script, shape, dtype):
    """Builds a script; returns its placeholders and outputs."""
    inputs = tf.placeholder(dtype, [None] + list(shape[1:]))
    training = tf.placeholder(tf.bool, [])
    return inputs, training, script(layers, inputs, training)


def facts(layers, script, shape, dtype):
    """Returns all that a graph shows without running: names, shapes, types, collections."""
    with tf.Graph().as_default():
        _, _, outputs = build(layers, script, shape, dtype)
        return {
            "variables": variables(),
            "types": [(type(v).__name__, v.dtype) for v in tf.global_variables()],
            "updates": [type(update).__name__ for update in tf.get_collection(KEYS.UPDATE_OPS)],
            "losses": [loss.name for loss in losses()],
            "outputs": (outputs.dtype, outputs.shape.as_list()),
        }, outputs.name


def figures(layers, script, shape, dtype):
    """Returns, as arrays, what three training steps and one of inference compute.

    That is the outputs, the regularization losses, the gradients of inputs and of all variables
    that have one, and after the three steps every variable, the moving averages among them.
    """
    with tf.Graph().as_default():
        inputs, training, outputs = build(layers, script, shape, dtype)
        weights = tf.placeholder(outputs.dtype, outputs.shape)
        differentiable = [v for v in tf.global_variables() if "moving" not in v.name]
        gradients = tf.gradients(outputs, [inputs] + differentiable, weights)
        assert None not in gradients
        fetches = [outputs] + gradients + losses()
        results = []
        with session() as sess:
            set_weights(sess)
            for step in range(4):
                feed = {
                    inputs: draw(shape, step, dtype) * 2 + 1,
                    weights: draw([11] + outputs.shape.as_list()[1:], 50 + step, dtype),
                    training: step < 3,
                }
                # The fourth step infers, so it leaves the updates alone.
                updates = tf.get_collection(KEYS.UPDATE_OPS) if step < 3 else []
                results += sess.run([fetches, updates], feed)[0]
            return results + sess.run(tf.global_variables())


@pytest.mark.tf1
@pytest.mark.parametrize("shape, dtype, script, real, rtol", MATRIX)
def test_graph_is_that_of_the_real_layer(shape, dtype, script, real, rtol):
    (expected, real_name), (actual, name) = (facts(layers, script, shape, dtype) for layers in (real_layers(), ours))
    assert actual == expected
    # Where ours transposes, its last operation is another.
    assert name == real_name or "transpose" in name


@pytest.mark.tf1
@pytest.mark.parametrize("shape, dtype, script, real, rtol", MATRIX)
def test_figures_are_those_of_the_real_layer(shape, dtype, script, real, rtol):
    expected = figures(real_layers(), real or script, shape, dtype)
    actual = figures(ours, script, shape, dtype)
    assert len(actual) == len(expected)
    for mine, theirs in zip(actual, expected):
        assert mine.dtype == theirs.dtype
        np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=rtol * np.abs(theirs).max())


def gan(layers):
    """A small GAN of every layer; returns [d_loss, g_loss, d_step, g_step, feed]."""
    noise = tf.placeholder(tf.float32, [None, 5])
    real = tf.placeholder(tf.float32, [None, 12, 8, 1])
    training = tf.placeholder(tf.bool, [])

    def generator(z):
        with tf.variable_scope("generator"):
            h = tf.reshape(layers.dense(z, 3 * 2 * 7, use_bias=False), [-1, 3, 2, 7])
            h = tf.nn.relu(layers.batch_normalization(h, training=training))
            h = layers.conv2d_transpose(h, 5, 3, 2, "same", use_bias=False)
            h = tf.nn.relu(layers.batch_normalization(h, training=training, momentum=0.9))
            return layers.conv2d_transpose(h, 1, 5, 2, "same", activation=tf.tanh)

    def discriminator(images, reuse):
        with tf.variable_scope("discriminator", reuse=reuse):
            h = layers.conv2d(images, 7, 3, padding="same", activation=tf.nn.leaky_relu)
            h = layers.max_pooling2d(h, 2, 2)
            h = layers.conv2d(h, 11, 3, 2, "same", use_bias=False)
            h = tf.nn.leaky_relu(layers.batch_normalization(h, training=training))
            h = layers.dropout(layers.flatten(h), 0.3, seed=5, training=training)
            h = layers.dense(h, 13, use_bias=False)
            h = layers.batch_normalization(h, training=training)
            return layers.dense(tf.nn.relu(h), 1, kernel_regularizer=squares)

    fake = generator(noise)
    on_real, on_fake = discriminator(real, False), discriminator(fake, True)
    (weight_loss,) = losses()
    d_loss = tf.reduce_mean(tf.nn.softplus(-on_real) + tf.nn.softplus(on_fake)) + weight_loss
    g_loss = tf.reduce_mean(tf.nn.softplus(-on_fake))
    steps = []
    for loss, name in ((d_loss, "discriminator/"), (g_loss, "generator/")):
        # Of the discriminator's two calls only the first moves the averages: both at once would
        # read what the other writes, in either order.
        with tf.control_dependencies(tf.get_collection(KEYS.UPDATE_OPS, scope=name)):
            steps.append(tf.train.AdamOptimizer(0.002, 0.5).minimize(loss, var_list=tf.trainable_variables(name)))
    feed = {noise: draw([11, 5], 1), real: np.tanh(draw([11, 12, 8, 1], 2)), training: True}
    return [d_loss, g_loss] + steps + [feed]


def trained_gan(layers):
    """Returns (names of all variables, [(d_loss, g_loss)] of three steps, their final values)."""
    with tf.Graph().as_default():
        d_loss, g_loss, d_step, g_step, feed = gan(layers)
        with session() as sess:
            set_weights(sess)
            printed = []
            for _ in range(3):
                printed.append([sess.run([d_loss, d_step], feed)[0], sess.run([g_loss, g_step], feed)[0]])
            return names(), printed, sess.run(tf.global_variables())


def test_a_gan_of_these_layers_changes_every_variable_and_stays_finite():
    all_names, printed, values = trained_gan(ours)
    assert np.isfinite(printed).all()
    with tf.Graph().as_default():
        gan(ours)
        with session() as sess:
            first = set_weights(sess)
    assert len(first) == 26
    still = [name for name, value in zip(all_names, values) if name in first and (value == first[name]).all()]
    assert still == []


@pytest.mark.tf1
def test_a_gan_trains_as_with_the_real_layers():
    all_names, printed, values = trained_gan(ours)
    real_names, real_printed, real_values = trained_gan(real_layers())
    assert all_names == real_names  # so a checkpoint of one loads in the other
    assert printed == real_printed
    for mine, theirs in zip(values, real_values):
        np.testing.assert_array_equal(mine, theirs)


def seeded(layers):
    """Dense networks: a weight drawn from the graph's seed depends on how many operations it has.

    conv2d, conv2d_transpose and batch_normalization make fewer than in TF 1.15, so what follows
    them draws other weights of the same distribution.
    """
    for name in ("generator", "discriminator"):
        with tf.variable_scope(name):
            h = layers.max_pooling2d(images(), 2, 1)
            h = layers.dropout(layers.flatten(h), training=True)
            layers.dense(layers.dense(h, 17, tf.nn.relu), 1, tf.nn.sigmoid)


@pytest.mark.tf1
def test_graph_seed_draws_the_first_weights_of_the_real_layers():
    drawn = []
    for layers in (ours, real_layers()):
        with tf.Graph().as_default():
            tf.set_random_seed(3)
            seeded(layers)
            with session() as sess:
                sess.run(tf.global_variables_initializer())
                drawn.append(sess.run(tf.trainable_variables()))
    assert len(drawn[0]) == len(drawn[1]) == 8
    for mine, theirs in zip(*drawn):
        np.testing.assert_array_equal(mine, theirs)


# Scripts of names and reuse: the real layers must make the same variables, or refuse likewise.
def stack(layers, **options):
    hidden = layers.dense(floats(11, 13), 13, **options)
    hidden = layers.batch_normalization(layers.dense(hidden, 13, **options))
    return layers.dense(hidden, 13, **options)


def in_scopes(layers):
    stack(layers)
    for name in ("one", "two"):
        with tf.variable_scope(name):
            stack(layers)
            with tf.variable_scope("inner"):
                stack(layers)
            stack(layers)


def in_reused_scopes(layers):
    for reuse in (False, True, tf.AUTO_REUSE):
        with tf.variable_scope("net", reuse=reuse):
            stack(layers, kernel_regularizer=squares, activity_regularizer=squares)


def reopened_without_reuse(layers):
    for _ in range(2):
        with tf.variable_scope("net"):
            layers.dense(floats(11, 13), 13)


def auto_reuse_without_a_name(layers):
    for _ in range(3):
        layers.dense(floats(11, 13), 13, reuse=tf.AUTO_REUSE)
    layers.dense(floats(11, 13), 13)


def reuse_variables_in_the_scope(layers):
    with tf.variable_scope("net") as scope:
        layers.dense(floats(11, 13), 13)
        scope.reuse_variables()
        layers.dense(floats(11, 13), 13)


def names_of_layers_without_variables(layers):
    for _ in range(2):
        layers.flatten(images(), name="dense")
        layers.dropout(images(), name="dense")
    layers.max_pooling2d(images(), 2, 2, name="conv2d")
    layers.dense(images(), 13)
    layers.conv2d(images(), 13, 3)
    layers.dense(images(), 13, name="dense_2")


def scope_objects_as_names(layers):
    with tf.variable_scope("net") as scope:
        layers.dense(floats(11, 13), 13, name=scope)
    layers.dense(floats(11, 13), 13, name=scope, reuse=True)
    layers.dense(floats(11, 13), 13)


def frozen_scope(layers):
    with tf.variable_scope("net", regularizer=squares, initializer=tf.ones_initializer()):
        stack(layers, trainable=False, bias_regularizer=squares)


@pytest.mark.tf1
@pytest.mark.parametrize(
    "script",
    [
        in_scopes,
        in_reused_scopes,
        reopened_without_reuse,
        auto_reuse_without_a_name,
        reuse_variables_in_the_scope,
        names_of_layers_without_variables,
        scope_objects_as_names,
        frozen_scope,
    ],
)
def test_scopes_and_reuse_are_those_of_the_real_layers(script):
    outcomes = []
    for layers in (ours, real_layers()):
        with tf.Graph().as_default():
            refused = None
            try:
                script(layers)
            except ValueError as error:
                refused = str(error).split(",")[0]
            outcomes.append((refused, variables(), [loss.name for loss in losses()]))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][1]
