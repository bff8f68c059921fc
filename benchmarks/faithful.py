"""How far faithful runs of one program are apart, by kind: what the bounds of `legacy-gan compare` stand on.

    python benchmarks/faithful.py record DIR            with TensorFlow 1.15.5
    python benchmarks/faithful.py replay DIR            with TensorFlow 2.21
    TF_ENABLE_ONEDNN_OPTS=0 python benchmarks/faithful.py replay DIR --as plain
    python benchmarks/faithful.py table DIR             loads no TensorFlow

Options: --seeds 3, --only NAME.

Records small programs of each kind for several seeds, replays them, and prints the largest relative differences
between any two of the three: of the losses up to a step, of the gradients, of what the first step and what all steps
make of the weights, and of averages and moments. The programs of SET set the bounds of legacy_gan/porting/compare.py,
those of JUDGE judge them; the last table has what wrong ports of them are caught by.
"""

import argparse
import itertools
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

STEPS = 100
SEEDS = (1, 2, 3, 4, 5)

BEGIN = """
import numpy as np
import tensorflow as tf
rng = np.random.RandomState(SEED)
tf.set_random_seed(SEED)
def train_on(fetches, feeds):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            for fetch, feed in zip(fetches, feeds()):
                sess.run(fetch, feed)
"""

# Images of 16x16, whose class a fixed random projection decides.
IMAGES = """
X = tf.placeholder(tf.float32, [None, 16, 16, 3])
Y = tf.placeholder(tf.int64, [None])
teacher = rng.normal(size=[768, 5])
def feeds():
    x = rng.uniform(-1, 1, size=[20, 16, 16, 3])
    return [{X: x, Y: np.argmax(x.reshape([20, -1]).dot(teacher), 1)}]
def classify(h):
    logits = tf.layers.dense(tf.layers.flatten(h), 5)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=Y))
    update = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(update):
        train = OPTIMIZER.minimize(loss)
    train_on([[train, loss]], feeds)
"""
# Series of 12 numbers in 3 channels, whose running product is to be told.
SERIES = """
X = tf.placeholder(tf.float32, [None, 12, 3])
Y = tf.placeholder(tf.float32, [None, 4])
teacher = rng.normal(size=[36, 4])
def feeds():
    x = rng.normal(size=[16, 12, 3])
    return [{X: x, Y: np.tanh(x.reshape([16, -1]).dot(teacher))}]
def predict(h):
    loss = tf.reduce_mean(tf.square(tf.layers.dense(h, 4) - Y))
    train_on([[OPTIMIZER.minimize(loss), loss]], feeds)
"""
GAN = """
X = tf.placeholder(tf.float32, [None, 8, 8, 1])
Z = tf.placeholder(tf.float32, [None, 10])
def feeds():
    x = np.sin(rng.uniform(0, 6, size=[16, 1, 1, 1]) + np.arange(64).reshape([1, 8, 8, 1]) / 9.0)
    z = rng.normal(size=[16, 10])
    return [{X: x, Z: z}] * 2
def play(loss_D, loss_G):
    D, G = [[v for v in tf.trainable_variables() if v.name.startswith(name)] for name in "DG"]
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(updates):
        train_D, train_G = OPTIMIZER.minimize(loss_D, var_list=D), OPTIMIZER.minimize(loss_G, var_list=G)
    train_on([[train_D, loss_D], [train_G, loss_G]], feeds)
"""
ADAM, MOMENTUM = "tf.train.AdamOptimizer(0.002)", "tf.train.MomentumOptimizer(0.02, 0.9)"
RMS = "tf.train.RMSPropOptimizer(0.001, 0.9)"

