"""The theory of GANs in numbers and pictures, on the line: what the texts state and what is measured."""

import os
from typing import Callable, Iterable, List, Sequence, Tuple

import numpy as np

from legacy_gan import losses
from legacy_gan.console import say
from legacy_gan.extras import plots
from legacy_gan.extras.divergences import (
    DATA,
    DX,
    LOG_4,
    ONE_HILL,
    TWO_HILLS,
    Components,
    Stage,
    X,
    c_of_g,
    density,
    gaussian_kl,
    generator_gradients,
    generator_losses,
    jsd,
    kl,
    mean_error,
    optimal_discriminator,
    sample,
    value,
)
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.session import session

# How long `main` trains: D's steps when it is looked at, and iterations of Algorithm 1.
LOOKS = (0, 30, 300, 3000)
ITERATIONS = 400

_Network = Tuple[Callable[[tf.Tensor], tf.Tensor], List[tf.Variable]]


# What is trained: networks with one hidden layer, from the line to the line


def _network(name: str, initial: Sequence[np.ndarray]) -> _Network:
    """Makes the variables of a network with one hidden layer.

    Args:
      name: what their names begin with.
      initial: [kernel, bias, kernel, bias], floats [1, n], [n], [n, 1], [1].
    Returns:
      (a function, float32 [batch, 1] -> [batch, 1]; its four variables).
    """
    names = [name + suffix for suffix in ("_W1", "_b1", "_W2", "_b2")]
    W1, b1, W2, b2 = [tf.Variable(np.asarray(v, np.float32), name=n) for v, n in zip(initial, names)]

    def network(inputs: tf.Tensor) -> tf.Tensor:
        hidden = tf.tanh(tf.matmul(inputs, W1) + b1)
        return tf.matmul(hidden, W2) + b2

    return network, [W1, b1, W2, b2]


def _discriminator(rng: np.random.RandomState, n_hidden: int = 32) -> _Network:
    """Makes a discriminator whose units bend all over -3..3; its output is a logit."""
    return _network(
        "D",
        [
            rng.normal(scale=1.5, size=(1, n_hidden)),
            rng.uniform(-4.5, 4.5, size=n_hidden),
            rng.normal(size=(n_hidden, 1)) / np.sqrt(n_hidden),
            np.zeros(1),
        ],
    )


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return np.exp(-np.logaddexp(0, -np.asarray(logits, np.float64)))


def _on_grid(values: np.ndarray) -> np.ndarray:
    return np.reshape(values, [-1, 1]).astype(np.float32)


def train_discriminator(
    p: Components,
    q: Components,
    rng: np.random.RandomState,
    looks: Iterable[int],
    batch_size: int = 1024,
    learning_rate: float = 0.05,
    momentum: float = 0.9,
) -> np.ndarray:
    """Trains a discriminator on samples of two densities, neither of which it knows.

    Args:
      p, q: the densities of data and generated examples.
      rng: everything random comes from it.
      looks: the numbers of steps, increasing, after which D is looked at.
      batch_size: examples of each.
      learning_rate, momentum: of gradient descent on D's loss.
    Returns:
      float64 [looks, n], D on the grid X.
    Source: Goodfellow et al. 2014, proposition 1 and figure 1 (b).
    """
    with tf.Graph().as_default() as graph:
        real = tf.placeholder(tf.float32, [None, 1])
        fake = tf.placeholder(tf.float32, [None, 1])
        discriminator, _ = _discriminator(rng)
        real_logits = discriminator(real)
        d_loss, _ = losses.non_saturating(real_logits, discriminator(fake))
        train_d = tf.train.MomentumOptimizer(learning_rate, momentum).minimize(d_loss)
        with session(graph, use_gpu=False) as opened:
            opened.run(tf.global_variables_initializer())
            seen, step = [], 0
            for look in looks:
                while step < look:
                    opened.run(train_d, {real: sample(p, batch_size, rng), fake: sample(q, batch_size, rng)})
                    step += 1
                seen.append(_sigmoid(opened.run(real_logits, {real: _on_grid(X)})[:, 0]))
    return np.array(seen)


