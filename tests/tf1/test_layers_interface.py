"""tf.layers of legacy_gan.tf1: signatures, what is served, the class forms, errors."""

import importlib
import inspect

import pytest

from legacy_gan.tf1 import layers as ours, tf
from tests.support.graphs import IMAGES, KEYS, close, draw, evaluate, floats, images, names, squares, variables
from tests.support.originals import real_layers
from tests.support.used_names import used_names

pytestmark = pytest.mark.usefixtures("own_graph")


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
    assert dir(tf.layers) == sorted(ours.__all__)
    assert all(getattr(tf.layers, name) is getattr(ours, name) for name in ours.__all__)
    assert sorted(ours.__all__) == sorted(list(SIGNATURES) + CLASSES + ["Layer"])


@pytest.mark.parametrize("name", ["dense", "dropout"])
def test_a_function_is_not_hidden_by_the_file_of_its_name(name):
    file = importlib.import_module(f"legacy_gan.tf1.layers.{name}")
    assert getattr(tf.layers, name) is getattr(file, name)


@pytest.mark.tf1
def test_namespace_serves_what_the_real_one_does_but_for_its_keras_parts():
    real = {name for name in dir(real_layers()) if not name.startswith("_")}
    assert real - set(ours.__all__) == {"InputSpec", "experimental"}


# TensorFlow 1.15 has its files neither: tf.layers.pooling is an AttributeError there.
@pytest.mark.parametrize("layer", ["InputSpec", "LSTM", "conv4d", "base", "normalization", "pooling", "refusal"])
def test_unserved_layer_is_an_attribute_error_that_names_the_served(layer):
    with pytest.raises(AttributeError, match=f"tf.layers.{layer} is not served.*conv2d"):
        getattr(tf.layers, layer)


def test_source_uses_neither_keras_nor_tensorflows_own_layers():
    used = used_names(ours)
    assert "tensorflow.compat.v1" in used  # the walk sees imports
    assert "get_variable" in used  # and attributes
    assert not [name for name in used if "keras" in name or name == "layers"]


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
        lambda L: L.batch_normalization(images(), axis=[1, -3]),
        ValueError,
        r"batch_normalization: axis must not name an axis twice, got \[1, 1\]",
    ),
    (
        lambda L: L.batch_normalization(images(), renorm=True, renorm_clipping={"max": 2}),
        ValueError,
        r"renorm_clipping may have rmin, rmax and dmax, got \['max'\]",
    ),
    (
        lambda L: L.batch_normalization(images(), virtual_batch_size=0),
        ValueError,
        "virtual_batch_size must be above 0, got 0",
    ),
    (
        lambda L: L.batch_normalization(images(), virtual_batch_size=11, adjustment=lambda s: (1, 0)),
        ValueError,
        "give virtual_batch_size or adjustment, not both",
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


def test_a_layers_own_losses_and_updates_are_collected_once():
    class Noise(tf.layers.Layer):
        def build(self, shape):
            self.w = self.add_variable("w", [int(shape[-1]), 2], initializer=tf.ones_initializer())

        def call(self, x):
            self.add_loss(0.5 * tf.reduce_sum(self.w))
            self.add_update([tf.no_op("u")])
            return tf.matmul(x, self.w)

    with tf.Graph().as_default():
        layer = Noise(name="n")
        layer(tf.placeholder(tf.float32, [None, 3]))
        losses = tf.losses.get_regularization_losses()
        assert losses == layer.losses and len(losses) == 1
        assert [update.name for update in tf.get_collection(tf.GraphKeys.UPDATE_OPS)] == ["n/u"]
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            assert session.run(losses) == [3.0]
