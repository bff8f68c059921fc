"""The lecture's and the lesson's errata, rows 34 to 79 of docs/errata-other-texts.md: what the printed forms do.

Each row about a listing takes it as it is meant (tests/listings), puts the printed form back at one place and runs
it with stand-ins (tests/support/stand_ins.py). Rows about formulas are checked in NumPy. Every test also sees that
the meant form does not do what the printed one does.
"""

import ast
import json
import os
import re
import textwrap

import numpy as np
import pytest

from tests.support import other_texts
from tests.support.other_texts import (
    DCGAN,
    Row,
    best_d,
    close,
    indentation,
    noise_is_not_drawn_from_p_g,
    slope,
    source,
    syntax,
    underscores,
    value,
)
from tests.support.paths import ROOT
from tests.support.stand_ins import BinaryCrossentropy, Sequential, sigmoid

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


def magic_without_underscore(run):
    """A notebook takes the first word after the % for the magic's name."""
    magics = {"tensorflow_version", "time"}  # Colab's own, and IPython's
    name = re.compile(r"%+(\w+)")
    assert name.match("%tensorflow_version 2.x").group(1) in magics
    assert name.match("%tensorflow version 2.x").group(1) not in magics


RETURN = "activation='tanh'))\n    assert model.output_shape == (None, 28, 28, 1)\n    return model\n"


def return_outside_its_cell(run):
    """Left out with the cell's fence, the function gives None; typed at the margin, it is refused."""
    assert isinstance(run("dcgan_keras")["generator"], Sequential)
    with pytest.raises(TypeError, match="'NoneType' object is not callable"):
        run("dcgan_keras", [(RETURN, RETURN.replace("    return model\n", ""))])
    with pytest.raises(SyntaxError, match="'return' outside function"):
        run("dcgan_keras", [(RETURN, RETURN.replace("    return model", "return model"))])


CONV_2 = "    model.add(layers.Conv2D(128, (5, 5), strides=(2, 2), padding='same'))\n"


def convolution_missing(run):
    meant = run("dcgan_keras")["discriminator"]
    printed = run("dcgan_keras", [(CONV_2, "    model.add(layers.LeakyReLU())\n")])["discriminator"]
    assert [v.shape for v in meant.trainable_variables] == [
        (5, 5, 1, 64),
        (64,),
        (5, 5, 64, 128),
        (128,),
        (7 * 7 * 128, 1),
        (1,),
    ]
    assert [v.shape for v in printed.trainable_variables] == [(5, 5, 1, 64), (64,), (14 * 14 * 64, 1), (1,)]


CHECKPOINT = re.search(r"(?s)# The checkpoint cell.*?(?=EPOCHS = 50)", source("dcgan_keras")).group()


SAVE = "            checkpoint.save(file_prefix=checkpoint_prefix)\n"


LAST_SAVE = "\n    checkpoint.save(file_prefix=checkpoint_prefix)\n"


RESTORE = "checkpoint.restore(tf.train.latest_checkpoint(checkpoint_dir))\n"


PICTURE = "        generate_and_save_images(generator, epoch + 1, seed)\n"


def checkpoint_never_made(run):
    """Seen only when the fifteenth epoch has been trained, and again at the last cell."""
    assert len(run("dcgan_keras")["stdout"]) == 51  # the decision, and 50 epochs
    with pytest.raises(NameError, match="'checkpoint'"):
        run("dcgan_keras", [(CHECKPOINT, "")])
    assert sorted(os.listdir(".")) == [f"image_at_epoch_{epoch:04d}.png" for epoch in range(1, 16)]
    with pytest.raises(NameError, match="'checkpoint'"):
        run("dcgan_keras", [(CHECKPOINT, ""), (SAVE, "            pass\n"), (LAST_SAVE, "\n")])
    assert "image_at_epoch_0050.png" in os.listdir(".")


STEP_G = "    gradients_of_generator = gen_tape.gradient(gen_loss, generator.trainable_variables)\n"


