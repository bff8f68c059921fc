"""The seminar's errata, rows 80 to 95 of docs/errata-other-texts.md: what the printed forms do.

Each row about a listing takes it as it is meant (tests/listings), puts the printed form back at one place and runs
it with stand-ins (tests/support/stand_ins.py). Rows about formulas are checked in NumPy. Every test also sees that
the meant form does not do what the printed one does.
"""

import ast
import importlib.util
import os
import re
import types

import numpy as np
import pytest

from tests.support import other_texts
from tests.support.other_texts import (
    SEMINAR,
    Row,
    best_d,
    close,
    noise_is_not_drawn_from_p_g,
    slope,
    source,
    unresolved,
)
from tests.support.stand_ins import Tensor, sigmoid

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


def small_g_is_not_defined(run):
    G, D = np.exp, lambda x: 1 / (1 + x)  # noqa: E731
    names = {
        "np": np,
        "G": G,
        "D": D,
        "p_z": lambda z: np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
        "z": np.linspace(-12, 12, 24001),
    }
    with pytest.raises(NameError, match="'g'"):
        eval("p_z(z) * np.log(1 - D(g(z)))", names)
    over_z = np.sum(eval("p_z(z) * np.log(1 - D(G(z)))", names)) * 1e-3
    # With G it is the integral of the next line, over x = G(z) ~ p_g, the lognormal law.
    x = np.exp(names["z"])
    over_x = np.sum(np.log(1 - D(x)) * names["p_z"](np.log(x)) / x * np.gradient(x))
    assert close(over_z, over_x, 1e-4)


def division_comes_first(run):
    a, b = 2.0, 3.0
    printed, meant = eval("a/a+b"), eval("a/(a+b)")
    assert printed == 1 + b and meant == 0.4
    _, best = best_d(np.array([a]), np.array([b]))
    assert close(best[0], meant, 1e-3) and not close(best[0], printed, 1)
    a = b  # D is 1/2 where the two densities are equal, the slide's next line
    assert eval("a/(a+b)") == 0.5 and eval("a/a+b") != 0.5


def f_is_concave(run):
    """f'' < 0: the chord lies below f. For a convex f it lies above, and f' = 0 is a minimum."""
    a, b = 0.7, 1.9
    y = np.linspace(0.01, 0.99, 99)
    f = lambda y: a * np.log(y) + b * np.log(1 - y)  # noqa: E731
    assert ((f(y - 1e-3) - 2 * f(y) + f(y + 1e-3)) < 0).all()
    chord_is_below = f((y[:-1] + y[1:]) / 2) > (f(y[:-1]) + f(y[1:])) / 2
    assert chord_is_below.all()  # concave; a convex f has it nowhere
    convex = lambda y: -f(y)  # noqa: E731
    assert not (convex((y[:-1] + y[1:]) / 2) > (convex(y[:-1]) + convex(y[1:])) / 2).any()
    assert f(a / (a + b)) >= f(y).max()
    assert convex(a / (a + b)) <= convex(y).min()


CONSTANTS = re.search(r"(?s)Z_DIM = 100\n.*?\nEPOCHS = 100\n\n", source("seminar_torch")).group()


def never_made(*places):
    """A row about names that the seminar uses and makes nowhere: each alone is a NameError."""

    def check(run):
        run("seminar_torch")
        for name, changes in places:
            with pytest.raises(NameError, match=f"'{name}'"):
                run("seminar_torch", changes)

    return check


def second_objective_is_neither(run):
    """In the printed formula D too maximises log D(G(z)), and G minimises it: both the wrong way."""
    fake = -0.5  # D's logit of a generated image
    printed_term = lambda logit: -np.logaddexp(0, -logit)  # noqa: E731  log D(G(z))
    meant_term = lambda logit: -np.logaddexp(0, logit)  # noqa: E731  log(1 - D(G(z)))
    assert slope(printed_term, fake) > 0.5  # max over D: D calls the generated image real
    assert slope(meant_term, fake) < -0.3
    # min over G lowers D(G(z)) as printed; as meant, G maximises log D(G(z)), which raises it
    assert -slope(printed_term, fake) < 0 < slope(printed_term, fake)
    # and the listing's G loss is the second one: -log D(G(z)), minimised
    names = run("seminar_torch")
    fake_logits = names["d_fake_logits_g"].array
    assert close(names["loss_g"].item(), -np.mean(printed_term(fake_logits)), 1e-5)


def d_is_no_sigmoid_of_noise(run):
    z = np.random.RandomState(0).normal(size=(3, 100))
    assert sigmoid(z).shape == (3, 100)  # not one probability an image
    names = run("seminar_torch")
    probability = sigmoid(names["discriminator"](names["generator"](Tensor(z))).array)
    assert probability.shape == (3, 1) and (0 < probability).all() and (probability < 1).all()