class Algorithm1:
    """Algorithm 1 as printed: k steps of D, then one of G, momentum, the minimax loss.

    The data are DATA. The noise is uniform on -1..1, as in figure 1. G first stretches it onto the
    whole line (atanh), for a density without ends; one hidden layer follows. Use it in a `with`
    block, which closes its session.

    Args:
      rng: everything random comes from it, in the algorithm's order.
      k: D's steps for one of G.
      start: about where G's examples lie before training.
      batch_size: the algorithm's m.
      d_learning_rate, g_learning_rate, momentum: of gradient descent.
      pair: legacy_gan.losses.saturating, the printed one, or non_saturating.
    Attributes:
      session: the open tf.Session. d_vars, g_vars: lists of tf.Variable, kernel, bias, kernel, bias.
    Source: Goodfellow et al. 2014, algorithm 1 and section 3; the seminar and the lecture print it.
    """

    def __init__(
        self,
        rng: np.random.RandomState,
        k: int = 10,
        start: float = 0.5,
        batch_size: int = 128,
        d_learning_rate: float = 0.1,
        g_learning_rate: float = 0.01,
        momentum: float = 0.9,
        pair: Callable[[tf.Tensor, tf.Tensor], Tuple[tf.Tensor, tf.Tensor]] = losses.saturating,
    ) -> None:
        self._rng, self._k, self._batch_size = rng, k, batch_size
        with tf.Graph().as_default() as graph:
            # Placeholders
            real = tf.placeholder(tf.float32, [None, 1])
            noise = tf.placeholder(tf.float32, [None, 1])
            # Networks
            generator, self.g_vars = _generator(rng, start)
            discriminator, self.d_vars = _discriminator(rng)
            generated = generator(tf.atanh(tf.clip_by_value(noise, -1 + 1e-6, 1 - 1e-6)))
            real_logits, fake_logits = discriminator(real), discriminator(generated)
            # Losses
            d_loss, g_loss = pair(real_logits, fake_logits)
            # Training
            d_optimizer = tf.train.MomentumOptimizer(d_learning_rate, momentum)
            g_optimizer = tf.train.MomentumOptimizer(g_learning_rate, momentum)
            train_d = d_optimizer.minimize(d_loss, var_list=self.d_vars)
            train_g = g_optimizer.minimize(g_loss, var_list=self.g_vars)
            self.session = session(graph, use_gpu=False)
            self.session.run(tf.global_variables_initializer())
        self._train_d = self.session.make_callable(train_d, [noise, real])
        self._train_g = self.session.make_callable(train_g, [noise])
        self._generated = self.session.make_callable(generated, [noise])
        self._logits = self.session.make_callable(real_logits, [real])

    def __enter__(self) -> "Algorithm1":
        return self

    def __exit__(self, *error: object) -> None:
        self.session.close()

    def _noise(self) -> np.ndarray:
        return self._rng.uniform(-1, 1, size=(self._batch_size, 1)).astype(np.float32)

    def train_discriminator(self, steps: int) -> None:
        """Does the inner loop: steps of D while G stays as it is."""
        for _ in range(steps):
            self._train_d(self._noise(), sample(DATA, self._batch_size, self._rng))

    def train_generator(self, steps: int) -> None:
        """Does steps of G while D stays as it is."""
        for _ in range(steps):
            self._train_g(self._noise())

    def train(self, iterations: int) -> None:
        """Does the outer loop: k steps of D, then one of G, `iterations` times."""
        for _ in range(iterations):
            self.train_discriminator(self._k)
            self.train_generator(1)

    def stage(self, count: int = 100000, lines: int = 17) -> Stage:
        """Returns where the game stands; draws nothing.

        Args:
          count: noise values in even steps whose images are counted for the density.
          lines: how many pairs of z and G(z) to give.
        """
        generated = self._generated(_on_grid((np.arange(count) + 0.5) / count * 2 - 1))[:, 0]
        generated = generated.astype(np.float64)
        edges = np.append(X - DX / 2, X[-1] + DX / 2)
        counts, _ = np.histogram(np.clip(generated, X[0], X[-1]), edges)
        z = np.linspace(-0.98, 0.98, lines)
        return Stage(
            density(DATA, X),
            counts / (count * DX),
            _sigmoid(self._logits(_on_grid(X))[:, 0]),
            z,
            self._generated(_on_grid(z))[:, 0],
            float(generated.mean()),
            float(generated.std()),
        )


def _generator(rng: np.random.RandomState, start: float, n_hidden: int = 16) -> _Network:
    """Makes a generator whose examples lie around `start`."""
    kernel = rng.normal(scale=0.3, size=(1, n_hidden))  # almost a straight line
    return _network(
        "G",
        [
            kernel,
            rng.uniform(-0.5, 0.5, size=n_hidden),
            np.sign(kernel.T) * np.abs(rng.normal(size=(n_hidden, 1))) * 4 / n_hidden,
            np.full(1, start),
        ],
    )


# What is said and drawn


def main(out_dir: str, seed: int) -> List[str]:
    """Prints what the theory states beside what is measured, and draws it.

    Args:
      out_dir: path of the folder for the pictures; it is made.
      seed: 0..2^32 - 1.
    Returns:
      the pictures' paths: theory.png (figure 1), theory-discriminator.png,
      theory-losses.png.
    """
    say(f"The theory of GANs on the line (Goodfellow et al. 2014), seed {seed}. Nats.")
    paths = [os.path.join(out_dir, f"theory{n}.png") for n in ("", "-discriminator", "-losses")]
    _show_optimal_discriminator(paths[1], np.random.RandomState([seed, 1]))
    _show_value()
    _show_divergences()
    _show_gradients(paths[2])
    _show_algorithm_1(paths[0], seed)
    return paths


