"""Loading TensorFlow without what it says about itself."""

import contextlib
import os
from typing import Iterator

from legacy_gan import console


@contextlib.contextmanager
def tensorflow_kept_quiet() -> Iterator[None]:
    """Holds back what TensorFlow says on standard error while it is loaded, unless that fails."""
    with console.held_back():
        yield
        from legacy_gan.tf1 import tf
        from legacy_gan.tf1.backend.session import gpus

        gpus()  # looking for GPUs has its own say
    if os.environ["TF_CPP_MIN_LOG_LEVEL"] != "0":
        tf.logging.set_verbosity(tf.logging.ERROR)