def slopes_are_by_the_logit(run):
    """-D and 1 - D are the slopes by D's logit. By D itself they are -1/(1 - D) and 1/D."""
    logit = -8.0
    d = 1 / (1 + np.exp(-logit))
    by_logit = [slope(f, logit) for f in (lambda a: -np.logaddexp(0, a), lambda a: -np.logaddexp(0, -a))]
    np.testing.assert_allclose(by_logit, [-d, 1 - d], rtol=1e-3)
    by_d = [slope(f, d, 1e-9) for f in (lambda p: np.log(1 - p), np.log)]
    np.testing.assert_allclose(by_d, [-1 / (1 - d), 1 / d], rtol=1e-5)
    # As labelled, the first would not vanish when D is near 0: it is -1.
    assert close(by_d[0], -1, 1e-3) and close(by_logit[0], 0, 1e-3)


SLIDE_D_STEP = """
opt_D.zero_grad(set_to_none=True)
d_real = D(real)
loss_d_real = criterion(d_real, real_labels)
z = torch.randn(b, Z_DIM, 1, 1, device=device)
fake = G(z).detach()
d_fake = D(fake)
loss_d_fake = criterion(d_fake, fake_labels)
loss_d = loss_d_real + loss_d_fake
loss_d.backward()
opt_D.step()
"""


def dcgan_has_no_g_step(run):
    """Eleven names are made nowhere; with them, the slide's step trains D and no slide trains G."""
    assert unresolved(SLIDE_D_STEP) == [
        "opt_D",
        "D",
        "real",
        "criterion",
        "real_labels",
        "torch",
        "b",
        "Z_DIM",
        "device",
        "G",
        "fake_labels",
    ]
    with pytest.raises(NameError, match="'opt_D'"):
        exec(SLIDE_D_STEP, {})
    meant = run("seminar_torch")
    assert unresolved(source("seminar_torch")) == []
    assert meant["opt_D"].steps == meant["opt_G"].steps == 2
    names = dict(
        meant,
        D=meant["discriminator"],
        real=meant["real_flat"],
        criterion=meant["bce"],
        G=lambda z: meant["generator"](z.reshape(z.size(0), 100)),
    )
    exec(SLIDE_D_STEP, names)
    assert (names["opt_D"].steps, names["opt_G"].steps) == (3, 2)


SLIDE_SCALING = """
if isinstance(self.d_optimizer, mixed_precision.LossScaleOptimizer):
    scaled_d_loss = self.d_optimizer.get_scaled_loss(d_loss)
else:
    scaled_d_loss = d_loss
grads = tape.gradient(scaled_d_loss, self.discriminator.trainable_variables)
if isinstance(self.d_optimizer, mixed_precision.LossScaleOptimizer):
    grads = self.d_optimizer.get_unscaled_gradients(grads)
self.d_optimizer.apply_gradients(zip(grads, self.discriminator.trainable_variables))
"""


SCALING_OF_KERAS_3 = """
scaled_d_loss = self.d_optimizer.scale_loss(d_loss)
grads = tape.gradient(scaled_d_loss, self.discriminator.trainable_variables)
self.d_optimizer.apply_gradients(zip(grads, self.discriminator.trainable_variables))
"""


class LossScale2:
    """The wrapper of Keras 2, where the loop unscales. The loss is half the weight's square."""

    def __init__(self):
        self.applied = []

    def get_scaled_loss(self, loss):
        return loss * 2.0**15

    def get_unscaled_gradients(self, grads):
        return [g / 2.0**15 for g in grads]

    def apply_gradients(self, pairs):
        self.applied += [g for g, _ in pairs]


class LossScale3:
    """The wrapper of Keras 3, which unscales by itself."""

    def __init__(self):
        self.applied = []

    def scale_loss(self, loss):
        return loss * 2.0**15

    def apply_gradients(self, pairs):
        self.applied += [g / 2.0**15 for g, _ in pairs]


def loss_scaling_is_keras_2(run):
    def applied(code, optimizer):
        tape = types.SimpleNamespace(gradient=lambda loss, variables: [loss * 3.0 for _ in variables])
        self = types.SimpleNamespace(
            d_optimizer=optimizer, discriminator=types.SimpleNamespace(trainable_variables=["w"])
        )
        exec(
            code,
            dict(
                self=self,
                tape=tape,
                d_loss=1.0,
                mixed_precision=types.SimpleNamespace(LossScaleOptimizer=type(optimizer)),
            ),
        )
        return optimizer.applied

    assert applied(SLIDE_SCALING, LossScale2()) == [3.0]
    with pytest.raises(AttributeError, match="get_scaled_loss"):
        applied(SLIDE_SCALING, LossScale3())
    assert applied(SCALING_OF_KERAS_3, LossScale3()) == [3.0]


SLIDE_KERAS = (
    """
with tf.GradientTape() as tape:
    generated_images = self.generator(random_latent_vectors, training=True)
    real_logits = self.discriminator(real_images, training=True)
    fake_logits = self.discriminator(generated_images, training=True)
    real_labels = tf.ones((batch_size, 1))
    fake_labels = tf.zeros((batch_size, 1))
    d_loss_real = self.loss_fn(real_labels, real_logits)
    d_loss_fake = self.loss_fn(fake_labels, fake_logits)
    d_loss = d_loss_real + d_loss_fake
"""
    + SLIDE_SCALING
)