# name: (kind, optimizer, data, model)
SET = {
    "perceptron": (
        "dense",
        ADAM,
        IMAGES,
        "classify(tf.layers.dense(tf.layers.dense(tf.layers.flatten(X), 128, tf.nn.relu), 64, tf.nn.relu))",
    ),
    "pooled": (
        "convolution",
        ADAM,
        IMAGES,
        """
h = tf.layers.max_pooling2d(tf.layers.conv2d(X, 16, 5, padding="same", activation=tf.nn.relu), 2, 2)
classify(tf.layers.max_pooling2d(tf.layers.conv2d(h, 32, 3, padding="same", activation=tf.nn.relu), 2, 2))
""",
    ),
    "normalized": (
        "normalization",
        ADAM,
        IMAGES,
        """
h = tf.nn.relu(tf.layers.batch_normalization(tf.layers.conv2d(X, 16, 3, padding="same"), training=True))
classify(tf.nn.relu(tf.layers.batch_normalization(tf.layers.conv2d(h, 16, 3, 2), training=True)))
""",
    ),
    "residual": (
        "normalization",
        ADAM,
        IMAGES,
        """
h = tf.layers.conv2d(X, 12, 3, padding="same", use_bias=False)
for _ in range(3):
    g = tf.layers.conv2d(tf.nn.relu(tf.layers.batch_normalization(h, training=True)), 12, 3, padding="same")
    h += tf.layers.conv2d(tf.nn.relu(tf.layers.batch_normalization(g, training=True)), 12, 3, padding="same")
classify(h)
""",
    ),
    "lstm": (
        "recurrent",
        ADAM,
        SERIES,
        """
cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.BasicLSTMCell(32), output_keep_prob=0.8)
predict(tf.nn.dynamic_rnn(cell, X, dtype=tf.float32)[0][:, -1])
""",
    ),
    "self-attention": (
        "attention",
        ADAM,
        SERIES,
        """
h = tf.layers.dense(X, 32) + tf.get_variable("places", [12, 32])
q, k, v = [tf.layers.dense(h, 32) for _ in range(3)]
h += tf.matmul(tf.nn.softmax(tf.matmul(q, k, transpose_b=True) / 32 ** 0.5), v)
h += tf.layers.dense(tf.layers.dense(h, 64, tf.nn.relu), 32)
mean, variance = tf.nn.moments(h, [-1], keep_dims=True)
predict(tf.reduce_mean((h - mean) * tf.rsqrt(variance + 1e-6), 1))
""",
    ),
    "DCGAN": (
        "adversarial",
        "tf.train.AdamOptimizer(0.0005, 0.5)",
        GAN,
        """
def norm(x):
    return tf.layers.batch_normalization(x, training=True)
with tf.variable_scope("G"):
    h = tf.nn.relu(norm(tf.reshape(tf.layers.dense(Z, 4 * 4 * 16), [-1, 4, 4, 16])))
    fake = tf.tanh(tf.layers.conv2d_transpose(h, 1, 5, 2, padding="same"))
def judge(x, reuse):
    with tf.variable_scope("D", reuse=reuse):
        h = tf.nn.leaky_relu(norm(tf.layers.conv2d(x, 16, 5, 2, padding="same")))
        return tf.layers.dense(tf.layers.flatten(h), 1)
real, fakes = judge(X, False), judge(fake, True)
play(tf.reduce_mean(tf.nn.softplus(-real) + tf.nn.softplus(fakes)), tf.reduce_mean(tf.nn.softplus(-fakes)))
""",
    ),
}
JUDGE = {
    "autoencoder": (
        "dense",
        RMS,
        IMAGES,
        """
flat = tf.layers.flatten(X)
loss = tf.reduce_mean(tf.square(tf.layers.dense(tf.layers.dense(flat, 40, tf.nn.tanh), 768) - flat))
train_on([[OPTIMIZER.minimize(loss), loss]], lambda: [{X: feeds()[0][X]}])
""",
    ),
    "strided": (
        "convolution",
        MOMENTUM,
        IMAGES,
        """
h = tf.nn.dropout(tf.nn.elu(tf.layers.conv2d(X, 8, 3, 2)), 0.7)
classify(tf.layers.separable_conv2d(h, 12, 3, padding="same"))
""",
    ),
    "deep": (
        "normalization",
        ADAM,
        IMAGES,
        """
h = X
for size, strides in ((8, 1), (16, 2), (16, 1), (24, 2), (24, 1)):
    h = tf.layers.conv2d(h, size, 3, strides, "same")
    h = tf.nn.relu(tf.layers.batch_normalization(h, training=True))
classify(h)
""",
    ),
    "normalized perceptron": (
        "normalization",
        ADAM,
        IMAGES,
        """
h = tf.layers.dense(tf.layers.flatten(X), 64)
mean, variance = tf.nn.moments(h, [0])
scale, offset = tf.Variable(tf.ones([64])), tf.Variable(tf.zeros([64]))
classify(tf.nn.relu(tf.nn.batch_normalization(h, mean, variance, offset, scale, 1e-3)))
""",
    ),
    "static GRU": (
        "recurrent",
        RMS,
        SERIES,
        """
predict(tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(24), tf.unstack(X, axis=1), dtype=tf.float32)[0][-1])
""",
    ),
    "two layers": (
        "recurrent",
        "tf.train.AdagradOptimizer(0.05)",
        SERIES,
        """
cells = [tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.LSTMCell(20), 0.9, 0.9, 0.9) for _ in range(2)]
predict(tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells), X, dtype=tf.float32)[0][:, -1])
""",
    ),
    "heads": (
        "attention",
        ADAM,
        SERIES,
        """
h = tf.layers.dense(X, 24)
parts = [tf.stack(tf.split(tf.layers.dense(h, 24), 4, -1), 1) for _ in range(3)]
h = tf.matmul(tf.nn.softmax(tf.matmul(parts[0], parts[1], transpose_b=True)), parts[2])
predict(tf.reshape(tf.transpose(h, [0, 2, 1, 3]), [-1, 12 * 24]))
""",
    ),
    "GAN": (
        "adversarial",
        ADAM,
        GAN,
        """
with tf.variable_scope("G"):
    fake = tf.layers.dense(tf.layers.dense(Z, 64, tf.nn.relu), 64, tf.nn.tanh)
def judge(x, reuse):
    with tf.variable_scope("D", reuse=reuse):
        return tf.layers.dense(tf.layers.dense(x, 64, tf.nn.leaky_relu), 1)
real, fakes = judge(tf.reshape(X, [-1, 64]), False), judge(fake, True)
play(tf.reduce_mean(tf.nn.softplus(-real) + tf.nn.softplus(fakes)), tf.reduce_mean(tf.nn.softplus(-fakes)))
""",
    ),
}
PROGRAMS = {**SET, **JUDGE}

