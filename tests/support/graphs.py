"""What the tests of legacy_gan.tf1 share: sessions, inputs, weights, what a graph holds."""

import numpy as np

from legacy_gan.tf1 import tf

IMAGES = (11, 7, 5, 3)
KEYS = tf.GraphKeys
SLOTS = ("/Adam", "/Adam_1", "_power", "_power_1")  # Adam's own variables


def session(rewrites=True):
    """A session on one thread of the CPU: the order of every sum is fixed.

    Args:
      rewrites: bool; False leaves the graph as it is, which is faster where building takes longer than running.
    """
    config = tf.ConfigProto(
        device_count={"GPU": 0},
        intra_op_parallelism_threads=1,
        inter_op_parallelism_threads=1,
        use_per_session_threads=True,  # else the first session of the process has set them for all
    )
    config.graph_options.rewrite_options.disable_meta_optimizer = not rewrites
    return tf.Session(config=config)


def draw(shape, seed=0, dtype=np.float32):
    """Returns normal values, the same ones for a shape and a seed."""
    return np.random.RandomState(seed).normal(size=shape).astype(dtype)


def set_weights(sess, scale=1.0):
    """Gives every variable but Adam's random values of deviation `scale`; returns them in float64, by name."""
    state, feed = {}, {}
    for seed, variable in enumerate(tf.global_variables(), 100):
        value = draw(variable.shape.as_list(), seed, variable.dtype.as_numpy_dtype) * scale
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
    assert np.shape(actual) == np.shape(expected)
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)


def variables():
    """Returns [(name, shape, trainable)] of the graph, in the order they were made."""
    trainable = tf.trainable_variables()
    return [(v.op.name, v.shape.as_list(), any(v is t for t in trainable)) for v in tf.global_variables()]


def names():
    """Returns the names of the graph's variables, in the order they were made."""
    return [name for name, _, _ in variables()]


def squares(value):
    return tf.reduce_sum(tf.square(value))


def images():
    """Returns a placeholder of IMAGES."""
    return tf.placeholder(tf.float32, IMAGES)


def floats(*shape):
    """Returns a float32 placeholder."""
    return tf.placeholder(tf.float32, shape)


def flat(structure):
    return tf.nest.flatten(structure)


def run(fetches, feed=None):
    """Runs once in a session of its own, after all initializers."""
    with session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()])
        return sess.run(fetches, feed)


def two(value):
    """Returns (a, b) for an int or two."""
    return (value, value) if isinstance(value, int) else tuple(value)


def shown(options):
    """Returns a dict of options as the id of a test."""
    return ",".join(f"{key}={options[key]}" for key in sorted(options)).replace(" ", "")


def scales(state):
    """Returns (gamma, beta) among the weights of a graph, 1 and 0 where there is none."""
    gamma = state.get("batch_normalization/gamma", 1.0)
    return gamma, state.get("batch_normalization/beta", 0.0)


def regularization_losses():
    return tf.get_collection(KEYS.REGULARIZATION_LOSSES)