def keras_fragment_has_no_g_step(run):
    assert unresolved(SLIDE_KERAS) == [
        "tf",
        "self",
        "random_latent_vectors",
        "real_images",
        "batch_size",
        "mixed_precision",
    ]
    with pytest.raises(NameError, match="'tf'"):
        exec(SLIDE_KERAS, {})
    meant = run("dcgan_keras")
    self = types.SimpleNamespace(
        generator=meant["generator"],
        discriminator=meant["discriminator"],
        loss_fn=meant["cross_entropy"],
        d_optimizer=meant["discriminator_optimizer"],
        g_optimizer=meant["generator_optimizer"],
    )
    before = self.d_optimizer.iterations, self.g_optimizer.iterations
    exec(
        SLIDE_KERAS,
        dict(
            self=self,
            tf=meant["tf"],
            batch_size=5,
            real_images=np.zeros((5, 28, 28, 1)),
            random_latent_vectors=np.zeros((5, 100)),
            mixed_precision=types.SimpleNamespace(LossScaleOptimizer=LossScale2),
        ),
    )
    assert self.d_optimizer.iterations == before[0] + 1
    assert self.g_optimizer.iterations == before[1]
    # the lecture's step has both
    names = run("dcgan_keras")
    counts = names["discriminator_optimizer"].iterations, names["generator_optimizer"].iterations
    names["train_step"](np.zeros((5, 28, 28, 1)))
    assert names["discriminator_optimizer"].iterations == counts[0] + 1
    assert names["generator_optimizer"].iterations == counts[1] + 1


ROWS = [
    # the seminar
    Row(80, check=small_g_is_not_defined),
    Row(81, check=division_comes_first),
    Row(82, check=f_is_concave),
    Row(83, check=noise_is_not_drawn_from_p_g),
    Row(
        84,
        check=never_made(
            ("nn", [("import torch.nn as nn\n", "")]),
            ("torch", [("import torch\n", "")]),
            ("device", [("device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\n", "")]),
        ),
    ),
    Row(
        85,
        SEMINAR,
        [
            (CONSTANTS + "class MLPGenerator", "class MLPGenerator"),
            ("class MLPDiscriminator", CONSTANTS + "class MLPDiscriminator"),
        ],
        error=("NameError", "Z_DIM"),
    ),
    Row(
        86,
        check=never_made(
            (
                "b",
                [
                    (
                        "        b = real.size(0)\n        real_flat = real.reshape(b, ",
                        "        real_flat = real.reshape(real.size(0), ",
                    )
                ],
            ),
            ("real_flat", [("        real_flat = real.reshape(b, IMG_DIM).to(device)\n", "")]),
        ),
    ),
    Row(
        87,
        check=never_made(
            ("opt_D", [("opt_D = torch.optim.Adam(discriminator.parameters(), lr=LR)\n", "")]),
            ("opt_G", [("opt_G = torch.optim.Adam(generator.parameters(), lr=LR)\n", "")]),
        ),
    ),
    Row(
        88,
        check=never_made(
            (
                "generator",
                [("generator = MLPGenerator().to(device)\n", ""), ("Adam(generator.", "Adam(MLPGenerator().")],
            ),
            (
                "discriminator",
                [
                    ("discriminator = MLPDiscriminator().to(device)\n", ""),
                    ("Adam(discriminator.", "Adam(MLPDiscriminator()."),
                ],
            ),
        ),
    ),
    Row(89, check=never_made(("bce", [("bce = nn.BCEWithLogitsLoss()\n", "")]))),
    Row(90, check=second_objective_is_neither),
    Row(91, check=d_is_no_sigmoid_of_noise),
    Row(92, check=slopes_are_by_the_logit),
    Row(93, check=dcgan_has_no_g_step),
    Row(94, check=loss_scaling_is_keras_2),
    Row(95, check=keras_fragment_has_no_g_step),
]


@pytest.mark.parametrize("row", ROWS, ids=repr)
def test_printed_form_does_what_errata_says(row, run):
    other_texts.check(row, run)


def test_page_has_each_row_with_its_error():
    other_texts.check_page(ROWS, "seminar")


def test_installed_keras_has_the_methods_that_erratum_94_says():
    """Read in the installed Keras' source, without importing it."""

    found = importlib.util.find_spec("keras")
    if found is None:
        pytest.skip("keras is not installed: TensorFlow 1.15 has its own")
    folder = found.submodule_search_locations[0]
    paths = [os.path.join(d, f) for d, _, files in os.walk(folder) for f in files if f == "loss_scale_optimizer.py"]
    assert paths
    methods = set()
    for path in paths:
        with open(path, encoding="utf-8") as f:
            methods |= {n.name for n in ast.walk(ast.parse(f.read())) if isinstance(n, ast.FunctionDef)}
    keras_3 = os.path.isdir(os.path.join(folder, "src", "backend", "torch"))
    assert ("get_scaled_loss" in methods) is not keras_3
    assert ("get_unscaled_gradients" in methods) is not keras_3
    assert ("scale_loss" in methods) is keras_3
