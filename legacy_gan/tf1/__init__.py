"""TensorFlow 1 on any TensorFlow: `from legacy_gan.tf1 import tf` is its namespace.

`tf` is `tensorflow.compat.v1` in graph mode with resource variables, on TensorFlow 1.15 and on
2.x alike, with what it lost put back (legacy_gan.tf1.names lists it): `tf.layers`, because the one
that TensorFlow ships stopped working with Keras 3 (TensorFlow 2.16), the recurrent networks,
tf.contrib, the names of before 1.0. A TF1 program runs with these two lines changed:

    from legacy_gan.tf1 import tf          # was: import tensorflow as tf
    from legacy_gan import input_data      # was: from tensorflow.examples.tutorials.mnist ...

and unchanged by `legacy-gan run PROGRAM.py`, see `legacy_gan.porting.program.runner`.

What the engines of this project need of TensorFlow besides stands in legacy_gan.tf1.backend; the names that
stood here before are shown here still.
"""

from typing import TYPE_CHECKING

import tensorflow.compat.v1 as _v1

from legacy_gan.tf1 import (
    argument_types,
    global_step,
    import_statements,
    namespace,
    saved_graphs,
    session_hooks,
    shuffle_order,
)
from legacy_gan.tf1.backend.build_hooks import averages_kept, dropped_by
from legacy_gan.tf1.backend.precision import in_products, lacks_bfloat16, products_in
from legacy_gan.tf1.backend.session import gpus, session
from legacy_gan.tf1.backend.spectral import small_convolutions
from legacy_gan.tf1.backend.xla import can_compile, compiled

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
saved_graphs.leave_out_saved_shapes()
argument_types.take_those_of_1_15()
shuffle_order.as_in_1_15()
session_hooks.run_as_in_1_15()
global_step.keep_its_order()

if TYPE_CHECKING:  # a type checker knows types of a module only: tf.Tensor in a hint
    import tensorflow.compat.v1 as tf
else:
    tf = namespace.tensorflow_1()
import_statements.turn_on()
