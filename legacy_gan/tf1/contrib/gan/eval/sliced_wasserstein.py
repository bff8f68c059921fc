"""tf.contrib.gan.eval.sliced_wasserstein_distance, of patches on each level of a Laplacian pyramid.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

import numpy as np
import tensorflow.compat.v1 as tf

__all__ = ["sliced_wasserstein_distance"]

_BINOMIAL = np.float32([1, 4, 6, 4, 1])
_FILTER = (np.outer(_BINOMIAL, _BINOMIAL) / 256.0).reshape([5, 5, 1, 1])


def sliced_wasserstein_distance(
    real_images,
    fake_images,
    resolution_min=16,
    patches_per_image=64,
    patch_size=7,
    random_sampling_count=1,
    random_projection_dim=7 * 7 * 3,
    use_svd=False,
):
    """Returns, from the full resolution down, [(distance of real images from themselves, of real from generated)].

    Args:
      real_images, fake_images: tensors [batch, size, size, 3].
      resolution_min: int, of the coarsest level.
      patches_per_image, patch_size: int, of the patches, whose places are drawn from NumPy's global stream.
      random_sampling_count, random_projection_dim: int, of the random projections.
      use_svd: bool, whether the projections are the singular vectors instead.
    """
    height = real_images.shape.as_list()[1]
    real_images.shape.assert_is_compatible_with([None, None, height, 3])
    fake_images.shape.assert_is_compatible_with(real_images.shape)
    levels = int(np.log2(height)) - int(np.log2(min(resolution_min, height))) + 1
    real, again, fake = [], [], []
    for level in _pyramid(real_images, levels):
        real.append(_normalized(_patches(level, patches_per_image, patch_size)))
        again.append(_normalized(_patches(level, patches_per_image, patch_size)))
    for level in _pyramid(fake_images, levels):
        fake.append(_normalized(_patches(level, patches_per_image, patch_size)))

    def distance(one, other):
        if use_svd:
            return _of_singular_vectors(one, other)
        return _of_random_projections(one, other, random_sampling_count, random_projection_dim)

    return [(distance(one, two), distance(one, three)) for one, two, three in zip(real, again, fake)]


def _pyramid(images, levels):
    """Returns the levels of a Laplacian pyramid, the finest first."""
    found = [tf.cast(images, tf.float32)]
    for _ in range(1, levels):
        found.append(_blurred(found[-1], 1)[:, ::2, ::2])
        found[-2] -= _doubled(found[-1])
    return found


def _blurred(images, gain):
    """Returns images under the 5 x 5 binomial filter, mirrored at the edges, channel by channel."""
    count, height, width, channels = tf.unstack(tf.shape(images))
    padded = tf.transpose(tf.pad(images, [[0, 0], [2, 2], [2, 2], [0, 0]], "REFLECT"), [0, 3, 1, 2])
    planes = tf.reshape(padded, [count * channels, height + 4, width + 4, 1])
    planes = tf.nn.conv2d(planes, tf.constant(_FILTER) * gain, [1, 1, 1, 1], "VALID")
    return tf.transpose(tf.reshape(planes, [count, channels, height, width]), [0, 2, 3, 1])


def _doubled(images):
    """Returns images in twice the size: zeros between their numbers, then blurred."""
    count, height, width, channels = tf.unstack(tf.shape(images))
    zeros = tf.zeros([3 * count, height, width, channels])
    spread = tf.batch_to_space(tf.concat([images, zeros], 0), [[0, 0], [0, 0]], block_size=2)
    return _blurred(spread, 4)


def _patches(images, per_image, size):
    """Returns patches [images * per_image, size, size, 3] at random places."""

    def draw(batch):
        count, height, width, channels = batch.shape
        half, number = size // 2, per_image * count
        patch, y, x, channel = np.ogrid[0:number, -half : half + 1, -half : half + 1, 0:3]
        y = y + np.random.randint(half, height - half, size=(number, 1, 1, 1))
        x = x + np.random.randint(half, width - half, size=(number, 1, 1, 1))
        return batch.flat[((patch // per_image * height + y) * width + x) * channels + channel]

    return tf.py_func(draw, [images], images.dtype, stateful=False)


def _normalized(patches):
    """Returns patches of mean 0 and deviation 1 as vectors, [patches, numbers]."""
    mean, variance = tf.nn.moments(patches, [1, 2, 3], keep_dims=True)
    return tf.reshape((patches - mean) / tf.sqrt(variance), [tf.shape(patches)[0], -1])


def _sorted(matrix, rows):
    """Returns a matrix of that many rows with each column sorted, the largest first."""
    return tf.transpose(tf.nn.top_k(tf.transpose(matrix), rows)[0])


def _of_random_projections(one, other, samples, dimension):
    rows, numbers = tf.unstack(tf.shape(one))
    means = []
    for _ in range(samples):
        along = tf.random_normal([numbers, dimension])
        along *= tf.rsqrt(tf.reduce_sum(tf.square(along), 0, keepdims=True))
        difference = _sorted(tf.matmul(one, along), rows) - _sorted(tf.matmul(other, along), rows)
        means.append(tf.reduce_mean(tf.abs(difference)))
    return tf.reduce_mean(means)


def _of_singular_vectors(one, other):
    rows = tf.shape(one)[0]
    singular, left = tf.svd(tf.concat([one, other], 0))[:2]
    of_one, of_other = tf.split(left * singular, 2, axis=0)
    difference = _sorted(of_one[:, ::-1], rows) - _sorted(of_other[:, ::-1], rows)
    return tf.reduce_mean(tf.abs(difference))
