"""How far rounding alone drives the PyTorch texts' models apart over the steps of their golden runs.

    python benchmarks/rounding_drift.py [SEEDS]

Trains vanilla and mlp in NumPy, in float64, and again SEEDS times (60) with float32's rounding put in at
random (Monte Carlo arithmetic, Parker 1997): a result of an activation or of Adam is off by up to one unit
in the last place, one of tanh, sigmoid or softplus by up to as many as TensorFlow's were seen to be on
this machine, a product of matrices by what as many roundings as it has terms, half of a unit each and of
partial sums that grow as a random walk, come to. Prints the largest difference from the float64 run up
to some steps, of the losses and of the final images: docs/models.md sets it beside the bounds of
tests/book/test_other_traces.py. The golden runs themselves, float32 of PyTorch, are printed beside.
"""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "..", "tests", "golden")
# noise, batch, images, the steps that are printed
MODELS = {"vanilla": (64, 100, 500, (10, 60, 100)), "mlp": (100, 128, 512, (10, 30, 60))}
LEARNING_RATE, BETA1, BETA2, EPSILON = 2e-4, 0.9, 0.999, 1e-8  # both texts'


EXACT = {"tanh": np.tanh, "sigmoid": lambda x: np.exp(-np.logaddexp(0, -x)), "softplus": lambda x: np.logaddexp(0, x)}


def units_of_tensorflow():
    """Returns how many units in the last place TensorFlow's functions are off at most, by XLA or not."""
    from legacy_gan.tf1 import tf
    from legacy_gan.tf1.backend.session import session
    from legacy_gan.tf1.backend.xla import compiled

    x = (2 * np.random.RandomState(0).normal(size=10**6)).astype(np.float32)
    functions = {"tanh": tf.tanh, "sigmoid": tf.sigmoid, "softplus": tf.nn.softplus}
    worst = 0
    for name, exact in sorted(EXACT.items()):
        with tf.Graph().as_default() as graph:
            inputs = tf.placeholder(tf.float32, x.shape)
            (by_xla,) = compiled(lambda x, name=name: [functions[name](x)], [inputs])
            with session(graph, use_gpu=False) as opened:
                results = opened.run([functions[name](inputs), by_xla], {inputs: x})
        expected = exact(x.astype(np.float64))
        unit = np.spacing(np.abs(expected).astype(np.float32)).astype(np.float64)
        off = [(np.abs(result - expected) / unit).max() for result in results]
        print("TensorFlow {}: {} is up to {:.1f} units off, by XLA {:.1f}".format(tf.version.VERSION, name, *off))
        worst = max([worst] + off)
    return worst


