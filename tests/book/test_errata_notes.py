"""The notes' errata, rows 96 to 109 of docs/errata-other-texts.md: what the printed forms do.

Each row about a listing takes it as it is meant (tests/listings), puts the printed form back at one place and runs
it with stand-ins (tests/support/stand_ins.py). Rows about formulas are checked in NumPy. Every test also sees that
the meant form does not do what the printed one does.
"""

import ast
import os
import re

import numpy as np
import pytest

from tests.support import other_texts
from tests.support.other_texts import PAGE, SEMINAR, VANILLA, Row, close, indentation, slope, source, value
from tests.support.stand_ins import Tensor, sigmoid

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


FRESH = """\
        z = torch.randn(batch, latent_size).to(device)
        fake_images = G(z)
        outputs = D(fake_images)
"""


def formulas_are_the_listings_losses(run):
    """The lost formulas: D maximises V, and d_loss is -V; G's formula is not the listing's g_loss."""
    names = run(
        "vanilla_torch",
        [
            ("        outputs = D(images)\n", "        outputs = real_outputs = D(images)\n"),
            (FRESH + "        d_loss", FRESH.replace("outputs =", "outputs = fake_outputs =") + "        d_loss"),
        ],
    )
    real, fake = names["real_outputs"].array, names["fake_outputs"].array
    assert close(names["d_loss"].item(), -value(real, fake), 1e-5)
    g_fake = names["outputs"].array
    assert close(names["g_loss"].item(), np.mean(np.logaddexp(0, -g_fake)), 1e-5)  # -log D(G(z))
    of_the_formula = -np.mean(np.logaddexp(0, g_fake))  # log(1 - D(G(z)))
    assert not close(names["g_loss"].item(), of_the_formula, 0.5)
    with open(PAGE, encoding="utf-8") as f:
        row = re.search(r"(?m)^\| 96 \|.*$", f.read()).group()
    assert "E[log D(x)] + E[log(1 - D(G(z)))]" in row


def noise_has_its_own_size(run):
    for after in ("        d_loss", "        # We train G"):
        with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
            run("vanilla_torch", [(FRESH + after, FRESH.replace("latent_size", "image_size") + after)])
    assert run("vanilla_torch")["z"].shape == (100, 64)


P, Q = np.array([0.1, 0.2, 0.7]), np.array([0.5, 0.3, 0.2])


def kl_is_a_sum(run):
    terms = P * np.log(P / Q)
    assert terms.shape == (3,) and (terms < 0).any()  # a function of x, and negative somewhere
    assert terms.sum() > 0 and close((P * np.log(P / P)).sum(), 0)


def kl_is_cross_entropy_less_entropy(run):
    """Worded: the original's entropy less the changed one's. Meant: the other way round."""
    entropy = -(P * np.log(P)).sum()
    cross_entropy = -(P * np.log(Q)).sum()
    kl = (P * np.log(P / Q)).sum()
    assert close(cross_entropy - entropy, kl, 1e-12)
    assert close(entropy - cross_entropy, -kl, 1e-12) and entropy - cross_entropy < 0
    own = -(Q * np.log(Q)).sum()  # nor is it Q's own entropy that is meant
    assert not close(own - entropy, kl, 1e-2)


def two_losses_from_one_criterion(run):
    """What the two share is BCE. D minimises -V, G minimises -log D(G(z)), which is not V."""
    fake = np.array([-3.0, -1.0, 2.0])
    p = 1 / (1 + np.exp(-fake))
    d_loss = lambda shift: -value(np.array([2.0]), fake + shift)  # noqa: E731
    g_loss = lambda shift: np.mean(np.logaddexp(0, -(fake + shift)))  # noqa: E731
    v = lambda shift: value(np.array([2.0]), fake + shift)  # noqa: E731
    # One shared loss to be maximised by D and minimised by G: G's slope would be V's, mean(-p).
    assert close(slope(v, 0.0), np.mean(-p), 1e-6)
    assert close(slope(g_loss, 0.0), np.mean(p - 1), 1e-6)
    assert abs(slope(v, 0.0) - slope(g_loss, 0.0)) > 0.1
    # Minimising the listing's d_loss for G as well would even lower D(G(z)).
    assert slope(d_loss, 0.0) > 0 > slope(g_loss, 0.0)
    names = run("vanilla_torch")
    assert not close(names["d_loss"].item() + names["g_loss"].item(), 0, 0.1)


