"""How far listing 1 itself, as printed, drifts from its golden trace on another TensorFlow.

    python benchmarks/golden_drift.py THREADS

Prints the largest difference of each loss over the 100 steps of golden/basic_synthetic.npz and
the relative difference of each variable's norm after them. The listing's code is kept as it was
(sigmoid, then log), so what is seen is rounding: the bounds of tests/book/test_traces.py rest on it.
TF 1.15.5 on one thread reproduces the trace.
"""

import os
import sys

import numpy as np
import tensorflow.compat.v1 as tf

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "..", "tests", "golden", "basic_synthetic.npz")


def main(threads):
    tf.disable_eager_execution()
    with np.load(GOLDEN) as npz:
        golden = {name: npz[name] for name in npz.files}
    init = np.random.RandomState(1234)

    def kernel(*shape):
        return tf.Variable((0.01 * init.normal(size=shape)).astype(np.float32))

    def bias(size):
        return tf.Variable(tf.zeros([size]))

    G_vars = [kernel(128, 256), bias(256), kernel(256, 784), bias(784)]
    D_vars = [kernel(784, 256), bias(256), kernel(256, 1), bias(1)]

    def network(inputs, v):
        hidden = tf.nn.relu(tf.matmul(inputs, v[0]) + v[1])
        return tf.nn.sigmoid(tf.matmul(hidden, v[2]) + v[3])

    X = tf.placeholder(tf.float32, [None, 784])
    Z = tf.placeholder(tf.float32, [None, 128])
    D_gene, D_real = network(network(Z, G_vars), D_vars), network(X, D_vars)
    loss_D = tf.reduce_mean(tf.log(D_real) + tf.log(1 - D_gene))
    loss_G = tf.reduce_mean(tf.log(D_gene))
    train_D = tf.train.AdamOptimizer(0.0002).minimize(-loss_D, var_list=D_vars)
    train_G = tf.train.AdamOptimizer(0.0002).minimize(-loss_G, var_list=G_vars)
    config = tf.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
    np.random.seed(5678)
    images = np.random.RandomState(7).uniform(0, 1, size=(500, 784)).astype(np.float32)
    with tf.Session(config=config) as sess:
        sess.run(tf.global_variables_initializer())
        losses = np.empty((2, 100), np.float32)
        for step in range(100):
            if step % 5 == 0:
                order = np.arange(500)
                np.random.shuffle(order)
                images = images[order]
            batch = images[step % 5 * 100 :][:100]
            noise = np.random.normal(size=(100, 128))
            _, losses[0, step] = sess.run([train_D, loss_D], {X: batch, Z: noise})
            _, losses[1, step] = sess.run([train_G, loss_G], {Z: noise})
        norms = [np.linalg.norm(v.astype(np.float64)) for v in sess.run(G_vars + D_vars)]
    print(f"TensorFlow {tf.version.VERSION}, {threads} threads")
    for name, values in zip(("loss_D", "loss_G"), losses):
        print(f"  {name} differs by up to {np.abs(values - golden[name]).max():.2e}")
    names = "G_W1 G_b1 G_W2 G_b2 D_W1 D_b1 D_W2 D_b2".split()
    for name, norm, expected in zip(names, norms, golden["variable_l2"]):
        print(f"  norm of {name} differs by {abs(norm / expected - 1):.1e}, relative")


if __name__ == "__main__":
    main(int(sys.argv[1]))
