"""Small TF1 programs with their traces on TensorFlow 1.15.5: golden/trace_NAME.npz.

python -m tests.support.traced      with TensorFlow 1.15.5, writes them
"""

import os

from tests.support.paths import GOLDEN

STEPS = 30

PROGRAMS = {
    "mlp": """
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(1)
tf.set_random_seed(1)
X = tf.placeholder(tf.float32, [None, 13])
Y = tf.placeholder(tf.int64, [None])
keep_prob = tf.placeholder(tf.float32)
W1 = tf.Variable(tf.random_normal([13, 17], stddev=0.3))
b1 = tf.Variable(tf.zeros([17]))
L1 = tf.nn.dropout(tf.nn.relu(tf.matmul(X, W1) + b1), keep_prob)
logits = tf.layers.dense(L1, 5)
cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=Y))
optimizer = tf.train.AdamOptimizer(learning_rate=0.01, epsilon=1e-8).minimize(cost)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), Y), tf.float32))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(40):
        feed = {X: rng.normal(size=[11, 13]), Y: rng.randint(5, size=11), keep_prob: 0.8}
        _, c = sess.run([optimizer, cost], feed_dict=feed)
""",
    "gan": """
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(1)
tf.set_random_seed(1)
X = tf.placeholder(tf.float32, [None, 13])
Z = tf.placeholder(tf.float32, [None, 5])

def generator(z):
    with tf.variable_scope("G"):
        return tf.layers.dense(tf.layers.dense(z, 17, tf.nn.relu), 13, tf.nn.sigmoid)

def discriminator(x, reuse=None):
    with tf.variable_scope("D", reuse=reuse):
        h = tf.layers.batch_normalization(tf.layers.dense(x, 17), training=True)
        return tf.layers.dense(tf.nn.leaky_relu(h), 1)

noise = tf.random_normal([11, 13], stddev=0.1)
fake = generator(Z)
D_real, D_fake = discriminator(X + noise), discriminator(fake, True)
loss_D = tf.reduce_mean(tf.nn.softplus(-D_real)) + tf.reduce_mean(tf.nn.softplus(D_fake))
loss_G = tf.reduce_mean(tf.nn.softplus(-D_fake))
t_vars = tf.trainable_variables()
train_D = tf.train.AdamOptimizer(0.01, epsilon=1e-8).minimize(
    loss_D, var_list=[v for v in t_vars if v.name.startswith("D")])
train_G = tf.train.AdamOptimizer(0.01).minimize(
    loss_G, var_list=[v for v in t_vars if v.name.startswith("G")])

sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
for step in range(20):
    x, z = rng.uniform(size=[11, 13]), rng.normal(size=[11, 5])
    _, got = sess.run([train_D, {"D": loss_D, "summary": (D_real, D_fake)}], {X: x, Z: z})
    train_G.run({Z: z})
    loss = loss_G.eval({"Placeholder_1:0": z})
""",
    "rnn": """
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(1)
tf.set_random_seed(1)
X = tf.placeholder(tf.float32, [None, 7, 3])
Y = tf.placeholder(tf.float32, [None, 5])
cell = tf.nn.rnn_cell.BasicLSTMCell(13)
outputs, state = tf.nn.dynamic_rnn(cell, X, dtype=tf.float32)
W = tf.Variable(tf.random_normal([13, 5], stddev=0.3), name="W")
cost = tf.reduce_mean(tf.square(tf.matmul(outputs[:, -1], W) - Y))
train = tf.train.AdamOptimizer(learning_rate=0.01, epsilon=1e-8).minimize(cost)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(30):
        _, c, (c_state, h_state) = sess.run(
            [train, cost, state], {X: rng.normal(size=[11, 7, 3]), Y: rng.normal(size=[11, 5])})
""",
    # Random operations in a loop and in a condition, without seeds of their own.
    "loops": """
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(1)
X = tf.placeholder(tf.float32, [None, 7, 3])
training = tf.placeholder(tf.bool)
cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(13), 0.9, 0.8)
outputs, state = tf.nn.dynamic_rnn(cell, X, dtype=tf.float32)
noisy = tf.cond(training, lambda: state + 0.1 * tf.random_normal(tf.shape(state)), lambda: state)
cost = tf.reduce_mean(tf.square(tf.layers.dense(noisy, 5)))
train = tf.train.AdamOptimizer(0.01).minimize(cost)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(30):
        _, c = sess.run([train, cost], {X: rng.normal(size=[11, 7, 3]), training: step % 3 > 0})
""",
}


def golden(name):
    return os.path.join(GOLDEN, f"trace_{name}.npz")


def run(text, from_tf1=True, record=None, replay=None, steps=STEPS):
    """Executes a program in a graph of its own, recorded or replayed, with the control flow of `legacy-gan run`.

    Args:
      text: str. from_tf1: bool; True takes tf from legacy_gan.tf1, False leaves `import tensorflow as tf`.
    Returns:
      dict, the program's names.
    """
    from legacy_gan.porting.program import recording
    from legacy_gan.tf1 import tf

    if from_tf1:
        text = text.replace("import tensorflow as tf\n", "from legacy_gan.tf1 import tf\n")
    else:
        tf.disable_resource_variables()  # as TF 1.15 itself starts
    names = {"__name__": "__main__"}
    has_control_flow_2 = tf.control_flow_v2_enabled()
    tf.disable_control_flow_v2()
    recorder = recording.Recording(record, replay, steps)
    try:
        with tf.Graph().as_default():
            recorder.install(tf)
            try:
                exec(compile(text, "program", "exec"), names)
            finally:
                recorder.close()
                if isinstance(names.get("sess"), (tf.Session, tf.InteractiveSession)):
                    names["sess"].close()
    finally:
        tf.enable_resource_variables()
        if has_control_flow_2:
            tf.enable_control_flow_v2()
    return names


TINY = """
import numpy as np
import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 3], name="x")
w = tf.Variable(tf.random_normal([3, 2], seed=SEED), name="w")
y = tf.matmul(x, w)
step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(tf.square(y)))
rng = np.random.RandomState(SEED)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        _, out = sess.run([step, y], {x: rng.normal(size=[4, 3])})
"""


def tiny(seed=1, **options):
    """Executes a program of five steps; see `run` for the options.

    Args:
      also: pairs (old, new) of its text to be replaced.
    """
    text = TINY.replace("SEED", str(seed))
    for old, new in options.pop("also", ()):
        assert old in text, old
        text = text.replace(old, new)
    return run(text, **options)


if __name__ == "__main__":
    for name in sorted(PROGRAMS):
        run(PROGRAMS[name], from_tf1=False, record=golden(name))
        print(golden(name), os.path.getsize(golden(name)))