def _show_optimal_discriminator(path: str, rng: np.random.RandomState) -> None:
    p, q = density(TWO_HILLS, X), density(ONE_HILL, X)
    best = optimal_discriminator(p, q)
    seen = list(zip(LOOKS, train_discriminator(TWO_HILLS, ONE_HILL, rng, LOOKS)))
    say(
        f"\n1. D*(x) = p(x) / (p(x) + q(x)) maximises V(G, D), whose largest value is {value(p, q, best, DX):.4f} here."
    )
    say("   A network that sees samples of p and q only:")
    for look, d in seen:
        say(
            f"   after {look:4d} steps  mean |D - D*| = {mean_error(p, q, d, best, DX):.4f}   "
            f"V = {value(p, q, d, DX):.4f}"
        )
    plots.save_discriminators(path, X, p, q, best, seen)


def _show_value() -> None:
    say(f"\n2. C(G) = V(G, D*) = -log 4 + 2 JSD(p, q), least where p = q.  -log 4 = {-LOG_4:.6f}")
    p = density([(1, 0, 1)], X)
    for mean in (0, 0.5, 1, 2, 4, 8):
        q = density([(1, mean, 1)], X)
        say(
            f"   p = N(0, 1), q = N({mean:3}, 1)  C(G) = {c_of_g(p, q, DX):.6f}   "
            f"-log 4 + 2 JSD = {-LOG_4 + 2 * jsd(p, q, DX):.6f}"
        )


def _show_divergences() -> None:
    one, other = (0, 1), (1, 2)
    p, q = density([(1,) + one], X), density([(1,) + other], X)
    say("\n3. KL is not symmetric, JSD is.  p = N(0, 1), q = N(1, 2^2)")
    say(f"   KL(p, q)  = {kl(p, q, DX):.6f}, closed form {gaussian_kl(*(one + other)):.6f}")
    say(f"   KL(q, p)  = {kl(q, p, DX):.6f}, closed form {gaussian_kl(*(other + one)):.6f}")
    say(f"   JSD(p, q) = {jsd(p, q, DX):.6f}, JSD(q, p) = {jsd(q, p, DX):.6f}")


def _show_gradients(path: str) -> None:
    say("\n4. The slope that G's loss has by D's logit, where G is found out and where it is not:")
    say("   D(G(z))   saturating, log(1 - D)   non-saturating, -log D")
    for probability in (1e-6, 0.001, 0.1, 0.5, 0.9, 0.999):
        slopes = generator_gradients(probability)
        say("   {:<8g}  {:>22.6f}   {:>22.6f}".format(probability, *slopes))
    logits = np.linspace(-8, 8, 321)
    plots.save_generator_losses(path, logits, generator_losses(logits), generator_gradients(_sigmoid(logits)))


def _show_algorithm_1(path: str, seed: int) -> None:
    say(
        "\n5. Algorithm 1: k = 10 steps of D, one of G, momentum, the minimax loss; data N({}, {}^2)".format(
            *DATA[0][1:]
        )
    )
    panels = []
    with Algorithm1(np.random.RandomState([seed, 2])) as game:
        for title, train, amount in (
            ("(a) D after 10 steps", game.train_discriminator, 10),
            ("(b) D after 500 more, G as before", game.train_discriminator, 500),
            ("(c) G after 8 steps, D as before", game.train_generator, 8),
            (f"(d) after {ITERATIONS} iterations of both", game.train, ITERATIONS),
        ):
            train(amount)
            panels.append((title, game.stage()))
            _say_stage(*panels[-1])
    plots.save_game(path, X, panels)
    with Algorithm1(np.random.RandomState([seed, 2]), k=1) as game:
        game.train(ITERATIONS)
        _say_stage(f"{ITERATIONS} iterations with k = 1", game.stage())
    say("   From far away, D trained for 300 steps before G's first:")
    for name, pair in (("saturating", losses.saturating), ("non-saturating", losses.non_saturating)):
        with Algorithm1(np.random.RandomState([seed, 2]), start=6.0, pair=pair) as game:
            game.train_discriminator(300)
            before = game.stage().mean
            game.train(10)
            say(f"   {name:14}  10 iterations bring the mean of G(z) from {before:.3f} to {game.stage().mean:.3f}")


def _say_stage(title: str, stage: Stage) -> None:
    best = optimal_discriminator(stage.p, stage.q)
    line = "   {:34}  C(G) = {:7.4f}   mean |D - D*| = {:.3f}, |D - 1/2| = {:.3f}   G(z): {:.2f} +- {:.2f}"
    say(
        line.format(
            title,
            c_of_g(stage.p, stage.q, DX),
            mean_error(stage.p, stage.q, stage.d, best, DX),
            mean_error(stage.p, stage.q, stage.d, 0.5, DX),
            stage.mean,
            stage.std,
        )
    )
