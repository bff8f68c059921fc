"""tf.contrib.layers: layers with normalizer and activation, initializers, regularizers.

The layers are those of legacy_gan.tf1.layers under the names of tf.contrib: variables `weights` and
`biases` in scopes `fully_connected`, `Conv`, ..., also in MODEL_VARIABLES, and arg_scope sets their
options. They share these arguments:

  activation_fn: a function of the outputs, relu unless said otherwise; None is linear.
  normalizer_fn, normalizer_params: a layer that takes the place of the biases, and its options.
  weights_initializer, weights_regularizer, biases_initializer, biases_regularizer: of the variables;
    biases_initializer None makes no biases.
  variables_collections: list of keys for all variables, or {"weights": [key], "biases": [key]}.
  outputs_collections: key or list of keys that the outputs join.
  scope, reuse: the variable scope, numbered without a name; whether its variables are there.

Source: the interface, defaults and formulas of tf.contrib.layers in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.contrib.layers.convolutions import (
    conv1d,
    conv2d,
    conv2d_transpose,
    conv3d,
    conv3d_transpose,
    convolution,
    convolution1d,
    convolution2d,
    convolution2d_transpose,
    convolution3d,
    convolution3d_transpose,
)
from legacy_gan.tf1.contrib.layers.dense import (
    bias_add,
    elu,
    fully_connected,
    legacy_fully_connected,
    legacy_linear,
    legacy_relu,
    linear,
    relu,
    relu6,
)
from legacy_gan.tf1.contrib.layers.embeddings import bow_encoder, embed_sequence
from legacy_gan.tf1.contrib.layers.initializers import (
    variance_scaling_initializer,
    xavier_initializer,
    xavier_initializer_conv2d,
)
from legacy_gan.tf1.contrib.layers.normalizers import batch_norm, group_norm, instance_norm, layer_norm, unit_norm
from legacy_gan.tf1.contrib.layers.optimizers import (
    OPTIMIZER_CLS_NAMES,
    OPTIMIZER_SUMMARIES,
    adaptive_clipping_fn,
    optimize_loss,
)
from legacy_gan.tf1.contrib.layers.pooling import avg_pool2d, avg_pool3d, max_pool2d, max_pool3d, pool
from legacy_gan.tf1.contrib.layers.regularizers import (
    apply_regularization,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    sum_regularizer,
)
from legacy_gan.tf1.contrib.layers.separable_convolutions import (
    conv2d_in_plane,
    convolution2d_in_plane,
    separable_conv2d,
    separable_convolution2d,
)
from legacy_gan.tf1.contrib.layers.stacks import repeat, stack
from legacy_gan.tf1.contrib.layers.stateless import dropout, flatten, maxout, one_hot_encoding, softmax
from legacy_gan.tf1.contrib.layers.tensor_summaries import (
    summarize_activation,
    summarize_activations,
    summarize_collection,
    summarize_tensor,
    summarize_tensors,
)
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "OPTIMIZER_CLS_NAMES",
    "OPTIMIZER_SUMMARIES",
    "adaptive_clipping_fn",
    "apply_regularization",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bias_add",
    "bow_encoder",
    "conv1d",
    "conv2d",
    "conv2d_in_plane",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "convolution",
    "convolution1d",
    "convolution2d",
    "convolution2d_in_plane",
    "convolution2d_transpose",
    "convolution3d",
    "convolution3d_transpose",
    "dropout",
    "elu",
    "embed_sequence",
    "flatten",
    "fully_connected",
    "group_norm",
    "instance_norm",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "layer_norm",
    "legacy_fully_connected",
    "legacy_linear",
    "legacy_relu",
    "linear",
    "max_pool2d",
    "max_pool3d",
    "maxout",
    "one_hot_encoding",
    "optimize_loss",
    "pool",
    "relu",
    "relu6",
    "repeat",
    "separable_conv2d",
    "separable_convolution2d",
    "softmax",
    "stack",
    "sum_regularizer",
    "summarize_activation",
    "summarize_activations",
    "summarize_collection",
    "summarize_tensor",
    "summarize_tensors",
    "unit_norm",
    "utils",
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]

__getattr__ = refusal("tf.contrib.layers")
