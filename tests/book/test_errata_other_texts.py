"""docs/errata-other-texts.md, row by row: what the forms printed in the four other texts do.

Each row about a listing takes it as it is meant (tests/listings), puts the printed form back at one
place and runs it with small stand-ins for Keras, PyTorch and the notebook, which are installed in
none of the test environments or would start TensorFlow's eager mode. Rows about formulas are
checked in NumPy. Every test also sees that the meant form does not do what the printed one does.
"""

import ast
import builtins
import collections
import contextlib
import io
import json
import os
import re
import sys
import textwrap
import types

import numpy as np
import pytest

from tests.support import listing_runner
from tests.support.paths import ROOT

LISTINGS = os.path.join(ROOT, "tests", "listings")
PAGE = os.path.join(ROOT, "docs", "errata-other-texts.md")
PACKAGE = os.path.join(ROOT, "legacy_gan")


# The stand-ins. They have only what the listings call, and fail where the real modules were seen to.


def module(name, **attributes):
    made = types.ModuleType(name)
    vars(made).update(attributes)
    return made


class KerasLayer:
    """A layer's arithmetic of shapes: self.weights and self.output_shape once it was built."""

    def __init__(self, *sizes, **options):
        self.sizes, self.options = sizes, options
        self.input_shape = options.get("input_shape")

    def build(self, shape):
        self.weights, self.output_shape = [], shape
        return self


class Dense(KerasLayer):
    def build(self, shape):
        units = self.sizes[0]
        self.weights = [(shape[-1], units)] + [(units,)] * self.options.get("use_bias", True)
        self.output_shape = shape[:-1] + (units,)
        return self


