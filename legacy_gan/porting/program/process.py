"""Makes this process behave as TensorFlow 1.15 did: graphs, variables, gradients, flags and the version's name."""

import functools
import inspect
import os
import sys

import tensorflow.compat.v1 as _v1
from tensorflow.python.training import optimizer

from legacy_gan.tf1 import namespace, tf

__all__ = ["behave_as_tensorflow_1"]

VERSION = "1.15.5"  # what tf.__version__ says: programs ask it which names and orders they may use


def behave_as_tensorflow_1() -> None:
    """Sets it for the rest of the process: reference variables, control flow and shapes of then, float32."""
    from tensorflow.python.util import deprecation

    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # read when the first GPU is opened
    before = _v1.logging.get_verbosity()
    _v1.logging.set_verbosity(_v1.logging.ERROR)  # it warns of itself
    _v1.disable_v2_behavior()
    _v1.logging.set_verbosity(_v1.logging.WARN if before > _v1.logging.WARN else before)
    deprecation.silence().__enter__()  # such a program is made of what is deprecated
    # Of a lambda that it cannot rewrite, and need not
    _v1.get_logger().addFilter(lambda record: "AutoGraph" not in str(record.msg))
    _gate_gradients()
    if hasattr(_v1.config.experimental, "enable_tensor_float_32_execution"):
        _v1.config.experimental.enable_tensor_float_32_execution(False)
    tf.__name__, tf.__version__, tf.VERSION = "tensorflow", VERSION, VERSION
    tf.version = namespace.Namespace("tf.version", {"VERSION": VERSION}, _v1.version)
    for name, value in namespace.names_by_import_only().items():
        setattr(tf, name, value)
    flags = _v1.flags.FLAGS
    for name in flags:  # absl's own, as log_dir and v, a program may define
        flags[name].allow_override = True
    _v1.flags.FlagValues._parse_flags = lambda flags, args=None: flags(
        sys.argv if args is None else sys.argv[:1] + list(args), known_only=True
    )  # until TF 1.4


def _gate_gradients():
    """Lets every optimizer have its loss and all its gradients before it changes a variable.

    TensorFlow 1 waits for what an operation's own gradients need. A gradient of a gradient, or a weight decay in
    the loss that is fetched, reads a reference variable later than that, and finds it changed or not as the
    threads have it: a WGAN with a gradient penalty came to either of two losses. On 1.15 those of this order
    were seen nearly always.
    """
    compute = optimizer.Optimizer.compute_gradients
    signature = inspect.signature(compute)

    @functools.wraps(compute)
    def gated(*args, **named):
        given = signature.bind(*args, **named).arguments
        pairs = compute(*args, **named)
        loss, gate = given["loss"], given.get("gate_gradients", optimizer.Optimizer.GATE_OP)
        gradients, variables = [list(part) for part in zip(*pairs)] if pairs else ([], [])
        if (
            gate == optimizer.Optimizer.GATE_NONE
            or not isinstance(loss, _v1.Tensor)
            or not any(gradient is not None for gradient in gradients)
        ):
            return pairs
        return list(zip(_v1.tuple(gradients, control_inputs=[loss]), variables))

    optimizer.Optimizer.compute_gradients = gated
