"""XLA: whether this TensorFlow has it, and how a function becomes one compiled computation."""

import os
from typing import Any, Callable, List

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend.session import session

__all__ = ["can_compile", "compiled"]

# By default the XLA of TF 1.15 computes as if no number were infinite or NaN, so that a training
# that has broken down looks healthy. It reads this when it first compiles.
if tf.version.VERSION.startswith("1."):
    os.environ["XLA_FLAGS"] = f"--xla_cpu_enable_fast_math=false {os.environ.get('XLA_FLAGS', '')}".strip()


def compiled(function: Callable[..., Any], inputs: List[tf.Tensor]) -> List[tf.Tensor]:
    """Builds `function(*inputs)` as one computation that XLA compiles.

    Args:
      function: takes tensors and returns tensors; the variables it reads and assigns are resource
        variables that are there. Shapes must be known.
      inputs: list of tf.Tensor.
    Returns:
      what the function returns, a list of tf.Tensor in the default graph.
    """
    if hasattr(tf.xla.experimental, "compile"):
        return list(tf.xla.experimental.compile(function, inputs))
    return list(tf.function(function, jit_compile=True)(*inputs))


def can_compile(use_gpu: bool = True) -> bool:
    """Whether this TensorFlow has XLA, whole, for this machine; some builds have not."""
    try:
        with tf.Graph().as_default() as graph:
            # On a GPU exp needs a library of CUDA's that may be missing.
            answer = compiled(lambda x: [tf.exp(x)], [tf.zeros([3])])
            with session(graph, use_gpu) as opened:
                return opened.run(answer)[0].tolist() == [1, 1, 1]
    except Exception:  # which one depends on what the build lacks
        return False
