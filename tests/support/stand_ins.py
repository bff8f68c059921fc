"""Stand-ins for Keras, PyTorch and the notebook: only what the other texts' listings call.

They fail where the real modules were seen to fail. None of the test environments has all of the real ones, and Keras
would start TensorFlow's eager mode.
"""

import collections
import io
import json
import os
import types

import numpy as np


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
            raise RuntimeError(f"shape is invalid: {error}") from error

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
