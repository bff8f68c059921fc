"""tf.contrib.gan.eval's summaries of a model for TensorBoard: images, variables, regularization losses.

Source: the interface and tags of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.gan.eval.grids import image_grid, image_reshaper
from legacy_gan.tf1.contrib.gan.tuples import CycleGANModel

__all__ = [
    "add_cyclegan_image_summaries",
    "add_gan_model_image_summaries",
    "add_gan_model_summaries",
    "add_image_comparison_summaries",
    "add_regularization_loss_summaries",
    "add_stargan_image_summaries",
]


def _check_images(*tensors):
    for tensor in tensors:
        tensor.shape.assert_has_rank(4)
        tensor.shape[1:].assert_is_fully_defined()


def add_gan_model_image_summaries(gan_model, grid_size=4, model_summaries=True):
    """Adds grids of real and of generated images, and the variables.

    Args:
      grid_size: int, of the images along one side of a grid. model_summaries: bool, whether variables are added.
    """
    if isinstance(gan_model, CycleGANModel):
        raise ValueError("add_gan_model_image_summaries: for a CycleGANModel use add_cyclegan_image_summaries")
    _check_images(gan_model.real_data, gan_model.generated_data)
    for name in ("real_data", "generated_data"):
        images = getattr(gan_model, name)
        height, width, channels = images.shape.as_list()[1:]
        grid = image_grid(images[: grid_size**2], (grid_size, grid_size), (height, width), channels)
        tf.summary.image(name, grid, max_outputs=1)
    if model_summaries:
        add_gan_model_summaries(gan_model)


def add_cyclegan_image_summaries(cyclegan_model):
    """Adds, for each way, an image, what is generated from it, and what comes back."""
    if not isinstance(cyclegan_model, CycleGANModel):
        raise ValueError(f"add_cyclegan_image_summaries: expected a CycleGANModel, got {type(cyclegan_model)}")
    ways = (
        ("x2y", cyclegan_model.model_x2y, cyclegan_model.reconstructed_x),
        ("y2x", cyclegan_model.model_y2x, cyclegan_model.reconstructed_y),
    )
    for _, model, reconstructed in ways:
        _check_images(model.generator_inputs, model.generated_data, reconstructed)
    for name, model, reconstructed in ways:
        with tf.name_scope(f"{name}_image_comparison_summaries"):
            _compare([model.generator_inputs, model.generated_data, reconstructed], 1, 3)


def _compare(batches, count, columns, more=()):
    """Adds a picture of the first images of each batch."""
    images = [image for batch in batches for image in tf.unstack(batch[:count])]
    tf.summary.image("image_comparison", image_reshaper(images + list(more), columns), max_outputs=1)


def add_image_comparison_summaries(gan_model, num_comparisons=2, display_diffs=False):
    """Adds a picture whose rows are inputs, generated and real images and, if asked for, how far these two differ."""
    inputs, generated, real = gan_model.generator_inputs, gan_model.generated_data, gan_model.real_data
    _check_images(inputs, generated, real)
    generated.shape.assert_is_compatible_with(inputs.shape)
    real.shape.assert_is_compatible_with(generated.shape)
    differences = []
    if display_diffs:
        pairs = zip(tf.unstack(generated[:num_comparisons]), tf.unstack(real[:num_comparisons]))
        differences = [tf.abs(tf.cast(one, tf.float32) - tf.cast(other, tf.float32)) for one, other in pairs]
    _compare([inputs, generated, real], num_comparisons, num_comparisons, differences)


def add_stargan_image_summaries(stargan_model, num_images=2, display_diffs=False):
    """Adds, for each of the first images, the image and what it becomes in each domain."""
    _check_images(stargan_model.input_data)
    labels = stargan_model.input_data_domain_label
    labels.shape.assert_has_rank(2)
    labels.shape[1:].assert_is_fully_defined()
    domains = labels.shape.as_list()[-1]

    def in_every_domain(image):
        copies = tf.tile(tf.expand_dims(image, 0), [domains, 1, 1, 1])
        with tf.variable_scope(stargan_model.generator_scope, reuse=True):
            generated = stargan_model.generator_fn(copies, tf.one_hot(list(range(domains)), domains))
            shown = [image] + _each(generated, domains)
            if display_diffs:
                shown += [tf.zeros_like(image)] + _each(generated - copies, domains)
            return tf.squeeze(image_reshaper(shown, domains + 1), 0)

    pictures = tf.map_fn(
        in_every_domain,
        stargan_model.input_data[:num_images],
        parallel_iterations=num_images,
        back_prop=False,
        swap_memory=True,
    )
    tf.summary.image("stargan_image_generation", pictures, max_outputs=num_images)


def _each(images, count):
    return [tf.squeeze(image, 0) for image in tf.split(images, count)]


def add_gan_model_summaries(gan_model):
    """Adds histograms of the variables of both networks."""
    if isinstance(gan_model, CycleGANModel):
        return _of_both_ways(add_gan_model_summaries, gan_model, "summaries")
    for name in ("generator_variables", "discriminator_variables"):
        with tf.name_scope(name):
            for variable in getattr(gan_model, name):
                tf.summary.histogram(variable.name, variable)


def add_regularization_loss_summaries(gan_model):
    """Adds the regularization loss of each network."""
    if isinstance(gan_model, CycleGANModel):
        return _of_both_ways(add_regularization_loss_summaries, gan_model, "regularization_loss_summaries")
    for name in ("generator", "discriminator"):
        scope = getattr(gan_model, f"{name}_scope")
        if scope:
            tf.summary.scalar(f"{name}_regularization_loss", tf.losses.get_regularization_loss(scope.name))


def _of_both_ways(add, cyclegan_model, name):
    with tf.name_scope(f"cyclegan_x2y_{name}"):
        add(cyclegan_model.model_x2y)
    with tf.name_scope(f"cyclegan_y2x_{name}"):
        add(cyclegan_model.model_y2x)
