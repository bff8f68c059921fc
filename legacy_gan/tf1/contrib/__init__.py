"""tf.contrib as TensorFlow 1.15 had it, as far as it is served; each part is a module here, loaded by its first use.

legacy_gan.tf1.names lists the parts, where they stood inside of TensorFlow, and what to use instead of the
rest. A name that is not served is a NotServed when it is asked for: `tf.contrib.learn.DNNClassifier`, not
`import tensorflow.contrib.learn`.

Source: the interface of tf.contrib in TensorFlow 1.15.5.
"""