class Conv2D(KerasLayer):
    def build(self, shape):
        filters, kernel = self.sizes
        self.weights = [kernel + (shape[-1], filters)] + [(filters,)] * self.options.get("use_bias", True)
        step = self.options["strides"]
        assert self.options["padding"] == "same"
        self.output_shape = (None, -(-shape[1] // step[0]), -(-shape[2] // step[1]), filters)
        return self


class Conv2DTranspose(Conv2D):
    def build(self, shape):
        super().build(shape)
        step = self.options["strides"]
        self.output_shape = (None, shape[1] * step[0], shape[2] * step[1], self.sizes[0])
        return self


class MaxPooling2D(KerasLayer):
    def build(self, shape):
        self.weights, self.output_shape = [], (None, shape[1] // 2, shape[2] // 2, shape[3])
        return self


class BatchNormalization(KerasLayer):
    def build(self, shape):
        self.weights, self.output_shape = [shape[-1:]] * 2, shape
        return self


class LeakyReLU(KerasLayer):
    pass


class Dropout(KerasLayer):
    pass


class Reshape(KerasLayer):
    def build(self, shape):
        self.weights, self.output_shape = [], (None,) + self.sizes[0]
        assert np.prod(shape[1:]) == np.prod(self.sizes[0])
        return self


class Flatten(KerasLayer):
    def build(self, shape):
        self.weights, self.output_shape = [], (None, int(np.prod(shape[1:])))
        return self


Weights = collections.namedtuple("Weights", "shape")  # a variable, or its gradient


class Sequential:
    def __init__(self):
        self.layers = []

    def add(self, layer):
        if self.layers:
            shape = self.layers[-1].output_shape
        else:
            shape = self.first = (None,) + tuple(layer.input_shape)
        self.layers.append(layer.build(shape))

    @property
    def output_shape(self):
        return self.layers[-1].output_shape

    @property
    def trainable_variables(self):
        return [Weights(shape) for layer in self.layers for shape in layer.weights]

    def __call__(self, inputs, training=None):
        if inputs.shape[1:] != self.first[1:]:
            raise ValueError(f"expected {self.first}, got {inputs.shape}")
        return np.zeros((len(inputs),) + self.output_shape[1:], np.float32)


class KerasAdam:
    """Counts its updates; events has one entry for each, in order."""

    def __init__(self, learning_rate, events):
        self.learning_rate, self.events, self.iterations = learning_rate, events, 0

    def apply_gradients(self, pairs):
        pairs = list(pairs)
        for gradient, variable in pairs:
            if gradient.shape != variable.shape:
                raise ValueError(f"Dimensions must be equal: {gradient.shape}, {variable.shape}")
        self.iterations += 1
        self.events.append(len(pairs))


class GradientTape:
    def __init__(self):
        self.used = False

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        pass

    def gradient(self, loss, variables):
        if self.used:
            raise RuntimeError("A non-persistent GradientTape can only be used to compute one set")
        self.used = True
        return [Weights(v.shape) for v in variables]


class Batches:
    """tf.data.Dataset.from_tensor_slices(array).shuffle(n).batch(n), without the shuffling."""

    def __init__(self, array):
        self.array = array

    def shuffle(self, buffer_size):
        return self

    def batch(self, size):
        return [self.array[i : i + size] for i in range(0, len(self.array), size)]


class Checkpoint:
    """Keeps the optimizers' counts, one file a save."""

    saved = []

    def __init__(self, **objects):
        self.objects = objects
        del self.saved[:]

    def save(self, file_prefix):
        path = f"{file_prefix}-{len(self.saved) + 1}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        counts = {k: v.iterations for k, v in self.objects.items() if isinstance(v, KerasAdam)}
        with open(path, "w") as f:
            json.dump(counts, f)
        self.saved.append(path)

    def restore(self, path):
        if path is not None:
            with open(path) as f:
                for name, count in json.load(f).items():
                    self.objects[name].iterations = count


def latest_checkpoint(folder):
    there = [path for path in Checkpoint.saved if os.path.dirname(path) == folder]
    return there[-1] if there else None


class BinaryCrossentropy:
    def __init__(self, from_logits):
        assert from_logits

    def __call__(self, labels, logits):
        return float(np.mean(np.logaddexp(0, logits) - labels * logits))


def keras_modules(events, shown):
    """Returns the modules that tests/listings/dcgan_keras.py imports: {name: module}."""
    layers = module(
        "layers",
        Dense=Dense,
        Conv2D=Conv2D,
        Conv2DTranspose=Conv2DTranspose,
        Flatten=Flatten,
        BatchNormalization=BatchNormalization,
        LeakyReLU=LeakyReLU,
        Dropout=Dropout,
        Reshape=Reshape,
        MaxPooling2D=MaxPooling2D,
    )
    images = np.zeros((600, 28, 28), np.uint8)  # three batches an epoch, the last one smaller
    keras = module(
        "keras",
        layers=layers,
        Sequential=Sequential,
        datasets=module(
            "datasets", mnist=module("mnist", load_data=lambda: ((images, np.zeros(600)), (images[:9], np.zeros(9))))
        ),
        losses=module("losses", BinaryCrossentropy=BinaryCrossentropy),
        optimizers=module("optimizers", Adam=lambda rate: KerasAdam(rate, events)),
    )
    tf = module(
        "tensorflow",
        keras=keras,
        GradientTape=GradientTape,
        function=lambda f: f,
        ones_like=np.ones_like,
        zeros_like=np.zeros_like,
        ones=np.ones,
        zeros=np.zeros,
        random=module("random", normal=lambda shape: np.zeros(shape, np.float32)),
        data=module("data", Dataset=module("Dataset", from_tensor_slices=Batches)),
        train=module("train", Checkpoint=Checkpoint, latest_checkpoint=latest_checkpoint),
    )
    nothing = lambda *args, **options: None  # noqa: E731
    plt = module(
        "pyplot",
        imshow=nothing,
        figure=nothing,
        subplot=nothing,
        axis=nothing,
        show=nothing,
        savefig=lambda path: open(path, "w").close(),
    )
    display = module("display", clear_output=lambda wait: None, Image=lambda filename: filename, display=shown.append)

    class Writer(io.StringIO):
        append_data = nothing

    return {
        "tensorflow": tf,
        "tensorflow.keras": keras,
        "matplotlib": module("matplotlib", pyplot=plt),
        "matplotlib.pyplot": plt,
        "IPython": module("IPython", version_info=(9, 18, 1, ""), display=display),
        "IPython.display": display,
        "imageio": module("imageio", get_writer=lambda path, mode: Writer(), imread=os.stat),
        "PIL": module("PIL", Image=module("Image", open=os.stat)),
        "google.colab": None,
    }


class Tensor:
    """float32 values, as much of a torch.Tensor as the listings use."""

    def __init__(self, array):
        self.array = np.asarray(array, np.float32)
        self.shape = self.array.shape

    def size(self, axis):
        return self.shape[axis]

    def reshape(self, *shape):
        try:
            return Tensor(self.array.reshape(shape))
        except ValueError as error:
            raise RuntimeError(f"shape is invalid: {error}")

    def to(self, device):
        return self

    detach = backward = lambda self: self

    def clamp(self, low, high):
        return Tensor(self.array.clip(low, high))

    def mean(self):
        return Tensor(self.array.mean())

    def item(self):
        return self.array.item()

    def __add__(self, other):
        return Tensor(self.array + getattr(other, "array", other))

    def __truediv__(self, number):
        return Tensor(self.array / number)


class Module:
    def __call__(self, x):
        return self.forward(x)

    def parameters(self):
        return [p for part in vars(self).values() if isinstance(part, Module) for p in part.parameters()]

    def to(self, device):
        return self

    def state_dict(self):
        return self.parameters()


class Linear(Module):
    def __init__(self, n_in, n_out):
        rng = np.random.RandomState(n_in)
        self.kernel = rng.uniform(-1, 1, (n_in, n_out)).astype(np.float32) / np.sqrt(np.float32(n_in))

    def forward(self, x):
        if x.shape[-1] != len(self.kernel):
            raise RuntimeError(f"shapes cannot be multiplied: {x.shape}, {self.kernel.shape}")
        return Tensor(x.array @ self.kernel)

    def parameters(self):
        return [self.kernel]


def activation(function):
    class Activation(Module):
        def __init__(self, *slope, **options):
            pass

        def forward(self, x):
            return Tensor(function(x.array))

    return Activation


class TorchSequential(Module):
    def __init__(self, *parts):
        self.parts = parts

    def forward(self, x):
        for part in self.parts:
            x = part(x)
        return x

    def parameters(self):
        return [p for part in self.parts for p in part.parameters()]


def sigmoid(x):
    """float32, so that it is 1 from 17 on, as it is in PyTorch."""
    x = np.asarray(x, np.float32)
    with np.errstate(over="ignore"):
        return np.float32(1) / (np.float32(1) + np.exp(-x))


class BCELoss:
    """Of probabilities, with logarithms held at -100, as PyTorch holds them."""

    def __call__(self, p, labels):
        assert p.shape == labels.shape
        with np.errstate(divide="ignore"):
            log_p = np.maximum(np.log(p.array), -100)
            log_q = np.maximum(np.log(1 - p.array), -100)
        return Tensor(-np.mean(labels.array * log_p + (1 - labels.array) * log_q))


class BCEWithLogitsLoss:
    def __call__(self, logits, labels):
        assert logits.shape == labels.shape
        return Tensor(np.mean(np.logaddexp(np.float32(0), logits.array) - labels.array * logits.array))


class TorchAdam:
    def __init__(self, parameters, lr, events):
        assert parameters
        self.parameters, self.lr, self.events, self.steps = parameters, lr, events, 0

    def zero_grad(self, set_to_none=True):
        pass

    def step(self):
        self.steps += 1
        self.events.append([p.shape for p in self.parameters])


class DataLoader:
    def __init__(self, dataset, batch_size, shuffle):
        self.images, self.batch_size = dataset, batch_size

    def __len__(self):
        return -(-len(self.images) // self.batch_size)

    def __iter__(self):
        for i in range(0, len(self.images), self.batch_size):
            yield Tensor(self.images[i : i + self.batch_size]), None


def torch_modules(events, data):
    """Returns the modules that the two PyTorch listings import: {name: module}."""
    rng = np.random.RandomState(0)
    nn = module(
        "torch.nn",
        Module=Module,
        Linear=Linear,
        Sequential=TorchSequential,
        ReLU=activation(lambda x: np.maximum(x, 0)),
        Tanh=activation(np.tanh),
        LeakyReLU=activation(lambda x: np.maximum(x, 0.2 * x)),
        Sigmoid=activation(sigmoid),
        BCELoss=BCELoss,
        BCEWithLogitsLoss=BCEWithLogitsLoss,
    )
    torch = module(
        "torch",
        nn=nn,
        device=str,
        cuda=module("cuda", is_available=lambda: False),
        ones=lambda *shape, device=None: Tensor(np.ones(shape)),
        zeros=lambda *shape, device=None: Tensor(np.zeros(shape)),
        randn=lambda *shape, device=None: Tensor(rng.normal(size=shape)),
        sigmoid=lambda x: Tensor(sigmoid(x.array)),
        save=lambda what, path: open(path, "w").close(),
        optim=module("optim", Adam=lambda parameters, lr: TorchAdam(parameters, lr, events)),
        utils=module("utils", data=module("data", DataLoader=DataLoader)),
    )
    transforms = module("transforms", Compose=list, ToTensor=str, Normalize=lambda mean, std: (mean, std))
    utils = module("utils", save_image=lambda x, path: open(path, "w").close())
    images = rng.uniform(-1, 1, (data, 1, 28, 28))
    datasets = module("datasets", MNIST=lambda root, train, transform, download: images)
    torchvision = module("torchvision", transforms=transforms, utils=utils, datasets=datasets)
    return {
        "torch": torch,
        "torch.nn": nn,
        "torchvision": torchvision,
        "torchvision.transforms": transforms,
        "torchvision.utils": utils,
    }


@pytest.fixture
def run(monkeypatch, tmp_path_factory):
    """Runs a listing in an empty folder: run("dcgan_keras", [(meant, printed)]) -> its names.

    With them come "stdout", the lines it printed; "events", the optimizers' updates in order;
    "shown", what the notebook displayed; and "files", what lies in its folder afterwards.
    """

    def run(listing, changes=(), data=300):
        with open(os.path.join(LISTINGS, listing + ".py"), encoding="utf-8") as f:
            text = f.read()
        text = listing_runner.replaced(text, list(changes))
        # As many epochs as tell; Keras' stand-in is quick and has the listing's own 50.
        for printed, few in (
            ("num_epochs = 200\n", "num_epochs = 2\n"),
            ("\nEPOCHS = 100\n", "\nEPOCHS = 2\n"),
            ("(i+1) % 200", "(i+1) % 3"),
        ):
            text = text.replace(printed, few)
        monkeypatch.chdir(tmp_path_factory.mktemp("listing"))
        events, shown, printed = [], [], io.StringIO()
        names = {"__name__": "__main__"}
        with monkeypatch.context() as patch, contextlib.redirect_stdout(printed):
            made = keras_modules(events, shown) if "keras" in listing else torch_modules(events, data)
            for name, stand_in in made.items():
                patch.setitem(sys.modules, name, stand_in)
            exec(compile(text, listing, "exec"), names)
        names.update(stdout=printed.getvalue().splitlines(), events=events, shown=shown)
        names["files"] = sorted(os.path.join(d, f)[2:] for d, _, files in os.walk(".") for f in files)
        return names

    return run


def unresolved(text):
    """Returns the names that a piece of code reads and never makes, in the order of their reading."""
    made, read = set(dir(builtins)), []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.append((node.lineno, node.col_offset, node.id))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, ast.alias):
            made.add(node.asname or node.name)
        elif isinstance(node, (ast.Name, ast.arg)):
            made.add(node.id if isinstance(node, ast.Name) else node.arg)
    return list(dict.fromkeys(name for _, _, name in sorted(read) if name not in made))


class Row:
    """One erratum: its number, its listing, its changes, and what the printed form does.

    `changes` is [(meant, printed)], put back together; `places` a list of those, each put back
    alone. `error` is (exception type's name, text in its message); `check` is a function of `run`
    for a form that runs and does something else, or for a formula.
    """

    def __init__(self, number, listing=None, changes=None, places=None, error=None, check=None):
        self.number, self.listing, self.error, self.check = number, listing, error, check
        self.places = places or [changes]

    def __repr__(self):
        return f"erratum-{self.number}"


def syntax(number, listing, *places):
    """A row whose places are each, alone, a SyntaxError."""
    return Row(number, listing, places=[[place] for place in places], error=("SyntaxError", ""))


def indentation(number, listing, *places):
    return Row(number, listing, places=[[place] for place in places], error=("IndentationError", ""))


def underscores(number, *places):
    """A row of the lecture's lost underscores: (a line's part that stands once, the name in it)."""
    for part, name in places:
        assert part.count(name) == 1 and "_" in name, part
    return syntax(number, "dcgan_keras", *[(part, part.replace(name, name.replace("_", " "))) for part, name in places])


def close(value, meant, tolerance=1e-6):
    return abs(value - meant) <= tolerance


# The lecture: rows 34 to 78


def magic_without_underscore(run):
    """A notebook takes the first word after the % for the magic's name."""
    magics = {"tensorflow_version", "time"}  # Colab's own, and IPython's
    name = re.compile(r"%+(\w+)")
    assert name.match("%tensorflow_version 2.x").group(1) in magics
    assert name.match("%tensorflow version 2.x").group(1) not in magics


def source(listing):
    with open(os.path.join(LISTINGS, listing + ".py"), encoding="utf-8") as f:
        return f.read()


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


def value(real_logits, fake_logits):
    """V = mean log D(x) + mean log(1 - D(G(z))), from logits, float64."""
    return -np.mean(np.logaddexp(0, -real_logits)) - np.mean(np.logaddexp(0, fake_logits))


def value_is_no_cost(run):
    """V rises as D gets better; what falls, the cost, is D's cross-entropy, -V."""
    better = np.linspace(0.0, 4.0, 9)
    values = [value(np.full(5, logit), np.full(7, -logit)) for logit in better]
    assert (np.diff(values) > 0).all()  # a cost would fall
    cross_entropy = BinaryCrossentropy(from_logits=True)
    costs = [cross_entropy(np.ones(5), np.full(5, s)) + cross_entropy(np.zeros(7), np.full(7, -s)) for s in better]
    assert (np.diff(costs) < 0).all()
    np.testing.assert_allclose(costs, -np.array(values), rtol=1e-12)


def best_d(p_data, p_g):
    """The largest V of two distributions over the same points, searched and not taken from the formula."""
    d = np.linspace(0.0005, 0.9995, 1999)[:, None]
    terms = p_data * np.log(d) + p_g * np.log(1 - d)
    return terms.max(axis=0).sum(), d[terms.argmax(axis=0), 0]


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


def noise_is_not_drawn_from_p_g(run):
    """z drawn from p_g is an image: it does not fit G; where it does, G's law is another one."""
    image, first_kernel = np.zeros((2, 784)), np.zeros((100, 256))
    with pytest.raises(ValueError):
        image @ first_kernel
    assert (np.zeros((2, 100)) @ first_kernel).shape == (2, 256)
    z = np.random.RandomState(0).normal(size=100001)
    G = np.exp
    generated = G(z)  # z ~ p_z: p_g is the lognormal law, its median 1
    assert close(np.median(generated), 1, 0.02)  # the median's spread is 0.004
    assert close(np.median(G(generated)), np.e, 0.05)  # z ~ p_g


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


def slope(function, at, step=1e-6):
    return (function(at + step) - function(at - step)) / (2 * step)


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


# The lesson: row 79


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


# The seminar: rows 80 to 95


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


def test_installed_keras_has_the_methods_that_erratum_94_says():
    """Read in the installed Keras' source, without importing it."""
    import importlib.util

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


# The notes: rows 96 to 109

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


DCGAN, VANILLA, SEMINAR = "dcgan_keras", "vanilla_torch", "seminar_torch"
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
    if row.error is None:
        row.check(run)
        return
    run(row.listing)  # as it is meant it runs
    for changes in row.places:
        with pytest.raises(Exception) as caught:
            run(row.listing, changes)
        assert caught.type.__name__ == row.error[0], (changes, caught.value)
        assert row.error[1] in str(caught.value), changes


def test_dcgan_as_meant_trains_both_networks_and_leaves_its_files(run):
    names = run("dcgan_keras")
    assert names["generator"].output_shape == (None, 28, 28, 1)
    assert names["discriminator"].output_shape == (None, 1)
    assert names["generator_optimizer"].iterations == names["discriminator_optimizer"].iterations == 50 * 3
    pictures = [name for name in names["files"] if name.startswith("image_at_epoch_")]
    assert len(pictures) == 50
    # after epochs 15, 30 and 45, and at the end
    assert len([name for name in names["files"] if name.startswith("training_checkpoints")]) == 4


@pytest.mark.parametrize("listing, d, g", [(VANILLA, "d_optimizer", "g_optimizer"), (SEMINAR, "opt_D", "opt_G")])
def test_torch_listing_as_meant_steps_d_then_g(listing, d, g, run):
    names = run(listing)
    assert names[d].steps == names[g].steps == len(names["events"]) / 2 > 0
    of_d, of_g = ([p.shape for p in names[optimizer].parameters] for optimizer in (d, g))
    assert names["events"] == [of_d, of_g] * names[d].steps
    assert of_d[0][0] == 784 and of_g[-1][1] == 784


def page():
    with open(PAGE, encoding="utf-8") as f:
        return f.read()


def test_page_has_each_row_with_its_error():
    lines = dict(re.findall(r"(?m)^\| (\d+) \|(.*)$", page()))
    assert list(map(int, lines)) == [row.number for row in ROWS] == list(range(34, 34 + len(ROWS)))
    for row in ROWS:
        if row.error:
            assert row.error[0] in lines[str(row.number)], row


def listed(text):
    """Returns the numbers in a text as "38 to 40, 42 and 79", a set of int."""
    numbers = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", text):
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def places():
    """Returns (file or other place, rows) of the last section, a list."""
    section = page().split("## Where the comments go")[1]
    cells = re.findall(r"(?m)^\| (`?[\w./]+`?) \| ([\d, to]+) \|", section)
    return [(place, listed(rows)) for place, rows in cells]


def test_page_gives_every_row_a_place():
    assert set().union(*[rows for _, rows in places()]) == {row.number for row in ROWS}


def test_comments_stand_where_the_page_says():
    files = {place.strip("`") for place, _ in places() if place != "nowhere"}
    assert len(files) == 6
    for name in files:
        with open(os.path.join(PACKAGE, name), encoding="utf-8") as f:
            commented = set().union(*map(listed, re.findall(r"[Ee]rrat(?:um|a) ([\d, andto]+)", f.read())))
        assert commented == set().union(*[rows for place, rows in places() if place == f"`{name}`"]), name