STEP_D = "    gradients_of_discriminator = disc_tape.gradient(disc_loss, discriminator.trainable_variables)\n"


APPLY_G = "    generator_optimizer.apply_gradients(zip(gradients_of_generator, generator.trainable_variables))\n"


APPLY_D = (
    "    discriminator_optimizer.apply_gradients(zip(gradients_of_discriminator, discriminator.trainable_variables))\n"
)


REAL_OUTPUT = "        real_output = discriminator(images, training=True)\n"


FAKE_OUTPUT = "        fake_output = discriminator(generated_images, training=True)\n"


LOSS_G = "        gen_loss = generator_loss(fake_output)\n"


LOSS_D = "        disc_loss = discriminator_loss(real_output, fake_output)\n"


def name_garbled_and_line_broken(run):
    run("dcgan_keras")
    garbled = STEP_D.replace("discriminator.trainable_variables", "parallelent")
    with pytest.raises(NameError, match="'parallelent'"):
        run("dcgan_keras", [(STEP_D, garbled)])
    with pytest.raises(SyntaxError):
        run("dcgan_keras", [(STEP_D, garbled + "    discriminator.trainable_variables)\n")])


def d_never_steps(run):
    """The cell ends before D's step: without it D is never trained; at the margin it has no names."""
    meant = run("dcgan_keras")
    assert meant["generator_optimizer"].iterations == meant["discriminator_optimizer"].iterations == 150
    printed = run("dcgan_keras", [(APPLY_D, "")])
    assert printed["generator_optimizer"].iterations == 150
    assert printed["discriminator_optimizer"].iterations == 0
    with pytest.raises(NameError, match="gradients_of_discriminator"):
        run("dcgan_keras", [(APPLY_D, APPLY_D[4:])])


def picture_is_saved_under_another_name(run):
    assert "image_at_epoch_0050.png" in run("dcgan_keras")["files"]
    with pytest.raises(FileNotFoundError, match="image_at_epoch_0050.png"):
        run("dcgan_keras", [("plt.savefig('image_at_epoch_", "plt.savefig('image at epoch ")])
    assert "image at epoch 0050.png" in os.listdir(".")


def restoring_goes_back(run):
    """Fifty epochs of three steps; the last multiple of 15 is 45."""
    printed = run("dcgan_keras", [(LAST_SAVE, "\n")])
    assert printed["generator_optimizer"].iterations == 45 * 3
    assert run("dcgan_keras")["generator_optimizer"].iterations == 50 * 3


SHOW = "if IPython.version_info > (6, 2, 0, ''):\n    display.display(display.Image(filename=anim_file))\n"


def animation_is_not_shown(run):
    """A notebook shows a cell's last statement if that is an expression; this one is an `if`."""
    printed = SHOW.replace("display.display(display.Image(filename=anim_file))", "display.Image(filename=anim_file)")
    assert not isinstance(ast.parse("import IPython\n" + printed).body[-1], ast.Expr)
    assert run("dcgan_keras", [(SHOW, printed)])["shown"] == []
    assert run("dcgan_keras")["shown"] == ["dcgan.gif"]


def value_is_no_cost(run):
    """V rises as D gets better; what falls, the cost, is D's cross-entropy, -V."""
    better = np.linspace(0.0, 4.0, 9)
    values = [value(np.full(5, logit), np.full(7, -logit)) for logit in better]
    assert (np.diff(values) > 0).all()  # a cost would fall
    cross_entropy = BinaryCrossentropy(from_logits=True)
    costs = [cross_entropy(np.ones(5), np.full(5, s)) + cross_entropy(np.zeros(7), np.full(7, -s)) for s in better]
    assert (np.diff(costs) < 0).all()
    np.testing.assert_allclose(costs, -np.array(values), rtol=1e-12)


