"""docs/errata.md, row by row: what the form printed in the notes does when it is run.

Each row takes the listing as it is meant (tests/listings), puts the printed form back at one
place and runs it through legacy_gan.tf1, and on TF 1.15 with TensorFlow's own modules.
"""

import os
import re

import numpy as np
import pytest

from tests.support import listing_runner
from tests.support.paths import DOCS

pytestmark = pytest.mark.both_ends


class Row:
    """One erratum: its number, its listing, [(meant, printed)], and what the printed form does.

    `error` is (exception type's name, text in its message) for a form that fails; `check` is a
    function of the test's `run` for one that runs and does something else.
    """

    def __init__(self, number, listing, changes, error=None, check=None):
        self.number, self.listing, self.changes = number, listing, changes
        self.error, self.check = error, check

    def __repr__(self):
        return f"erratum-{self.number}"


def indented_out(listing):
    """Returns the change that prints the picture block after the epoch loop."""
    text = listing_runner.source(listing)
    start = text.index("    if epoch == 0")
    block = text[start : text.index("\nprint('최적화")]
    return [(block, re.sub("(?m)^    ", "", block))]


def pictures():
    return sorted(os.listdir("samples" if os.path.isdir("samples") else "samples2"))


def g_never_trains(run):
    """The step asks for X, which G's step does not feed; with X fed it runs and leaves G alone."""
    with pytest.raises(Exception, match="(?i)feed a value for placeholder") as caught:
        run()
    assert caught.type.__name__ == "InvalidArgumentError"
    names = run(more=[("[train_G, loss_G], feed_dict={Z", "[train_G, loss_G], feed_dict={X: batch_xs, Z")])
    np.testing.assert_array_equal(names["G_W1_after"], names["G_W1_before"])
    meant = run(as_meant=True)
    assert (meant["G_W1_after"] != meant["G_W1_before"]).any()


def one_picture(run):
    run(epochs=20)
    assert pictures() == ["019.png"]  # of 000.png, 009.png and 019.png


def closing_line_every_epoch(run):
    names = run(epochs=3)
    assert names["stdout"].count("최적화 완료!") == 3


def label_dropped(run):
    names = run()
    tf = names["tf"]
    with names["D_real"].graph.as_default():
        assert tf.gradients(names["D_real"], names["Y"]) == [None]
    kernels = [v.shape.as_list() for v in names["vars_D"] if "kernel" in v.name]
    assert kernels[0] == [784, 256]
    # and as it is meant the label reaches D
    meant = run(as_meant=True)
    with meant["D_real"].graph.as_default():
        assert tf.gradients(meant["D_real"], meant["Y"])[0] is not None
    assert [v.shape.as_list() for v in meant["vars_D"] if "kernel" in v.name][0] == [794, 256]


def loss_is_infinite(run):
    """D is so sure that an image is real that its sigmoid is 1 in float32: log(1 - 1)."""
    sure = "\n".join(
        [
            "sess.run(D_b2.initializer, {D_b2.initializer.inputs[1]: [20.0]})",
            "infinite = sess.run(loss_D, {X: batch_xs, Z: get_noise(100, n_noise)})",
            "sess.run(train_G, {Z: get_noise(100, n_noise)})",
            "sess.run(train_D, {X: batch_xs, Z: get_noise(100, n_noise)})",
            "lost = sess.run(D_W1)",
            "print('최적화",
        ]
    )
    names = run(more=[("print('최적화", sure)])
    assert names["infinite"] == -np.inf
    assert np.isnan(names["lost"]).any()


def prefix_takes_a_neighbour(run):
    neighbour = (
        "vars_D = tf.get",
        "with tf.variable_scope('discriminator_1'):\n    tf.get_variable('w', [1])\n\nvars_D = tf.get",
    )
    names = run(more=[neighbour])
    assert "discriminator_1/w:0" in [v.name for v in names["vars_D"]]
    meant = run(as_meant=True, more=[neighbour])
    assert "discriminator_1/w:0" not in [v.name for v in meant["vars_D"]]
    assert len(meant["vars_D"]) == 4