class Exact:
    """Three dense layers, forward and back, in float64."""

    def rounded(self, x):
        return x

    def function(self, name, x):
        return EXACT[name](x)

    def product(self, a, b):
        return a @ b

    def forward(self, inputs, weights, slope):
        """Returns the last product and what `backward` needs; slope: ReLU's (0) or LeakyReLU's."""
        kept, x = [], inputs
        for i in range(0, 6, 2):
            if i:
                x = self.rounded(np.where(x > 0, x, slope * x))
            kept.append(x)
            x = self.rounded(self.product(x, weights[i]) + weights[i + 1])
        return x, kept

    def backward(self, gradient, weights, slope, kept):
        """Returns the weights' gradients and the inputs'."""
        gradients = []
        for i in (4, 2, 0):
            of_bias = self.rounded(gradient.sum(0))
            gradients = [self.product(kept[i // 2].T, gradient), of_bias] + gradients
            gradient = self.product(gradient, weights[i].T)
            if i:
                gradient = gradient * np.where(kept[i // 2] > 0, 1, slope)
        return gradients, gradient

    def adam(self, weights, slots, gradients, step):
        for w, (m, v), gradient in zip(weights, slots, gradients):
            m[...] = self.rounded(BETA1 * m + (1 - BETA1) * gradient)
            v[...] = self.rounded(BETA2 * v + (1 - BETA2) * gradient**2)
            root = np.sqrt(v / (1 - BETA2**step)) + EPSILON
            w[...] = self.rounded(w - LEARNING_RATE / (1 - BETA1**step) * m / root)


class Rounded(Exact):
    def __init__(self, seed, units):
        self._rng, self._units = np.random.RandomState(seed), units

    def rounded(self, x, units=1):
        return x * (1 + units * 2.0**-23 * self._rng.uniform(-1, 1, x.shape))

    def function(self, name, x):
        return self.rounded(EXACT[name](x), self._units)

    def product(self, a, b):
        # Partial sum i is about sqrt(i) terms large; each rounding is uniform, of deviation 1 / sqrt(3)
        deviation = 2.0**-24 * np.sqrt(a.shape[1] / 6.0 * ((a**2) @ (b**2)))
        return a @ b + deviation * self._rng.normal(size=deviation.shape)


def train(model, arithmetic):
    """The golden run's protocol. Returns the losses, [2, steps], and the images of its last noise."""
    noise_dim, batch_size, n_images, steps = MODELS[model]
    init = np.random.RandomState(1234)
    sizes = [(noise_dim, 256), (256, 256), (256, 784), (784, 256), (256, 256), (256, 1)]
    weights = []
    for fan_in, fan_out in sizes:
        bound = 1 / np.sqrt(fan_in)
        for shape in ((fan_in, fan_out), (fan_out,)):
            weights.append(np.float32(init.uniform(-bound, bound, shape)).astype(np.float64))
    G, D = weights[:6], weights[6:]
    G_slots, D_slots = ([(0 * w, 0 * w) for w in network] for network in (G, D))
    images = np.random.RandomState(7).uniform(0, 1, (n_images, 784)).astype(np.float32)
    images = ((images - np.float32(0.5)) / np.float32(0.5)).astype(np.float64)
    rng = np.random.RandomState(5678)
    function = arithmetic.function

    def noises():
        return np.float32(rng.normal(size=(batch_size, noise_dim))).astype(np.float64)

    def generated(noise):
        x, kept = arithmetic.forward(noise, G, 0)
        return function("tanh", x), kept

    losses = np.empty((2, steps[-1]))
    for step in range(steps[-1]):
        x = images[step * batch_size % n_images :][:batch_size]
        real, real_kept = arithmetic.forward(x, D, 0.2)
        fake, fake_kept = arithmetic.forward(generated(noises())[0], D, 0.2)
        losses[0, step] = function("softplus", -real).mean() + function("softplus", fake).mean()
        of_real, _ = arithmetic.backward(-function("sigmoid", -real) / batch_size, D, 0.2, real_kept)
        of_fake, _ = arithmetic.backward(function("sigmoid", fake) / batch_size, D, 0.2, fake_kept)
        arithmetic.adam(D, D_slots, [a + b for a, b in zip(of_real, of_fake)], step + 1)

        x, kept = generated(noises())
        fake, fake_kept = arithmetic.forward(x, D, 0.2)
        losses[1, step] = function("softplus", -fake).mean()
        _, of_x = arithmetic.backward(-function("sigmoid", -fake) / batch_size, D, 0.2, fake_kept)
        of_G, _ = arithmetic.backward(of_x * (1 - x**2), G, 0, kept)
        arithmetic.adam(G, G_slots, of_G, step + 1)
    last = np.float32(np.random.RandomState(99).normal(size=(10, noise_dim))).astype(np.float64)
    return losses, generated(last)[0]


def main(seeds=60):
    units = units_of_tensorflow()
    for model, (_, _, _, steps) in sorted(MODELS.items()):
        exact = train(model, Exact())

        def row(losses, images, exact=exact, steps=steps):
            apart = [np.abs(losses - exact[0])[:, :n].max() for n in steps]
            return apart + [np.abs(images - exact[1]).max()]

        with np.load(os.path.join(GOLDEN, f"{model}_synthetic.npz")) as npz:
            golden = row([npz["loss_D"], npz["loss_G"]], npz["images"].reshape(-1, 784))
        rows = np.array([row(*train(model, Rounded(seed, units))) for seed in range(seeds)])
        print(model, "up to step", ", ".join(map(str, steps)), "and the final images")
        for name, values in (
            ("golden", golden),
            (f"median of {seeds}", np.median(rows, 0)),
            (f"largest of {seeds}", rows.max(0)),
        ):
            print(f"  {name:16}", "  ".join(f"{value:.2g}" for value in values), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
