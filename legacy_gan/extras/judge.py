"""The judge: a small convolutional classifier of MNIST's digits, which generated images are shown to."""

import os
from typing import Any, Dict, Mapping, Optional, Tuple

import numpy as np

from legacy_gan import console, files
from legacy_gan.data.dataset import Datasets
from legacy_gan.data.embedded import EMBEDDED
from legacy_gan.errors import UserError
from legacy_gan.extras.evaluation_table import SEEN
from legacy_gan.images import sampling
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.session import session as open_session
from legacy_gan.training import run_data, weights
from legacy_gan.translation import tr

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "judge.npz")
BATCH_SIZE, RATE = 100, 0.002
SHIFT = 2  # pixels that training images are moved by, at most
FEATURES = 64
GOOD = 0.992  # of MNIST's test images, the least that a judge should name rightly
_FILTERS = (16, 32)
_AT_A_TIME = 1000


class Judge:
    """The classifier in a graph and a session of its own, to be used in a `with` block.

    Images 28x28 - two convolutions 3x3 of 16 filters - maximum of 2x2 - two of 32 - maximum of 2x2 - 64
    units, the features - 10 logits; ReLU after each layer but the last, 117,434 weights.

    Args:
      arrays: the weights, float32, by name; None for new ones, to be trained.
      seed: of new weights and of the training.
      use_gpu: whether the session may use one.
    Attributes:
      variables: dict of name to tf.Variable.
    """

    def __init__(self, arrays: Optional[Mapping[str, np.ndarray]] = None, seed: int = 1, use_gpu: bool = False) -> None:
        self._rng = np.random.RandomState(seed)
        self._graph = tf.Graph()
        with self._graph.as_default():
            tf.set_random_seed(seed)  # for dropout
            self._build()
            self._session = open_session(self._graph, use_gpu=use_gpu)
            self._session.run(tf.global_variables_initializer())
        self.assign(arrays or self._initial_weights())

    def _build(self) -> None:
        """Builds placeholders, network, loss and the training's step in the default graph."""
        self._images = tf.placeholder(tf.float32, [None, 784])
        self._labels = tf.placeholder(tf.int64, [None])
        self._training = tf.placeholder_with_default(False, [])
        self._rate = tf.placeholder(tf.float32, [])
        with tf.variable_scope("judge"):
            x = tf.reshape(self._images, [-1, 28, 28, 1])
            for filters in _FILTERS:
                for _ in range(2):
                    x = tf.layers.conv2d(x, filters, 3, padding="same", activation=tf.nn.relu)
                x = tf.layers.max_pooling2d(x, 2, 2)
            x = tf.layers.dropout(tf.layers.flatten(x), 0.4, training=self._training)
            self._features = tf.layers.dense(x, FEATURES, activation=tf.nn.relu)
            x = tf.layers.dropout(self._features, 0.4, training=self._training)
            logits = tf.layers.dense(x, 10)
        self._shares = tf.nn.softmax(logits)
        loss = tf.losses.sparse_softmax_cross_entropy(self._labels, logits)
        self.variables = {v.op.name: v for v in tf.trainable_variables()}
        self._step = tf.train.AdamOptimizer(self._rate).minimize(loss)

    def _initial_weights(self) -> Dict[str, np.ndarray]:
        """Kernels as He et al. 2015 have them for ReLU, zero biases."""
        made = {}
        for name, v in self.variables.items():
            shape = v.shape.as_list()
            scale = np.sqrt(2 / np.prod(shape[:-1])) if len(shape) > 1 else 0
            made[name] = (scale * self._rng.normal(size=shape)).astype(np.float32)
        return made

    def assign(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Gives it other weights, float32 arrays by name."""
        with self._graph.as_default():
            weights.assign(self._session, self.variables, arrays)

    def __enter__(self) -> "Judge":
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()

    @property
    def arrays(self) -> Dict[str, np.ndarray]:
        """The weights by name, float32."""
        return weights.fetch(self._session, self.variables)

    @property
    def name(self) -> str:
        """What tells this judge from others."""
        return name_of(self.arrays)

    def train(self, images: np.ndarray, labels: np.ndarray, epochs: int) -> None:
        """Trains it, with Adam, a rate that falls to 0, dropout, and images moved at random.

        Args:
          images: float32 [n, 784] in 0..1. labels: int [n]. epochs: passes through them.
        """
        a_epoch = -(-len(images) // BATCH_SIZE)
        total = epochs * a_epoch
        with console.bar(total) as bar:
            for step in range(total):
                if step % a_epoch == 0:
                    order = self._rng.permutation(len(images))
                chosen = order[step % a_epoch * BATCH_SIZE :][:BATCH_SIZE]
                self._session.run(
                    self._step,
                    {
                        self._images: _moved(images[chosen], self._rng),
                        self._labels: labels[chosen],
                        self._training: True,
                        self._rate: RATE * (1 - step / total),
                    },
                )
                bar.update()

    def look(self, images: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Returns (probabilities float32 [n, 10], features float32 [n, 64]) of images.

        Args:
          images: float [n, 784] in 0..1; they count as a PNG shows them, in 256 levels of grey.
        """
        images = as_shown(images).astype(np.float32) / 255
        parts = [
            self._session.run((self._shares, self._features), {self._images: images[i : i + _AT_A_TIME]})
            for i in range(0, len(images), _AT_A_TIME)
        ]
        shares, features = (np.concatenate(column) for column in zip(*parts))
        return shares, features

    def right(self, images: np.ndarray, labels: np.ndarray) -> float:
        """Returns the share of images whose digit it names; labels: int [n]."""
        return float((self.look(images)[0].argmax(1) == labels).mean())


def load(path: Optional[str] = None, use_gpu: bool = False) -> Judge:
    """Returns the Judge of a file, by default the one that comes with this package.

    Raises:
      UserError: if it cannot be read or holds no judge.
    """
    return Judge(read(path), use_gpu=use_gpu)


def read(path: Optional[str] = None) -> Dict[str, np.ndarray]:
    """Returns the weights in a judge's file, by default this package's: float32 arrays by name.

    Raises:
      UserError: if it cannot be read or holds no judge.
    """
    shipped = weights.read_npz(SHIPPED, SHIPPED)
    if path is None:
        return shipped
    arrays = weights.read_npz(path, path)
    if {name: np.shape(array) for name, array in arrays.items()} != {
        name: array.shape for name, array in shipped.items()
    } or not all(array.dtype == np.float32 and np.isfinite(array).all() for array in arrays.values()):
        raise UserError(f"{path}: expected a judge that `legacy-gan judge train` wrote, got other arrays")
    return arrays


def name_of(arrays: Mapping[str, np.ndarray]) -> str:
    """Returns what tells a judge from others: the beginning of its weights' SHA-256."""
    return f"judge {weights.fingerprint(arrays)[:12]}"


def write(flags: Any) -> str:
    """Trains a judge, writes it, and returns what is to be printed; flags: commands.judge.JudgeTrainOptions."""
    _check_new(flags.out)
    data = images_of(flags.data_dir, flags.offline)
    files.prove_writable(os.path.dirname(os.path.abspath(flags.out)), "--out")
    with Judge(seed=flags.seed, use_gpu=sampling.device(flags.device) != "cpu") as judge:
        judge.train(data.train.images, data.train.labels.argmax(1), flags.epochs)
        weights.save_npz(flags.out, judge.arrays)
        return f"wrote {flags.out}\n{_tested(judge, data)}"


def test(flags: Any) -> str:
    """Returns what is to be printed of how good a judge is; flags: commands.judge.JudgeTestOptions."""
    arrays = read(flags.judge)  # before anything is fetched
    data = images_of(flags.data_dir, flags.offline)
    with Judge(arrays, use_gpu=sampling.device(flags.device) != "cpu") as judge:
        return _tested(judge, data)


def _check_new(path: str) -> None:
    """Raises UserError unless a judge can be written there and none would be lost."""
    if not path.endswith(".npz"):
        raise UserError(f"--out must be a file that ends in .npz, got {path}")
    try:
        os.lstat(path)
    except FileNotFoundError:
        return
    except OSError as e:
        raise UserError(f"--out {path}: {e.strerror}; name another") from None
    raise UserError(f"--out {path}: expected a new file, this one is there already; name another")


def images_of(data_dir: Optional[str], offline: bool) -> Datasets:
    """Returns the real images of a folder (None: wherever MNIST is found), none kept for validation.

    Raises:
      DataError: for a folder that was named and has none.
    """
    return run_data.read_folder(data_dir, offline, 0)


def _tested(judge: Judge, data: Datasets) -> str:
    """Returns what is to be printed of how many of the test images a judge names rightly."""
    right = judge.right(data.test.images, data.test.labels.argmax(1))
    text = f"{judge.name}: names {right:.2%} of {data.test.num_examples:,} test images of {data.test.source} rightly"
    if data.test.source == EMBEDDED:
        console.note(tr(SEEN))
    return text if right >= GOOD else f"{text}; a judge should name {GOOD:.1%} of MNIST's"


def as_shown(images: np.ndarray) -> np.ndarray:
    """Returns images in 0..1, float [n, 784], as a PNG shows them: uint8 [n, 784]."""
    return np.rint(255 * np.clip(images, 0, 1)).astype(np.uint8)


def _moved(images: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
    """Returns images [n, 784], each moved by up to SHIFT pixels down or up and to a side."""
    padded = np.pad(images.reshape(-1, 28, 28), [(0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)], "constant")
    places = rng.randint(0, 2 * SHIFT + 1, (len(images), 2))
    return np.stack([image[y : y + 28, x : x + 28] for image, (y, x) in zip(padded, places)]).reshape(-1, 784)
