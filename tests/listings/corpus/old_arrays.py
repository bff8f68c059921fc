# What stood before TensorFlow 1.0: pack, unpack, split and concat with the dimension first
from __future__ import print_function
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(4)
a = tf.constant(rng.rand(2, 3).astype("float32"))
b = tf.constant(rng.rand(2, 3).astype("float32"))
logits = tf.constant(rng.randn(4, 3).astype("float32"))
labels = tf.constant(np.eye(3, dtype="float32")[[0, 2, 1, 1]])
classes = tf.constant([0, 2, 1, 1])

sess = tf.InteractiveSession()

print(tf.concat(0, [a, b]).eval().shape, tf.concat(1, [a, b]).get_shape())
print(tf.concat(concat_dim=1, values=[a, b]).eval()[0])
packed = tf.pack([a, b])
print(packed.get_shape(), [t.get_shape().as_list() for t in tf.unpack(packed)], len(tf.unpack(packed, axis=1)))
left, middle, right = tf.split(1, 3, a)
print(left.get_shape(), (middle.eval() - a.eval()[:, 1:2]).max(), tf.split(split_dim=0, num_split=2, value=b)[1].eval())

print("%.6f" % tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits, labels)).eval())
print("%.6f" % tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits, classes)).eval())
print("%.6f" % tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits, labels)).eval())

print(tf.mul(a, b).eval()[0], tf.sub(a, b).eval()[0], tf.neg(a).eval()[0])
print(tf.batch_matmul(packed, tf.transpose(packed, [0, 2, 1])).eval()[1])
print(tf.select(tf.greater(a, b), a, b).eval())
print(tf.reduce_sum(a, reduction_indices=[1]).eval(), tf.reduce_max(b, reduction_indices=0, keep_dims=True).eval())
print(tf.expand_dims(a, 1).get_shape(), tf.argmax(logits, 1).eval(), tf.reduce_all(tf.greater(a, 0.)).eval())
print(tf.complex_abs(tf.constant([3 + 4j], tf.complex64)).eval(), tf.to_int32(tf.constant([1.7])).eval())
