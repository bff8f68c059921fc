"""tf.contrib.gan.eval's scores and distances from a classifier: classifier score, Frechet and kernel distances.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

__all__ = [
    "classifier_score",
    "classifier_score_from_logits",
    "diagonal_only_frechet_classifier_distance_from_activations",
    "frechet_classifier_distance",
    "frechet_classifier_distance_from_activations",
    "kernel_classifier_distance",
    "kernel_classifier_distance_and_std",
    "kernel_classifier_distance_and_std_from_activations",
    "kernel_classifier_distance_from_activations",
    "mean_only_frechet_classifier_distance_from_activations",
]


def _classified(images, classifier_fn, num_batches):
    """Returns what a classifier says of images, batch by batch."""
    outputs = tf.map_fn(
        classifier_fn,
        tf.stack(tf.split(images, num_batches)),
        parallel_iterations=1,
        back_prop=False,
        swap_memory=True,
        name="RunClassifier",
    )
    return tf.concat(tf.unstack(outputs), 0)


def _in_float64(*tensors):
    for tensor in tensors:
        tensor.shape.assert_has_rank(2)
    return [tf.cast(tensor, tf.float64) for tensor in tensors]


def classifier_score(images, classifier_fn, num_batches=1):
    """The Inception score with any classifier: exp of the mean divergence of an image's classes from all images'.

    Args:
      images: tensor [images, ...]. classifier_fn: function of a batch of them, returns logits.
      num_batches: int, into how many equal batches the images are cut.
    """
    return classifier_score_from_logits(_classified(images, classifier_fn, num_batches))


def classifier_score_from_logits(logits):
    """classifier_score from the logits, [images, classes]."""
    (wide,) = _in_float64(logits)
    classes = tf.nn.softmax(wide)
    of_all = tf.reduce_mean(classes, axis=0)
    divergence = tf.reduce_sum(classes * (tf.nn.log_softmax(wide) - tf.log(of_all)), axis=1)
    return tf.cast(tf.exp(tf.reduce_mean(divergence)), logits.dtype)


def frechet_classifier_distance(real_images, generated_images, classifier_fn, num_batches=1):
    """The Frechet distance with any classifier, whose outputs are activations [images, features]."""
    real, generated = (_classified(images, classifier_fn, num_batches) for images in (real_images, generated_images))
    return frechet_classifier_distance_from_activations(real, generated)


def frechet_classifier_distance_from_activations(real_activations, generated_activations):
    """The distance of two normal distributions with the means m and covariances S (of n - 1) of activations.

    |m - m'|^2 + trace(S + S' - 2 (S^(1/2) S' S^(1/2))^(1/2))
    """
    means, covariances = [], []
    for values in _in_float64(real_activations, generated_activations):
        means.append(tf.reduce_mean(values, 0))
        centered = values - means[-1]
        covariances.append(
            tf.matmul(centered, centered, transpose_a=True) / (tf.cast(tf.shape(values)[0], tf.float64) - 1)
        )
    root = _root(covariances[0])
    both = tf.trace(_root(tf.matmul(root, tf.matmul(covariances[1], root))))
    distance = tf.trace(covariances[0] + covariances[1]) - 2.0 * both + _squared_distance(*means)
    return tf.cast(distance, real_activations.dtype)


def _root(matrix, least=1e-10):
    """Returns the square root of a symmetric matrix; singular values below `least` stay as they are."""
    singular, left, right = tf.svd(matrix)
    roots = tf.where(tf.less(singular, least), singular, tf.sqrt(singular))
    return tf.matmul(tf.matmul(left, tf.diag(roots)), right, transpose_b=True)


def _squared_distance(one, other):
    return tf.reduce_sum(tf.squared_difference(one, other))


def mean_only_frechet_classifier_distance_from_activations(real_activations, generated_activations):
    """The Frechet distance's part of the means: |m - m'|^2."""
    real, generated = _in_float64(real_activations, generated_activations)
    distance = _squared_distance(tf.reduce_mean(real, 0), tf.reduce_mean(generated, 0))
    return tf.cast(distance, real_activations.dtype)


def diagonal_only_frechet_classifier_distance_from_activations(real_activations, generated_activations):
    """The Frechet distance of distributions whose features are independent: with variances (of n) for covariances."""
    real, generated = _in_float64(real_activations, generated_activations)
    (mean, variance), (other_mean, other_variance) = (tf.nn.moments(values, axes=[0]) for values in (real, generated))
    if variance.shape.as_list() != other_variance.shape.as_list():
        raise ValueError(f"expected activations of as many features, got {real.shape} and {generated.shape}")
    spread = tf.reduce_sum(variance + other_variance - 2.0 * tf.sqrt(tf.multiply(variance, other_variance)))
    return tf.cast(spread + _squared_distance(mean, other_mean), real_activations.dtype)


def kernel_classifier_distance(
    real_images, generated_images, classifier_fn, num_classifier_batches=1, max_block_size=1024, dtype=None
):
    """The kernel distance of kernel_classifier_distance_and_std alone."""
    return kernel_classifier_distance_and_std(
        real_images, generated_images, classifier_fn, num_classifier_batches, max_block_size, dtype
    )[0]


def kernel_classifier_distance_and_std(
    real_images, generated_images, classifier_fn, num_classifier_batches=1, max_block_size=1024, dtype=None
):
    """The kernel distance with any classifier, whose outputs are activations, and its standard error."""
    real, generated = (
        _classified(images, classifier_fn, num_classifier_batches) for images in (real_images, generated_images)
    )
    return kernel_classifier_distance_and_std_from_activations(real, generated, max_block_size, dtype)


def kernel_classifier_distance_from_activations(
    real_activations, generated_activations, max_block_size=1024, dtype=None
):
    """The kernel distance of kernel_classifier_distance_and_std_from_activations alone."""
    return kernel_classifier_distance_and_std_from_activations(
        real_activations, generated_activations, max_block_size, dtype
    )[0]


def kernel_classifier_distance_and_std_from_activations(
    real_activations, generated_activations, max_block_size=1024, dtype=None
):
    """The squared maximum mean discrepancy under the kernel (x . y / features + 1)^3, without bias.

    Args:
      real_activations, generated_activations: tensors [images, features].
      max_block_size: int; more images are cut into blocks of about the same size, and the blocks' mean is taken.
      dtype: in which it is computed; None for the activations' own.
    Returns:
      (the distance, its standard error over the blocks, nan for one block).
    """
    for activations in (real_activations, generated_activations):
        activations.shape.assert_has_rank(2)
    real_activations.shape[1:].assert_is_compatible_with(generated_activations.shape[1:])
    dtype = dtype or real_activations.dtype
    both = [tf.cast(activations, dtype) for activations in (real_activations, generated_activations)]
    counts = [tf.shape(activations)[0] for activations in both]
    blocks = tf.cast(tf.ceil(tf.maximum(*counts) / max_block_size), tf.int32)
    bounds = [_bounds(count, blocks) for count in counts]
    features = tf.cast(real_activations.shape.as_list()[1], dtype)

    def kernel(one, other):
        return (tf.matmul(one, other, transpose_b=True) / features + 1) ** 3

    def of_one(values):
        """The mean of the kernel over pairs of different images."""
        of_pairs, count = kernel(values, values), tf.cast(tf.shape(values)[0], dtype)
        return (tf.reduce_sum(of_pairs) - tf.trace(of_pairs)) / (count * (count - 1))

    def of_block(number):
        real, generated = (values[at[number] : at[number + 1]] for values, at in zip(both, bounds))
        return -2 * tf.reduce_mean(kernel(real, generated)) + of_one(real) + of_one(generated)

    found = tf.map_fn(of_block, tf.range(blocks), dtype=dtype, back_prop=False)
    mean, count = tf.reduce_mean(found), tf.cast(blocks, dtype)
    variance = tf.cond(
        tf.less_equal(blocks, 1),
        lambda: tf.constant(float("nan"), dtype=dtype),
        lambda: tf.reduce_sum(tf.square(found - mean)) / (count - 1),
    )
    return mean, tf.sqrt(variance / count)


def _bounds(count, blocks):
    """Returns where each block begins, and the end; where it does not come out even, the last are longer by one."""
    size = count // blocks
    longer = count - size * blocks
    sizes = tf.concat([tf.fill([blocks - longer], size), tf.fill([longer], size + 1)], 0)
    return tf.concat([tf.zeros([1], tf.int32), tf.cumsum(sizes)], 0)
