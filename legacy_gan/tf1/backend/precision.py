"""In what precision matrix products are computed: float32, or bfloat16 with the same weights."""

import contextlib
import functools
import threading
from typing import Any, Callable, Dict, Iterator

import tensorflow.compat.v1 as tf

__all__ = ["in_products", "lacks_bfloat16", "matmul", "product", "products_in"]

_here = threading.local()
CPU_INFO = "/proc/cpuinfo"
# Its own product of bfloat16 adds up in bfloat16 on a CPU, and slowly.
_IS_TF1 = tf.version.VERSION.startswith("1.")


@contextlib.contextmanager
def products_in(precision: str) -> Iterator[None]:
    """What is built inside computes its products in `precision`, "float32" or "bfloat16".

    With "bfloat16" the factors, those of the gradients too, are rounded to 8 bits of mantissa, and so
    is the product, whose terms are added up in float32; everything else stays float32. A convolution
    that legacy_gan.tf1.backend.spectral makes of several products has its intermediate results rounded, too.
    """
    before = getattr(_here, "precision", "float32")
    _here.precision = precision
    try:
        yield
    finally:
        _here.precision = before


def in_products(precision: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function as it is inside `products_in(precision)`."""

    @functools.wraps(function)
    def call(*args, **named):
        with products_in(precision):
            return function(*args, **named)

    return call


def product(function: Callable[[tf.Tensor, tf.Tensor], tf.Tensor], a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """Returns function(a, b) of two tensors in the precision of this place; float32 stays float32."""
    if getattr(_here, "precision", "float32") == "float32" or a.dtype != tf.float32:
        return function(a, b)
    a, b = tf.cast(a, tf.bfloat16), tf.cast(b, tf.bfloat16)
    if _IS_TF1:
        rounded = tf.cast(function(tf.cast(a, tf.float32), tf.cast(b, tf.float32)), tf.bfloat16)
    else:
        rounded = function(a, b)
    return tf.cast(rounded, tf.float32)


def matmul(a: Any, b: Any, *args: Any, **named: Any) -> tf.Tensor:
    """tf.matmul, in the precision of this place."""
    a = tf.convert_to_tensor(a, name="a")
    b = tf.convert_to_tensor(b, a.dtype.base_dtype, name="b")
    return product(lambda a, b: tf.matmul(a, b, *args, **named), a, b)


def lacks_bfloat16(use_gpu: bool) -> bool:
    """Whether bfloat16 is known to be no faster here: no units for it, or TF 1.x, which uses none.

    Args:
      use_gpu: bool, whether the first GPU computes, or the processor.
    """
    if _IS_TF1:
        return True
    if use_gpu:
        config = tf.config.experimental
        # TensorFlow 2.4 and later
        details: Callable[[Any], Dict[str, Any]] = getattr(config, "get_device_details", lambda gpu: {})
        capability = details(config.list_physical_devices("GPU")[0]).get("compute_capability")
        return capability is not None and capability < (8, 0)
    try:
        with open(CPU_INFO) as f:
            words = set(f.read().split())
    except OSError:  # not Linux
        return False
    return not words & {"avx512_bf16", "amx_bf16", "bf16"}
