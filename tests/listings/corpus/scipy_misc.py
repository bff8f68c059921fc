# Pictures in and out by scipy.misc
import os
import numpy as np
import scipy.misc
import tensorflow as tf
from scipy.misc import imread, imresize

rng = np.random.RandomState(2)
ramp = np.linspace(0, 255, 16 * 12 * 3).reshape(16, 12, 3)

if not os.path.exists('pictures'):
    os.makedirs('pictures')
scipy.misc.imsave('pictures/ramp.png', ramp.astype(np.uint8))
image = scipy.misc.imread('pictures/ramp.png').astype(np.float)
print(image.shape, image.mean(), image.dtype)
gray = imread('pictures/ramp.png', mode='L')
flat = scipy.misc.imread('pictures/ramp.png', flatten=True)
print(gray.shape, gray.dtype, gray.sum(), flat.dtype)

# floats are stretched from their least to their greatest
scipy.misc.imsave('pictures/float.png', rng.normal(size=(8, 8)))
stretched = imread('pictures/float.png')
print(stretched.min(), stretched.max(), stretched.shape)
scipy.misc.toimage(ramp[:, :, 0], cmin=0.0, cmax=510.0).save('pictures/half.png')
print(imread('pictures/half.png').max())

small = imresize(image, [8, 6])
nearest = imresize(gray, 0.5, interp='nearest')
print(small.shape, small.dtype, nearest.shape, abs(small.mean() - image.mean()) < 5)

x = tf.placeholder(tf.float32, [None, 16, 12, 3])
processed = tf.image.resize_images(x, [4, 4]) / 127.5 - 1.
with tf.Session() as sess:
    out = sess.run(processed, {x: [image]})
print(out.shape, '%.5f' % out.mean())
print(np.int(3.7), np.float(1), np.bool(1), np.zeros(2, dtype=np.int), np.array([1, 0], np.bool), np.object is object)