def gradient_vanishes(run):
    """The loss as the prose words it, mean(D_gene), hardly moves a generator that is found out."""
    tf = run()["tf"]
    with tf.Graph().as_default(), tf.Session() as sess:
        logit = tf.constant([[-8.0]])
        D_gene = tf.nn.sigmoid(logit)
        as_worded = tf.gradients(tf.reduce_mean(D_gene), logit)[0]
        as_coded = tf.gradients(tf.reduce_mean(tf.log(D_gene)), logit)[0]
        worded, coded = sess.run([as_worded, as_coded])
    # The slopes are p (1 - p) and 1 - p, at p = sigmoid(-8) = 3.35e-4.
    np.testing.assert_allclose(worded, 3.35e-4, rtol=1e-2)
    np.testing.assert_allclose(coded, 1 - 3.35e-4, rtol=1e-4)


def loss_uses_both_networks(run):
    """Computing loss_D takes G's variables too; it is the minimising that leaves them out."""
    names = run()
    tf = names["tf"]
    with names["loss_D"].graph.as_default():
        assert tf.gradients(names["loss_D"], names["G_W1"])[0] is not None


FIG_1 = "fig, ax = plt.subplots(1, sample_size, figsize=(sample_size, 1))"
FIG_2 = "fig, ax = plt.subplots(2, sample_size, figsize=(sample_size, 2))"
LOSS_D_GENE = "labels=tf.zeros_like(D_gene)))\n"

ROWS = [
    Row(1, 1, [("n_hidden = 256", "h_hidden = 256")], ("NameError", "n_hidden")),
    Row(
        2,
        1,
        [("G_b1 = tf.Variable(tf.zeros([n_hidden]))", "G_b1 = tf.Variable(tf.zeros([n_hidden])")],
        ("SyntaxError", ""),
    ),
    Row(
        3,
        1,
        [("G_b2 = tf.Variable(tf.zeros([n_input]))", "G_b2 = tf.Variable(tf.zeros([n_input])")],
        ("SyntaxError", ""),
    ),
    Row(4, 1, [("G_W1) + G_b1", "G_W1) + b1")], ("NameError", "b1")),
    Row(5, 1, [("G_W2) + G_b2", "G_W2) + b2")], ("NameError", "b2")),
    Row(6, 1, [("np.random.normal(size", "np.random_normal(size")], ("AttributeError", "random_normal")),
    Row(7, 1, [], check=loss_is_infinite),
    Row(8, 1, [("loss_G = tf.reduce_mean", "loss G = tf.reduce_mean")], ("SyntaxError", "")),
    Row(
        9,
        1,
        [("minimize(-loss_G, var_list=G_var_list)", "minimize(-loss_D, var_list=D_var_list)")],
        check=g_never_trains,
    ),
    Row(
        10,
        1,
        [("global_variables_initializer", "global_variables_initialier")],
        ("AttributeError", "global_variables_initialier"),
    ),
    Row(11, 1, [("{X: batch_xs, Z: noise}", "{X: batch_xs, Y:noise}")], ("NameError", "'Y'")),
    Row(12, 1, [("_, loss_val_G = sess", "_. loss_val_G = sess")], ("AttributeError", "loss_val_G")),
    Row(13, 1, [("'G loss: {:.4}'.format(loss_val_G))", "'G loss: {:.4}'.format(loss_val_G)")], ("SyntaxError", "")),
    Row(14, 1, indented_out(1), check=one_picture),
    Row(15, 1, [("os.makedirs('samples', exist_ok=True)\n", "")], ("FileNotFoundError", "samples")),
    Row(16, 1, [(FIG_1, FIG_1.replace("fig, ax", "fix, ax"))], ("NameError", "'fig'")),
    Row(17, 1, [("ax[i].set_axis_off()", "ax[i].set.axis_off()")], ("AttributeError", "axis_off")),
    Row(18, 1, [("np.reshape(samples[i]", "np.reshape(sample[i]")], ("NameError", "'sample'")),
    Row(19, 1, [("\nprint('최적화", "\n    print('최적화")], check=closing_line_every_epoch),
    Row(20, 2, [("read_data_sets(", "read_data_set(")], ("AttributeError", "read_data_set")),
    Row(21, 2, [("n_hidden = 256", "h_hidden = 256")], ("NameError", "n_hidden")),
    Row(
        22,
        2,
        [("variable_scope('discriminator') as", "variable_scope('discriminaor') as")],
        ("ValueError", "No variables to optimize"),
    ),
    Row(
        23,
        2,
        [("inputs = tf.concat([inputs, labels], 1)", "input = tf.concat([inputs, labels],1)")],
        check=label_dropped,
    ),
    Row(24, 2, [(LOSS_D_GENE, LOSS_D_GENE[:-2] + "\n")], ("SyntaxError", "")),
    Row(25, 2, [("loss_D = loss_D_real", "loss D = loss_D_real")], ("SyntaxError", "")),
    Row(
        26,
        2,
        [("scope='discriminator/'", "scope = 'discriminator'"), ("scope='generator/'", "scope = 'generator'")],
        check=prefix_takes_a_neighbour,
    ),
    Row(27, 2, indented_out(2), check=one_picture),
    Row(28, 2, [("os.makedirs('samples2', exist_ok=True)\n", "")], ("FileNotFoundError", "samples2")),
    Row(29, 2, [(FIG_2, FIG_2.replace("fig, ax", "fit, ax"))], ("NameError", "'fig'")),
    Row(30, 2, [("\nprint('최적화", "\n    print('최적화")], check=closing_line_every_epoch),
    Row(
        31,
        2,
        [("loss_G = tf.reduce_mean(tf.nn.sigmoid_", "loss_G = tf.reduce_mean(tf.nn.simoid_")],
        ("AttributeError", "simoid_cross_entropy_with_logits"),
    ),
    Row(32, 1, [], check=gradient_vanishes),
    Row(33, 1, [], check=loss_uses_both_networks),
]