def expectation_lost(run):
    """Of one x and one z alone D can be sure, so V's maximum is 0 for any G, the perfect one too."""
    data = np.full(4, 0.25)
    points = np.eye(4)

    def of_one_sample_each(p_g):
        pairs = [(x, g) for x in range(4) for g in range(4) if x != g and p_g[g]]
        return [best_d(points[x], points[g])[0] for x, g in pairs]

    poor = np.array([1.0, 0, 0, 0])
    for p_g in (data, poor):
        np.testing.assert_allclose(of_one_sample_each(p_g), 0, atol=2e-3)
    # As it is meant the perfect G is told from the poor one: its value is -log 4, the least there is.
    assert close(best_d(data, data)[0], -np.log(4), 1e-6)
    assert best_d(data, poor)[0] > -np.log(4) + 0.5


def ten_is_no_probability(run):
    with np.errstate(invalid="ignore"):
        assert np.isnan(np.log(1 - 10.0))  # the second term at the printed result
    assert np.log(1 - 0.0) == 0  # at the meant one it is as large as it can be
    assert (np.log(1 - np.linspace(0, 0.99, 50)) <= 0).all()


def k_steps_are_not_500_epochs(run):
    """The listing has k = 1: G's update and D's take turns; 500 for one is another program."""
    meant = run("dcgan_keras")
    counts = meant["generator_optimizer"].iterations, meant["discriminator_optimizer"].iterations
    assert counts[0] == counts[1]
    assert meant["events"][:4] == [10, 6, 10, 6]  # G's 10 variables, D's 6
    many = "    for k in range(500):\n" + textwrap.indent(APPLY_D, "    ")
    printed = run("dcgan_keras", [(APPLY_D, many)])
    assert printed["discriminator_optimizer"].iterations == 500 * counts[1]


GRADIENT_D = (
    r"\nabla_{\theta_d} \frac{1}{m} \sum_{i=1}^m \left[\log D\left(\boldsymbol{x}^{(i)}\right)"
    r" + \log \left(1 - D\left(G\left(\boldsymbol{z}^{(i)}\right)\right)\right)\right]."
)


GRADIENT_D_PRINTED = (
    r"abla_{ heta_d} rac{1}{m} \sum_{i=1}^m \left[\log D\left(oldsymbol{x}^{(i)}"
    "\night) + \\log \\left(1 - D\\left(G\\left(oldsymbol{z}^{(i)}"
    "\night)\night)\night)\night]."
)


def escapes_taken_for_control_characters(run):
    r"""\n, \t, \f, \b and \r were read as a string's escapes; what is left is no formula."""
    control = {r"\n": "", r"\t": " ", r"\f": "", r"\b": "", r"\r": "\n"}
    read = re.sub(r"\\[ntfbr]", lambda found: control[found.group()], GRADIENT_D)
    assert read.replace(" rac", "rac") == GRADIENT_D_PRINTED.replace(" rac", "rac")
    for formula, whole in ((GRADIENT_D, True), (GRADIENT_D_PRINTED, False)):
        assert (len(re.findall(r"\\left\b", formula)) == len(re.findall(r"\\right\b", formula))) is whole
        for command in (r"\nabla", r"\theta", r"\frac", r"\boldsymbol"):
            assert (command in formula) is whole


def sure_d_gives_g_no_gradient(run):
    """It is D's values that go to 0 and 1. The slope of G's loss goes to 0 there, not to 1."""
    real, fake = 14.0, -14.0  # D's logits when it is too good
    assert close(sigmoid(real), 1, 1e-5) and close(sigmoid(fake), 0, 1e-5)
    saturating = lambda logit: -np.logaddexp(0, logit)  # noqa: E731  log(1 - D(G(z)))
    assert close(slope(saturating, fake), 0, 1e-5)
    # A slope of 1 in size, the other printed value, is a healthy one: D is wrong, or G's loss is
    # the listing's, -log D(G(z)).
    assert close(slope(saturating, real), -1, 1e-5)
    assert close(slope(lambda logit: np.logaddexp(0, -logit), fake), -1, 1e-5)


