"""The one door to TensorFlow: `from legacy_gan.tf1 import tf` is a TF1 namespace on any TensorFlow.

`tf` is `tensorflow.compat.v1` in graph mode with resource variables, on TensorFlow 1.15 and on
2.x alike, with what it lost put back (see `legacy_gan.tf1.namespace`): `tf.layers`, because the one
that TensorFlow ships stopped working with Keras 3 (TensorFlow 2.16), the recurrent networks,
tf.contrib, the names of before 1.0. A TF1 listing runs with these two lines changed:

    from legacy_gan.tf1 import tf          # was: import tensorflow as tf
    from legacy_gan import input_data      # was: from tensorflow.examples.tutorials.mnist ...

and unchanged by `legacy-gan run LISTING.py`, see `legacy_gan.porting.program.runner`.
"""

import os

import tensorflow.compat.v1 as _v1
from tensorflow.core.protobuf.rewriter_config_pb2 import RewriterConfig

from legacy_gan.tf1 import namespace
from legacy_gan.tf1.backend.build_hooks import averages_kept, dropped_by
from legacy_gan.tf1.backend.precision import in_products, lacks_bfloat16, products_in
from legacy_gan.tf1.backend.spectral import small_convolutions

__all__ = [
    "averages_kept",
    "can_compile",
    "compiled",
    "dropped_by",
    "gpus",
    "in_products",
    "lacks_bfloat16",
    "products_in",
    "session",
    "small_convolutions",
    "tf",
]

# One behaviour on both ends: graphs and sessions, and variables that keep their value while an
# operation reads them. `disable_v2_behavior()` would switch the second one off.
_v1.disable_eager_execution()
_v1.enable_resource_variables()


# By default the XLA of TF 1.15 computes as if no number were infinite or NaN, so that a training
# that has broken down looks healthy. It reads this when it first compiles.
if _v1.version.VERSION.startswith("1."):
    os.environ["XLA_FLAGS"] = (f"--xla_cpu_enable_fast_math=false {os.environ.get('XLA_FLAGS', '')}").strip()


tf = namespace.door()


def gpus():
    """Returns the GPUs that TensorFlow sees, as a list of their names (str), without using them."""
    return [device.name for device in _v1.config.experimental.list_physical_devices("GPU")]


def compiled(function, inputs):
    """Builds `function(*inputs)` as one computation that XLA compiles.

    Args:
      function: takes tensors and returns tensors; the variables it reads and assigns are resource
        variables that are there. Shapes must be known.
      inputs: list of tf.Tensor.
    Returns:
      what the function returns, a list of tf.Tensor in the default graph.
    """
    if hasattr(_v1.xla.experimental, "compile"):
        return list(_v1.xla.experimental.compile(function, inputs))
    return list(_v1.function(function, jit_compile=True)(*inputs))


def can_compile(use_gpu=True):
    """Whether this TensorFlow has XLA, whole, for this machine; some builds have not."""
    try:
        with _v1.Graph().as_default() as graph:
            # On a GPU exp needs a library of CUDA's that may be missing.
            answer = compiled(lambda x: [_v1.exp(x)], [_v1.zeros([3])])
            with session(graph, use_gpu) as opened:
                return opened.run(answer)[0].tolist() == [1, 1, 1]
    except Exception:  # which one depends on what the build lacks
        return False


def session(graph=None, use_gpu=True):
    """Opens a TF1 Session that shares the machine.

    Args:
      graph: the tf.Graph to run; None for the default graph.
      use_gpu: bool; False hides every GPU from the session.
    Returns:
      A tf.Session. GPU memory is taken as it is needed, not all at once, and float32 products
      are float32 (TF32 would round them to 10 bits on recent GPUs).
    """
    precision = getattr(_v1.config.experimental, "enable_tensor_float_32_execution", None)
    if precision is not None:  # TensorFlow 2.4 and later
        precision(False)
    config = _v1.ConfigProto(device_count={} if use_gpu else {"GPU": 0})
    config.gpu_options.allow_growth = True
    types_of = {operation.type for operation in (graph or _v1.get_default_graph()).get_operations()}
    if {"Conv2D", "LeakyRelu"} <= types_of:
        # TensorFlow fails to fuse them where there are gradients, and says so on standard error.
        config.graph_options.rewrite_options.remapping = RewriterConfig.OFF
    return _v1.Session(graph=graph, config=config)