@pytest.fixture(params=[pytest.param("ours", marks=pytest.mark.newest), pytest.param("TF 1.15", marks=pytest.mark.tf1)])
def ours(request):
    """Whether the two import lines are changed, or TensorFlow 1.15's own modules are used."""
    return request.param == "ours"


@pytest.mark.parametrize("row", ROWS, ids=repr)
def test_printed_form_does_what_errata_says(row, made_folder, ours):
    def run(as_meant=False, more=(), **options):
        text = listing_runner.source(row.listing)
        text = listing_runner.replaced(text, more)
        text = listing_runner.replaced(text, () if as_meant else row.changes)
        if row.listing == 1:
            text += "\nG_W1_after = sess.run(G_W1)\n"
        return listing_runner.run(text, made_folder, ours=ours, **options)

    if row.error is None:
        row.check(run)
    else:
        name, message = row.error
        with pytest.raises(Exception) as caught:
            run()
        assert name in [kind.__name__ for kind in caught.type.__mro__], caught.value
        assert message in str(caught.value)


@pytest.mark.parametrize("listing", [1, 2])
def test_listing_as_meant_runs_with_two_lines_changed(listing, made_folder, ours):
    """The listing runs, prints its lines, writes its pictures and trains both networks."""
    text = listing_runner.source(listing)
    names = listing_runner.run(text, made_folder, epochs=11, ours=ours)
    assert pictures() == ["000.png", "009.png"]
    *epochs, last = names["stdout"]
    assert last == "최적화 완료!"
    number = r"-?\d+\.?\d*(e-\d+)?"
    for epoch, line in enumerate(epochs):
        pattern = rf"Epoch: {epoch:04d} D loss: {number} G loss: {number}$"
        assert re.match(pattern, line), line
    assert len(epochs) == 11
    if listing == 2:
        made = [v.op.name for v in names["vars_G"] + names["vars_D"]]
        assert made == [
            network + layer + part
            for network in ("generator/", "discriminator/")
            for layer in ("dense/", "dense_1/")
            for part in ("kernel", "bias")
        ]


def test_errata_page_has_each_row_with_its_error():
    with open(os.path.join(DOCS, "errata.md"), encoding="utf-8") as f:
        lines = dict(re.findall(r"(?m)^\| (\d+) \|(.*)$", f.read()))
    assert sorted(map(int, lines)) == [row.number for row in ROWS]
    for row in ROWS:
        page = lines[str(row.number)]
        if row.error:
            assert row.error[0] in page, page