def rates_alike_are_meant(run):
    """The lecture's listing has one rate for both; rates set apart are what ruined the runs on record."""
    names = run("dcgan_keras")
    assert names["generator_optimizer"].learning_rate == names["discriminator_optimizer"].learning_rate
    with open(os.path.join(ROOT, "benchmarks", "cures.jsonl")) as f:
        runs = [json.loads(line) for line in f]
    lost = {
        cure: np.mean([r["right"] < 0.5 for r in runs if (r["cure"], r["epochs"]) == (cure, 20)])
        for cure in ("as the book", "--d-learning-rate 0.0002", "--g-learning-rate 0.0002")
    }
    assert lost["as the book"] < 0.1  # both at 0.001
    assert lost["--d-learning-rate 0.0002"] == lost["--g-learning-rate 0.0002"] == 1


def dcgan_has_no_pooling(run):
    """DCGAN halves its images by strides; pooling takes the gradient from three pixels in four."""

    def kinds(names):
        return [type(layer).__name__ for layer in names["discriminator"].layers]

    pooled = CONV_2.replace("strides=(2, 2)", "strides=(1, 1)") + "    model.add(layers.MaxPooling2D())\n"
    meant, printed = run("dcgan_keras"), run("dcgan_keras", [(CONV_2, pooled)])
    assert "MaxPooling2D" not in kinds(meant) and "MaxPooling2D" in kinds(printed)
    shapes = [[v.shape for v in names["discriminator"].trainable_variables] for names in (meant, printed)]
    assert shapes[0] == shapes[1]  # the same weights, so nothing complains
    # What the image is told by one output: a pooled window passes it on to its largest pixel only.
    window = np.random.RandomState(0).normal(size=4)
    kernel = np.array([0.3, -0.2, 0.5, 0.1])
    one = np.eye(4) * 1e-6
    through_pool = [(np.max(window + e) - np.max(window - e)) / 2e-6 for e in one]
    through_stride = [(kernel @ (window + e) - kernel @ (window - e)) / 2e-6 for e in one]
    np.testing.assert_allclose(sorted(through_pool), [0, 0, 0, 1], atol=1e-6)
    np.testing.assert_allclose(through_stride, kernel, atol=1e-6)


RESHAPED = "    model.add(layers.Reshape((7, 7, 256)))\n"


BEGIN_G = "def make_generator_model():\n    model = tf.keras.Sequential()\n    model.add(layers.Dense"


NORM_1 = "    model.add(layers.BatchNormalization())\n    model.add(layers.LeakyReLU())\n" + RESHAPED


BEGIN_D = "input_shape=[28, 28, 1]))\n    model.add(layers.LeakyReLU())\n"


GIF = re.search(r"(?s)with imageio.get_writer.*?(?=\nimport IPython)", source("dcgan_keras")).group()


GIF_PRINTED = """\
with imageio.get_writer(anim_file, mode='I') as writer:
  filenames = glob.glob('image*.png')
 filenames = sorted(filenames)
 last = -1
  for i, filename in enumerate(filenames):
   frame = 2*(i**0.5)
   if round(frame) > round(last):
     last = frame
    else:
     continue
    image = imageio.imread(filename)
    writer.append_data(image)
  image = imageio.imread(filename)
 writer.append_data(image)
"""


TRAIN_D = STEP_D.strip()


