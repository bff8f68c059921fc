"""Whether runs draw the digits that were asked for, judged by a small convolutional classifier.

    LEGACY_GAN_MNIST=DIR python benchmarks/judge.py [--weights FILE] RUN...

The classifier (two convolutions, a pooling, twice, and one dense layer; Adam, twelve epochs on MNIST's
60,000 training images, shifted at random by up to two pixels) is trained once and kept in FILE,
runs/judge.npz. Prints its share of right answers on the 10,000 test images, and for each conditional
run the share of 10,000 generated images, 1,000 a digit, that it takes for the digit asked for, with
each digit's own, and for the others how often it sees which digit. Images count as PNGs show them:
256 levels of grey.
"""

import argparse
import hashlib
import os

import numpy as np

from legacy_gan import input_data
from legacy_gan.tf1 import session, tf
from legacy_gan.training import generating, weights

EPOCHS, BATCH_SIZE, SEED = 12, 100, 1
A_DIGIT = 1000


class Judge:
    """The classifier, in a graph and a session of its own."""

    def __init__(self):
        self._graph = tf.Graph()
        with self._graph.as_default():
            tf.set_random_seed(SEED)
            self._images = tf.placeholder(tf.float32, [None, 784])
            self._labels = tf.placeholder(tf.int64, [None])
            self._training = tf.placeholder_with_default(False, [])
            self._rate = tf.placeholder(tf.float32, [])
            x = tf.reshape(self._images, [-1, 28, 28, 1])
            for filters in (16, 32):
                for _ in range(2):
                    x = tf.layers.conv2d(x, filters, 3, padding="same", activation=tf.nn.relu)
                x = tf.layers.max_pooling2d(x, 2, 2)
            x = tf.layers.dropout(tf.layers.flatten(x), 0.4, training=self._training)
            logits = tf.layers.dense(x, 10)
            self._answers = tf.argmax(logits, 1)
            loss = tf.losses.sparse_softmax_cross_entropy(self._labels, logits)
            self._step = tf.train.AdamOptimizer(self._rate).minimize(loss)
            self._variables = tf.trainable_variables()
            self._session = session(self._graph, use_gpu=False)
            self._session.run(tf.global_variables_initializer())

    def train(self, images, labels):
        rng = np.random.RandomState(SEED)
        steps = len(images) // BATCH_SIZE
        for epoch in range(EPOCHS):
            order = rng.permutation(len(images))
            for step in range(steps):
                chosen = order[step * BATCH_SIZE :][:BATCH_SIZE]
                left = 1 - (epoch * steps + step) / (EPOCHS * steps)
                self._session.run(self._step, {
                    self._images: shifted(images[chosen], rng), self._labels: labels[chosen],
                    self._training: True, self._rate: 0.002 * left,
                })

    def answers(self, images):
        """Returns the digit that each image is taken for, int [n]; images: float [n, 784] in 0..1."""
        images = np.rint(images * 255) / 255
        return np.concatenate([
            self._session.run(self._answers, {self._images: part})
            for part in np.array_split(images, -(-len(images) // 1000))
        ])

    def arrays(self):
        return dict(zip((v.op.name for v in self._variables), self._session.run(self._variables)))

    def assign(self, arrays):
        for v in self._variables:
            v.load(arrays[v.op.name], self._session)


def shifted(images, rng):
    """Returns the images [n, 784], each moved by up to two pixels either way."""
    padded = np.pad(images.reshape(-1, 28, 28), [(0, 0), (2, 2), (2, 2)], "constant")
    return np.array([
        image[y : y + 28, x : x + 28] for image, (y, x) in zip(padded, rng.randint(0, 5, (len(images), 2)))
    ]).reshape(-1, 784)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="*")
    parser.add_argument("--weights", default="runs/judge.npz")
    args = parser.parse_args()
    if not args.weights.endswith(".npz"):
        parser.error("--weights must end in .npz, got {}".format(args.weights))
    mnist = input_data.read_data_sets(os.environ["LEGACY_GAN_MNIST"], validation_size=0)
    judge = Judge()
    if os.path.exists(args.weights):
        with np.load(args.weights) as npz:
            judge.assign(npz)
    else:
        judge.train(mnist.train.images, mnist.train.labels)
        os.makedirs(os.path.dirname(os.path.abspath(args.weights)), exist_ok=True)
        weights.save_npz(args.weights, judge.arrays())
    digest = hashlib.sha256(b"".join(array.tobytes() for array in judge.arrays().values()))
    print("classifier {}: {:.2%} of MNIST's test images right".format(
        digest.hexdigest()[:12], np.mean(judge.answers(mnist.test.images) == mnist.test.labels)))
    for run in args.runs:
        with generating.opened(run) as opened:
            if opened.conditional:
                seen = [judge.answers(opened.draw([digit] * A_DIGIT, A_DIGIT)) for digit in range(10)]
            else:
                seen = judge.answers(opened.draw(None, 10 * A_DIGIT))
        if isinstance(seen, list):
            right = [np.mean(answers == digit) for digit, answers in enumerate(seen)]
            print("{}: {:.2%} of {:,} images the digit asked for; 0 to 9: {}".format(
                run, np.mean(right), 10 * A_DIGIT, " ".join("{:.1%}".format(r) for r in right)))
        else:
            seen = np.bincount(seen, minlength=10)
            print("{}: of {:,} images taken for 0 to 9: {}".format(
                run, 10 * A_DIGIT, " ".join("{:.1%}".format(n) for n in seen / seen.sum())))


if __name__ == "__main__":
    main()