LOOPS = re.search(r"(?s)for epoch in range\(num.*?(?=\n    # The pictures)", source("vanilla_torch")).group()


BODY = LOOPS.split("\n", 1)[1]


def at_the_margin(text):
    return re.sub(r"(?m)^ +", "", text)


SIZE = "        batch = images.size(0)\n        images = images.reshape(batch, -1).to(device)\n"


WHOLE_BATCHES = [
    (SIZE, "        images = images.reshape(batch_size, -1).to(device)\n"),
    ("torch.ones(batch, 1)", "torch.ones(batch_size, 1)"),
    ("torch.zeros(batch, 1)", "torch.zeros(batch_size, 1)"),
    (FRESH + "        d_loss", FRESH.replace("(batch,", "(batch_size,") + "        d_loss"),
    (FRESH + "        # We train G", FRESH.replace("(batch,", "(batch_size,") + "        # We train G"),
]


def last_batch_breaks(run):
    """300 images are three whole batches; 250 leave one of 50, 2 * 392 pixels for every one of 100."""
    run("vanilla_torch", WHOLE_BATCHES, data=300)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        run("vanilla_torch", WHOLE_BATCHES, data=250)
    with pytest.raises(RuntimeError, match="shape is invalid"):
        run("vanilla_torch", WHOLE_BATCHES + [("\nbatch_size = 100\n", "\nbatch_size = 96\n")], data=250)
    assert run("vanilla_torch", data=250)["images"].shape == (50, 784)


PROBABILITIES = [
    ("nn.Linear(hidden_size, 1))  # logits", "nn.Linear(hidden_size, 1),\n    nn.Sigmoid())"),
    ("nn.BCEWithLogitsLoss()", "nn.BCELoss()"),
    ("real_score = torch.sigmoid(outputs)", "real_score = outputs"),
    ("fake_score = torch.sigmoid(outputs)", "fake_score = outputs"),
]


def sure_d_learns_nothing(run):
    """The losses are the same while D is unsure. At logit 17 the sigmoid is 1: loss 100, slope 0."""
    meant, printed = run("vanilla_torch"), run("vanilla_torch", PROBABILITIES)
    assert close(meant["d_loss"].item(), printed["d_loss"].item(), 1e-5)

    def loss(names, logit, label):
        x = Tensor([[logit]])
        x = torch_sigmoid(x) if names is printed else x
        return names["criterion"](x, Tensor([[label]])).item()

    def torch_sigmoid(x):
        return Tensor(sigmoid(x.array))

    assert loss(printed, 17.0, 0) == loss(printed, 20.0, 0) == 100  # no inf, no NaN, and no slope
    assert close(loss(meant, 17.0, 0), 17, 1e-5) and close(loss(meant, 20.0, 0), 20, 1e-5)

    def slope_in_pytorch(logit, label):
        """Its backward pass, float32: the denominator of BCELoss' slope is at least 1e-12."""
        p = sigmoid(logit)
        return (p - label) / np.maximum((1 - p) * p, np.float32(1e-12)) * (p * (1 - p))

    assert slope_in_pytorch(17.0, 0) == 0  # a generated image that D takes for real: D learns nothing
    assert close(slope_in_pytorch(-20.0, 1), -1, 1e-5)
    assert close(slope_in_pytorch(-30.0, 1), -0.0936, 1e-4)  # a generated image found out: G's slope fades
    assert close(slope_in_pytorch(-90.0, 1), 0, 1e-9)
    for logit, label in ((17.0, 0), (-30.0, 1), (-90.0, 1)):  # from logits it is p - y
        by_logit = slope(lambda a, y=label: np.logaddexp(0, a) - y * a, logit, 1e-3)
        assert close(by_logit, 1 - 2 * label, 1e-5)


