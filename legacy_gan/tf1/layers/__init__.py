"""tf.layers as TensorFlow 1.15 had it, written on get_variable: no Keras on any version.

Every function has TF 1.15's argument names, order and defaults, makes variables of the same
names and initial distributions in the enclosing variable_scope, follows its reuse, and computes
the same numbers. Tensors are float32 unless the input is of another floating type. Each class
(`tf.layers.Dense(10)(x)`) is the object form of its function, see legacy_gan.tf1.layers.base.

Source: the interface and defaults of tf.layers in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.layers.base import Layer
from legacy_gan.tf1.layers.convolution import Conv1D, Conv2D, Conv3D, conv1d, conv2d, conv3d
from legacy_gan.tf1.layers.dense import Dense, Flatten, dense, flatten
from legacy_gan.tf1.layers.dropout import Dropout, dropout
from legacy_gan.tf1.layers.normalization import BatchNormalization, batch_normalization
from legacy_gan.tf1.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    average_pooling1d,
    average_pooling2d,
    average_pooling3d,
    max_pooling1d,
    max_pooling2d,
    max_pooling3d,
)
from legacy_gan.tf1.layers.separable_convolution import (
    SeparableConv1D,
    SeparableConv2D,
    separable_conv1d,
    separable_conv2d,
)
from legacy_gan.tf1.layers.transposed_convolution import (
    Conv2DTranspose,
    Conv3DTranspose,
    conv2d_transpose,
    conv3d_transpose,
)

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "BatchNormalization",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "SeparableConv1D",
    "SeparableConv2D",
    "average_pooling1d",
    "average_pooling2d",
    "average_pooling3d",
    "batch_normalization",
    "conv1d",
    "conv2d",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "dense",
    "dropout",
    "flatten",
    "max_pooling1d",
    "max_pooling2d",
    "max_pooling3d",
    "separable_conv1d",
    "separable_conv2d",
]