# Slips of a port: (what is said of it, the old text, the new one); where the text is not, there is no such slip.
UNCORRECTED = (
    'type("Uncorrected", (tf.train.AdamOptimizer,), dict(_finish=lambda self, ops, name: tf.group(*ops), '
    "_get_beta_accumulators=lambda self: (tf.constant(0.0), tf.constant(0.0))))"
)
SLIPS = (
    ("Adam's epsilon 1e-7 for 1e-8", "(0.002)", "(0.002, epsilon=1e-7)"),
    ("Adam's epsilon 1e-4", "(0.002)", "(0.002, epsilon=1e-4)"),
    ("Adam's betas changed over", "(0.002)", "(0.002, 0.999, 0.9)"),
    ("Adam's beta1 0.5", "(0.002)", "(0.002, 0.5)"),
    ("Adam without correction of the bias", "tf.train.AdamOptimizer(0.002)", f"{UNCORRECTED}(0.002)"),
    ("RMSProp's decay 0.99 for 0.9", "(0.001, 0.9)", "(0.001, 0.99)"),
    ("RMSProp's epsilon 1e-7 for 1e-10", "(0.001, 0.9)", "(0.001, 0.9, epsilon=1e-7)"),
    ("momentum 0.99 for 0.9", "(0.02, 0.9)", "(0.02, 0.99)"),
    ("a learning rate 1 % too large", "(0.002)", "(0.00202)"),
    ("batch norm's epsilon 1e-5 for 1e-3", "training=True)", "training=True, epsilon=1e-5)"),
    ("batch norm's momentum 0.01 for 0.99", "training=True)", "training=True, momentum=0.01)"),
    ("layer norm's epsilon 1e-3 for 1e-6", "1e-6)", "1e-3)"),
)


def text(name, seed, slip=None):
    """Returns a program; None if the slip has no place in it."""
    _, optimizer, data, model = PROGRAMS[name]
    whole = (BEGIN + data + model).replace("OPTIMIZER", optimizer)
    if slip is not None:
        if slip[1] not in whole:
            return None
        whole = whole.replace(slip[1], slip[2])
    return whole.replace("SEED", str(seed)).replace("STEPS", str(STEPS))


def execute(program, record, replay=None):
    """Executes a program in a graph of its own, as `legacy-gan run` does."""
    from legacy_gan.porting.program.recording import Recording
    from legacy_gan.tf1 import tf

    recording = Recording(record, replay, STEPS)
    with tf.Graph().as_default():
        recording.install(tf)
        try:
            exec(compile(program.replace("import tensorflow as tf\n", ""), "program", "exec"), {"tf": tf})
        finally:
            recording.close()


def path(folder, name, seed, what):
    return os.path.join(folder, f"{name.replace(' ', '_')}-{seed}-{what}.npz")