def first_term_of_which_loss(run):
    """The first term of BCE is zero; the first term of the listing's loss, d_loss_real, is not."""
    p, y = np.linspace(0.05, 0.95, 19), 0.0
    first, second = -y * np.log(p), -(1 - y) * np.log(1 - p)
    assert (first == 0).all() and (second > 0).all()
    names = run("vanilla_torch")
    assert names["d_loss_real"].item() > 0.1
    assert close(names["d_loss"].item(), names["d_loss_real"].item() + names["d_loss_fake"].item(), 1e-6)


def bracket_in_a_comment(run):
    ast.parse("log(D(G(z)))")
    with pytest.raises(SyntaxError):
        ast.parse("log(D(G(z))")
    assert "maximize log(D(G(z))) instead of minimizing log(1-D(G(z)))" in source("vanilla_torch")


PICTURES = re.search(r"(?s)\n    # The pictures.*", source("vanilla_torch")).group()


def nothing_is_saved(run):
    folder = "os.makedirs(sample_dir, exist_ok=True)\n"
    assert run("vanilla_torch")["files"] == [
        "D.ckpt",
        "G.ckpt",
        "samples/fake_images-1.png",
        "samples/fake_images-2.png",
    ]
    printed = run("vanilla_torch", [(PICTURES, ""), (folder, "")])
    assert printed["files"] == [] and os.listdir(".") == []

    def read(text):
        return {
            node.id
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }

    unused = {"os", "save_image", "denorm", "sample_dir"}  # imported or made, and read nowhere
    meant = source("vanilla_torch")
    assert unused <= read(meant)
    assert not unused & read(meant.replace(PICTURES, "").replace(folder, ""))


def epochs_from_zero(run):
    def printed(names):
        return [re.match(r"Epoch \[(\d+)/(\d+)\]", line).groups() for line in names["stdout"]]

    assert printed(run("vanilla_torch")) == [("1", "2"), ("2", "2")]
    from_zero = (".format(epoch + 1, num_epochs", ".format(epoch, num_epochs")
    assert printed(run("vanilla_torch", [from_zero])) == [("0", "2"), ("1", "2")]


ROWS = [
    # the notes
    Row(96, check=formulas_are_the_listings_losses),
    Row(97, check=noise_has_its_own_size),
    Row(98, check=kl_is_a_sum),
    Row(99, check=kl_is_cross_entropy_less_entropy),
    Row(100, check=two_losses_from_one_criterion),
    Row(
        101,
        VANILLA,
        [("images = images.reshape(batch, -1).to(device)", "images = images.to(device)")],
        error=("RuntimeError", "shapes cannot be multiplied"),
    ),
    indentation(
        102,
        VANILLA,
        ("    out = (x + 1) / 2\n    return out", "out = (x + 1) / 2\nreturn out"),
        ("    d_optimizer.zero_grad()\n    g_optimizer", "d_optimizer.zero_grad()\ng_optimizer"),
    ),
    indentation(103, VANILLA, (LOOPS, at_the_margin(LOOPS)), (BODY, BODY.replace("    for i,", "for i,"))),
    Row(104, check=last_batch_breaks),
    Row(105, check=sure_d_learns_nothing),
    Row(106, check=first_term_of_which_loss),
    Row(107, check=bracket_in_a_comment),
    Row(108, check=nothing_is_saved),
    Row(109, check=epochs_from_zero),
]


@pytest.mark.parametrize("row", ROWS, ids=repr)
def test_printed_form_does_what_errata_says(row, run):
    other_texts.check(row, run)


def test_page_has_each_row_with_its_error():
    other_texts.check_page(ROWS, "notes")


@pytest.mark.parametrize("listing, d, g", [(VANILLA, "d_optimizer", "g_optimizer"), (SEMINAR, "opt_D", "opt_G")])
def test_torch_listing_as_meant_steps_d_then_g(listing, d, g, run):
    names = run(listing)
    assert names[d].steps == names[g].steps == len(names["events"]) / 2 > 0
    of_d, of_g = ([p.shape for p in names[optimizer].parameters] for optimizer in (d, g))
    assert names["events"] == [of_d, of_g] * names[d].steps
    assert of_d[0][0] == 784 and of_g[-1][1] == 784