ROWS = [
    # the lecture's listing
    Row(34, check=magic_without_underscore),
    syntax(35, DCGAN, ("(_, _) = mnist", "( , _) = mnist")),
    syntax(36, DCGAN, ("train_dataset = tf.data", "train_dataset =\ntf.data")),
    syntax(37, DCGAN, (".batch(BATCH_SIZE)\n", ".batch(BATCH_SIZE)\n\n모델 마들기\n")),
    underscores(
        38,
        ("def make_generator_model", "make_generator_model"),
        ("7*7*256, use_bias", "use_bias"),
        ("input_shape=(100,)", "input_shape"),
        ("output_shape == (None, 7, 7, 256)", "output_shape"),
        ("strides=(1, 1), padding='same', use_bias", "use_bias"),
        ("output_shape == (None, 7, 7, 128)", "output_shape"),
        ("(64, (5, 5), strides=(2, 2), padding='same', use_bias", "use_bias"),
        ("output_shape == (None, 14, 14, 64)", "output_shape"),
        ("(1, (5, 5), strides=(2, 2), padding='same', use_bias", "use_bias"),
        ("output_shape == (None, 28, 28, 1)", "output_shape"),
    ),
    indentation(
        39,
        DCGAN,
        (BEGIN_G, BEGIN_G.replace("    model.add", "model.add")),
        (BEGIN_G, BEGIN_G.replace("    model =", "   model =")),
        (NORM_1, NORM_1.replace("    model.add(layers.Leaky", "  model.add(layers.Leaky")),
    ),
    Row(40, check=return_outside_its_cell),
    syntax(41, DCGAN, (BEGIN_D, BEGIN_D.replace("    model", "    ( model"))),
    Row(42, check=convolution_missing),
    indentation(43, DCGAN, (CONV_2, CONV_2[4:]), ("    model.add(layers.Flatten())", "model.add(layers.Flatten())")),
    Row(
        44,
        DCGAN,
        [("cross_entropy = tf.keras", "# 이 메서드는 ... 반환합니다. cross_entropy = tf.keras")],
        error=("NameError", "cross_entropy"),
    ),
    Row(45, check=checkpoint_never_made),
    syntax(46, DCGAN, ("noise_dim = 100\n", "noise_dim = 100 생각\n")),
    syntax(47, DCGAN, ("_to_generate = 16\n", "_to_generate = 16 생각되지- (\n")),
    underscores(
        48,
        ("def train_step(", "train_step"),
        ("    noise = tf.random.normal([BATCH_SIZE, noise_dim])", "BATCH_SIZE"),
        ("    noise = tf.random.normal([BATCH_SIZE, noise_dim])", "noise_dim"),
        ("as gen_tape,", "gen_tape"),
        ("as disc_tape:", "disc_tape"),
        (REAL_OUTPUT, "real_output"),
        (FAKE_OUTPUT, "fake_output"),
        (FAKE_OUTPUT, "generated_images"),
        (LOSS_G, "gen_loss"),
        (LOSS_G, "generator_loss"),
        (LOSS_G, "fake_output"),
        (STEP_G, "gradients_of_generator"),
        (STEP_G, "gen_tape"),
        (STEP_G, "gen_loss"),
        (STEP_D, "trainable_variables"),
        (APPLY_G, "generator_optimizer"),
        (APPLY_G, "apply_gradients"),
        (APPLY_G, "gradients_of_generator"),
        (APPLY_G, "trainable_variables"),
        (APPLY_D, "discriminator_optimizer"),
        (APPLY_D, "apply_gradients"),
        (APPLY_D, "trainable_variables"),
    ),
    syntax(
        49,
        DCGAN,
        (REAL_OUTPUT, REAL_OUTPUT.replace("training=True", "training\\u00e4rue")),
        (FAKE_OUTPUT, FAKE_OUTPUT.replace("training=True", "training\\u00e4rue")),
    ),
    Row(
        50,
        DCGAN,
        [("        generated_images = generator(noise, training=True)\n", "")],
        error=("NameError", "generated_images"),
    ),
    indentation(51, DCGAN, (FAKE_OUTPUT, FAKE_OUTPUT.lstrip()), (STEP_D, STEP_D[1:])),
    syntax(
        52,
        DCGAN,
        (LOSS_G + LOSS_D, LOSS_G.rstrip() + " G Julo E " + LOSS_D.strip() + " D Julo E\n"),
        (LOSS_G + LOSS_D, LOSS_G.rstrip() + " " + LOSS_D.strip() + "\n"),
    ),
    syntax(53, DCGAN, (STEP_G, STEP_G.rstrip() + " \\frac{1}{9}\n")),
    Row(
        54,
        DCGAN,
        [(TRAIN_D, TRAIN_D.replace("discriminator =", "generator -"))],
        error=("TypeError", "unsupported operand type(s) for -: 'list' and 'list'"),
    ),
    Row(
        55,
        DCGAN,
        [(TRAIN_D, TRAIN_D.replace("gradients_of_discriminator", "gradients_of_generator"))],
        error=("ValueError", "Dimensions must be equal"),
    ),
    Row(56, DCGAN, [(TRAIN_D, TRAIN_D.replace("disc_tape", "gen_tape"))], error=("RuntimeError", "non-persistent")),
    Row(57, check=name_garbled_and_line_broken),
    syntax(58, DCGAN, (APPLY_G, APPLY_G.replace("(zip(", " tip (")), (APPLY_D, APPLY_D.replace("(zip(", " tip("))),
    Row(59, check=d_never_steps),
    underscores(
        60,
        ("for image_batch in", "image_batch"),
        ("            train_step(image_batch)", "train_step"),
        ("            train_step(image_batch)", "image_batch"),
        (PICTURE, "generate_and_save_images"),
        (SAVE, "file_prefix"),
        (SAVE, "checkpoint_prefix"),
        ("display.clear_output", "clear_output"),
        ("    generate_and_save_images(generator, epochs", "generate_and_save_images"),
    ),
    syntax(61, DCGAN, ("(wait=True)", "(wait\\#\\rue)")),
    underscores(
        62,
        ("def generate_and_save_images", "generate_and_save_images"),
        ("epoch, test_input)", "test_input"),
        ("model(test_input,", "test_input"),
    ),
    Row(
        63,
        DCGAN,
        [("(test_input, training=False)", "(test_input, trainingFalse)")],
        error=("NameError", "trainingFalse"),
    ),
    Row(64, check=picture_is_saved_under_another_name),
    underscores(65, (RESTORE, "latest_checkpoint"), (RESTORE, "checkpoint_dir")),
    Row(66, check=restoring_goes_back),
    underscores(
        67,
        ("anim_file = ", "anim_file"),
        ("imageio.get_writer", "get_writer"),
        ("writer(anim_file,", "anim_file"),
        ("\n        writer.append_data(image)", "append_data"),
        ("\n    writer.append_data(image)", "append_data"),
        ("IPython.version_info", "version_info"),
        ("filename=anim_file", "anim_file"),
    ),
    indentation(68, DCGAN, (GIF, GIF_PRINTED)),
    syntax(69, DCGAN, ("(6, 2, 0, '')", '(6,2,0,")')),
    Row(70, check=animation_is_not_shown),
    # the lecture's prose
    Row(71, check=value_is_no_cost),
    Row(72, check=expectation_lost),
    Row(73, check=ten_is_no_probability),
    Row(74, check=k_steps_are_not_500_epochs),
    Row(75, check=noise_is_not_drawn_from_p_g),
    Row(76, check=escapes_taken_for_control_characters),
    Row(77, check=sure_d_gives_g_no_gradient),
    Row(78, check=rates_alike_are_meant),
    # the lesson
    Row(79, check=dcgan_has_no_pooling),
]


@pytest.mark.parametrize("row", ROWS, ids=repr)
def test_printed_form_does_what_errata_says(row, run):
    other_texts.check(row, run)


def test_page_has_each_row_with_its_error():
    other_texts.check_page(ROWS, "lecture")


def test_dcgan_as_meant_trains_both_networks_and_leaves_its_files(run):
    names = run("dcgan_keras")
    assert names["generator"].output_shape == (None, 28, 28, 1)
    assert names["discriminator"].output_shape == (None, 1)
    assert names["generator_optimizer"].iterations == names["discriminator_optimizer"].iterations == 50 * 3
    pictures = [name for name in names["files"] if name.startswith("image_at_epoch_")]
    assert len(pictures) == 50
    # after epochs 15, 30 and 45, and at the end
    assert len([name for name in names["files"] if name.startswith("training_checkpoints")]) == 4
