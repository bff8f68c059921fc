"""tf.layers beside TensorFlow 1.15's own (the marker tf1): scripts that must build and compute the same."""

import numpy as np
import pytest

from legacy_gan.tf1 import layers as ours, tf
from tests.support.graphs import (
    IMAGES,
    KEYS,
    draw,
    floats,
    images,
    names,
    regularization_losses,
    session,
    set_weights,
    squares,
    variables,
)
from tests.support.originals import real_layers

pytestmark = pytest.mark.usefixtures("own_graph")


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
            "losses": [loss.name for loss in regularization_losses()],
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
        fetches = [outputs] + gradients + regularization_losses()
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
    (weight_loss,) = regularization_losses()
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
            outcomes.append((refused, variables(), [loss.name for loss in regularization_losses()]))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][1]
