"""tf.contrib.staging.StagingArea, which the installed TensorFlow still has inside.

Source: the interface of tf.contrib.staging in TensorFlow 1.15.5.
"""

from tensorflow.python.ops.data_flow_ops import StagingArea

from legacy_gan.tf1.namespace import refusal

__all__ = ["StagingArea"]

__getattr__ = refusal("tf.contrib.staging", __all__)