def run(folder, what, seeds, names):
    """Records the programs, or replays them under the name `what`."""
    from legacy_gan.porting.program import process

    process.behave_as_tensorflow_1()
    for name, seed in itertools.product(names, seeds):
        old = None if what == "1.15" else path(folder, name, seed, "1.15")
        execute(text(name, seed), path(folder, name, seed, what), old)
        print(name, seed, flush=True)
    if what == "2.21":
        for name, (i, slip) in itertools.product(names, enumerate(SLIPS)):
            program = text(name, seeds[0], slip)
            if program is not None:
                execute(program, path(folder, name, seeds[0], f"slip{i}"), path(folder, name, seeds[0], "1.15"))


def largest(folder, name, seeds):
    """Returns what the recordings of a program are apart at most, as compare.measured names it."""
    from legacy_gan.porting import compare, traces

    found = {}
    for seed in seeds:
        recorded = [traces.read(path(folder, name, seed, what)) for what in ("1.15", "2.21", "plain")]
        for a, b in itertools.combinations(recorded, 2):
            for key, value in compare.measured(a, b).items():
                if key == "values":
                    found[key] = [max(pair) for pair in zip(value, found.get(key, value))]
                elif key in ("kinds", "noise"):
                    found[key] = sorted({*found.get(key, ()), *value})
                else:
                    found[key] = max(value, found.get(key, value))
    return found


PARTS = ("gradients", "update", "weights", "state")


def table(folder, seeds):
    from legacy_gan.porting import compare, traces

    def read(name, seed, what):
        return traces.read(path(folder, name, seed, what))

    found = {name: largest(folder, name, seeds) for name in PROGRAMS}
    print("Measured, by program:")
    for name, one in found.items():
        figures = [f"{figure:.0e}" for figure in (*one["values"][:5], *(one[part] for part in PARTS))]
        print(f"  {name:22}", *figures, "rounding only:", ", ".join(one["noise"]) or "none")
        assert PROGRAMS[name][0] in one["kinds"], (name, one["kinds"])
    print(
        "\n| kind | step 1 | 3 | 10 | 50 | 100 | gradients | first changes | weights | averages |\n" + "|---" * 10 + "|"
    )
    for kind, bounds in compare.BOUNDS.items():
        chosen = [found[name] for name in SET if SET[name][0] == kind]
        pairs = [(max(one["values"][i] for one in chosen), bounds.values[i]) for i in range(5)]
        pairs += [(max(one[part] for one in chosen), getattr(bounds, part)) for part in PARTS]
        figures = " | ".join(f"{seen:.0e}, {limit:.0e}" for seen, limit in pairs)
        print(f"| {kind} | {figures.replace('e-0', 'e-').replace('0e+00', '0')} |")
    print("\nWithin the bounds, of pairs:")
    for name in PROGRAMS:
        ended = [
            compare.compare(*(read(name, seed, what) for what in pair))[1]
            for seed in seeds
            for pair in itertools.combinations(("1.15", "2.21", "plain"), 2)
        ]
        print(f"  {'sets' if name in SET else 'judges'}: {name}: {sum(ended)} of {len(ended)}")
    print(
        "\n| slip | seen in | results of a step | gradients | first changes | weights | averages |\n" + "|---" * 7 + "|"
    )
    for i, slip in enumerate(SLIPS):
        said = [
            compare.compare(read(name, seeds[0], "1.15"), read(name, seeds[0], f"slip{i}"))
            for name in PROGRAMS
            if os.path.exists(path(folder, name, seeds[0], f"slip{i}"))
        ]
        counts = [
            sum(any("beyond" in line and mark in line for line in text.splitlines()[1:-1]) for text, _ in said)
            for mark in ("  beyond", "gradients of", "first changes", "what training", "averages and")
        ]
        print(f"| {slip[0]} | {sum(not ok for _, ok in said)} of {len(said)} |", " | ".join(map(str, counts)), "|")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["record", "replay", "table"])
    parser.add_argument("folder")
    parser.add_argument("--as", dest="name", default="2.21", choices=["2.21", "plain"])
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    parser.add_argument("--only", action="append", choices=sorted(PROGRAMS))
    given = parser.parse_args()
    chosen = SEEDS[: given.seeds]
    if given.command == "table":
        table(given.folder, chosen)
    else:
        run(given.folder, "1.15" if given.command == "record" else given.name, chosen, given.only or PROGRAMS)
