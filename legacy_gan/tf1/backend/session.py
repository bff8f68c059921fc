"""A session that shares the machine, and which GPUs there are."""

from typing import List, Optional

import tensorflow.compat.v1 as tf
from tensorflow.core.protobuf.rewriter_config_pb2 import RewriterConfig

__all__ = ["gpus", "session"]


def gpus() -> List[str]:
    """Returns the names of the GPUs that TensorFlow sees, without using them."""
    return [device.name for device in tf.config.experimental.list_physical_devices("GPU")]


def session(graph: Optional[tf.Graph] = None, use_gpu: bool = True) -> tf.Session:
    """Opens a TF1 Session that shares the machine.

    Args:
      graph: the tf.Graph to run; None for the default graph.
      use_gpu: bool; False hides every GPU from the session.
    Returns:
      A tf.Session. GPU memory is taken as it is needed, not all at once, and float32 products
      are float32 (TF32 would round them to 10 bits on recent GPUs).
    """
    set_tensor_float_32 = getattr(tf.config.experimental, "enable_tensor_float_32_execution", None)
    if set_tensor_float_32 is not None:  # TensorFlow 2.4 and later
        set_tensor_float_32(False)
    config = tf.ConfigProto(device_count={} if use_gpu else {"GPU": 0})
    config.gpu_options.allow_growth = True
    types_of = {operation.type for operation in (graph or tf.get_default_graph()).get_operations()}
    if {"Conv2D", "LeakyRelu"} <= types_of:
        # TensorFlow fails to fuse them where there are gradients, and says so on standard error.
        config.graph_options.rewrite_options.remapping = RewriterConfig.OFF
    return tf.Session(graph=graph, config=config)
