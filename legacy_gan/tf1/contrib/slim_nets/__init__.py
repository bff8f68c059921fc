"""tf.contrib.slim.nets: VGG and residual networks; the others are refused.

Source: the interface of tf.contrib.slim.nets in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.contrib.slim_nets import resnet_utils, resnet_v1, resnet_v2, vgg
from legacy_gan.tf1.namespace import refusal

__all__ = ["resnet_utils", "resnet_v1", "resnet_v2", "vgg"]

__getattr__ = refusal("tf.contrib.slim.nets")
