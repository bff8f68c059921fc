"""tf.contrib.gan's models: the generator and the discriminator called in their scopes, as one named tuple.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.framework import get_trainable_variables
from legacy_gan.tf1.contrib.gan.tuples import ACGANModel, CycleGANModel, GANModel, InfoGANModel, StarGANModel

__all__ = ["acgan_model", "as_tensors", "cyclegan_model", "gan_model", "infogan_model", "stargan_model"]


def as_tensors(values):
    """Returns a value, or each of a list or dict of values, as a tensor."""
    if isinstance(values, (list, tuple)):
        return [tf.convert_to_tensor(value) for value in values]
    if isinstance(values, dict):
        return {key: tf.convert_to_tensor(value) for key, value in values.items()}
    return tf.convert_to_tensor(values)


def _check_shapes(who, generated, real):
    if not generated.shape.is_compatible_with(real.shape):
        raise ValueError(f"{who}: generated data must have the shape of real data, {real.shape}, got {generated.shape}")


def gan_model(
    generator_fn,
    discriminator_fn,
    real_data,
    generator_inputs,
    generator_scope="Generator",
    discriminator_scope="Discriminator",
    check_shapes=True,
):
    """Builds a generator and a discriminator, the latter on generated and on real data.

    Args:
      generator_fn: function of the inputs; returns data.
      discriminator_fn: function of (data, inputs); returns logits.
      real_data: tensor. generator_inputs: tensor, or a list or dict of them.
      generator_scope, discriminator_scope: str or tf.VariableScope.
      check_shapes: bool, whether generated and real data must have the same shape.
    Returns:
      GANModel.
    """
    with tf.variable_scope(generator_scope) as of_generator:
        generator_inputs = as_tensors(generator_inputs)
        generated = generator_fn(generator_inputs)
    with tf.variable_scope(discriminator_scope) as of_discriminator:
        on_generated = discriminator_fn(generated, generator_inputs)
    with tf.variable_scope(of_discriminator, reuse=True):
        real_data = as_tensors(real_data)
        on_real = discriminator_fn(real_data, generator_inputs)
    if check_shapes:
        _check_shapes("gan_model", generated, real_data)
    return GANModel(
        generator_inputs,
        generated,
        get_trainable_variables(of_generator),
        of_generator,
        generator_fn,
        real_data,
        on_real,
        on_generated,
        get_trainable_variables(of_discriminator),
        of_discriminator,
        discriminator_fn,
    )


def infogan_model(
    generator_fn,
    discriminator_fn,
    real_data,
    unstructured_generator_inputs,
    structured_generator_inputs,
    generator_scope="Generator",
    discriminator_scope="Discriminator",
):
    """Builds an InfoGAN, whose discriminator also predicts the structured part of the noise.

    Args:
      generator_fn: function of the list of all inputs, the unstructured ones first; returns data.
      discriminator_fn: function of (data, inputs); returns (logits, a distribution for each structured input).
      unstructured_generator_inputs, structured_generator_inputs: lists of tensors.
    Returns:
      InfoGANModel.
    """
    with tf.variable_scope(generator_scope) as of_generator:
        unstructured, structured = as_tensors(unstructured_generator_inputs), as_tensors(structured_generator_inputs)
        inputs = unstructured + structured
        generated = generator_fn(inputs)
    with tf.variable_scope(discriminator_scope) as of_discriminator:
        on_generated, predicted = discriminator_fn(generated, inputs)
    if not isinstance(predicted, (list, tuple)) or len(predicted) != len(structured):
        raise ValueError(
            f"infogan_model: discriminator_fn must return a list of {len(structured)} distributions beside its logits, "
            f"one for each of structured_generator_inputs, got {predicted!r}"
        )
    with tf.variable_scope(of_discriminator, reuse=True):
        real_data = tf.convert_to_tensor(real_data)
        on_real, _ = discriminator_fn(real_data, inputs)
    _check_shapes("infogan_model", generated, real_data)
    return InfoGANModel(
        inputs,
        generated,
        get_trainable_variables(of_generator),
        of_generator,
        generator_fn,
        real_data,
        on_real,
        on_generated,
        get_trainable_variables(of_discriminator),
        of_discriminator,
        lambda data, conditions: discriminator_fn(data, conditions)[0],
        structured,
        predicted,
        discriminator_fn,
    )


def acgan_model(
    generator_fn,
    discriminator_fn,
    real_data,
    generator_inputs,
    one_hot_labels,
    generator_scope="Generator",
    discriminator_scope="Discriminator",
    check_shapes=True,
):
    """Builds an ACGAN, whose discriminator also classifies.

    Args:
      discriminator_fn: function of (data, inputs); returns (logits, logits of the classes).
      one_hot_labels: tensor [batch, classes].
      The rest: as for gan_model.
    Returns:
      ACGANModel.
    """
    with tf.variable_scope(generator_scope) as of_generator:
        generator_inputs = as_tensors(generator_inputs)
        generated = generator_fn(generator_inputs)
    with tf.variable_scope(discriminator_scope) as of_discriminator:
        with tf.name_scope(of_discriminator.name + "/generated/"):
            on_generated, classes_of_generated = _two(discriminator_fn(generated, generator_inputs))
    with tf.variable_scope(of_discriminator, reuse=True):
        with tf.name_scope(of_discriminator.name + "/real/"):
            real_data = tf.convert_to_tensor(real_data)
            on_real, classes_of_real = _two(discriminator_fn(real_data, generator_inputs))
    if check_shapes:
        _check_shapes("acgan_model", generated, real_data)
    return ACGANModel(
        generator_inputs,
        generated,
        get_trainable_variables(of_generator),
        of_generator,
        generator_fn,
        real_data,
        on_real,
        on_generated,
        get_trainable_variables(of_discriminator),
        of_discriminator,
        discriminator_fn,
        one_hot_labels,
        classes_of_real,
        classes_of_generated,
    )


def _two(outputs):
    try:
        logits, classes = outputs
    except (TypeError, ValueError):
        raise TypeError(
            f"acgan_model: discriminator_fn must return (logits, logits of the classes), got {outputs!r}"
        ) from None
    return logits, classes


def cyclegan_model(
    generator_fn,
    discriminator_fn,
    data_x,
    data_y,
    generator_scope="Generator",
    discriminator_scope="Discriminator",
    model_x2y_scope="ModelX2Y",
    model_y2x_scope="ModelY2X",
    check_shapes=True,
):
    """Builds a CycleGAN: two GANs, from X to Y and from Y to X, and the data that went both ways.

    Args:
      generator_fn, discriminator_fn, the two scopes and check_shapes: as for gan_model, for each of the two GANs.
      data_x, data_y: tensors.
      model_x2y_scope, model_y2x_scope: str, around the scopes of each GAN.
    Returns:
      CycleGANModel.
    """

    def one_way(scope, start, end):
        with tf.variable_scope(scope):
            return gan_model(
                generator_fn, discriminator_fn, end, start, generator_scope, discriminator_scope, check_shapes
            )

    def way_back(model, data):
        with tf.variable_scope(model.generator_scope, reuse=True):
            return model.generator_fn(data)

    x2y, y2x = one_way(model_x2y_scope, data_x, data_y), one_way(model_y2x_scope, data_y, data_x)
    return CycleGANModel(x2y, y2x, way_back(y2x, x2y.generated_data), way_back(x2y, y2x.generated_data))


def stargan_model(
    generator_fn,
    discriminator_fn,
    input_data,
    input_data_domain_label,
    generator_scope="Generator",
    discriminator_scope="Discriminator",
):
    """Builds a StarGAN: a generator from any domain to any other, here to one drawn for each example.

    Args:
      generator_fn: function of (data, one-hot domains); returns data.
      discriminator_fn: function of (data, number of domains); returns (logits of the source, logits of the domain).
      input_data: tensor, or a list of them that are joined.
      input_data_domain_label: the same, [batch, domains] one-hot.
    Returns:
      StarGANModel.
    """
    data, labels = as_tensors(input_data), as_tensors(input_data_domain_label)
    data = tf.concat(data, 0) if isinstance(data, list) else data
    labels = tf.concat(labels, 0) if isinstance(labels, list) else labels
    labels.shape.assert_has_rank(2)
    labels.shape.assert_is_fully_defined()
    batch, domains = labels.shape.as_list()
    with tf.variable_scope(generator_scope) as of_generator:
        target = tf.one_hot(tf.random_uniform([batch], minval=0, maxval=domains, dtype=tf.int32), domains)
        generated = generator_fn(data, target)
    with tf.variable_scope(of_generator, reuse=True):
        reconstructed = generator_fn(generated, labels)
    with tf.variable_scope(discriminator_scope) as of_discriminator:
        generated_source, generated_domain = discriminator_fn(generated, domains)
    with tf.variable_scope(of_discriminator, reuse=True):
        input_source, input_domain = discriminator_fn(data, domains)
    return StarGANModel(
        input_data=data,
        input_data_domain_label=labels,
        generated_data=generated,
        generated_data_domain_target=target,
        reconstructed_data=reconstructed,
        discriminator_input_data_source_predication=input_source,
        discriminator_generated_data_source_predication=generated_source,
        discriminator_input_data_domain_predication=input_domain,
        discriminator_generated_data_domain_predication=generated_domain,
        generator_variables=get_trainable_variables(of_generator),
        generator_scope=of_generator,
        generator_fn=generator_fn,
        discriminator_variables=get_trainable_variables(of_discriminator),
        discriminator_scope=of_discriminator,
        discriminator_fn=discriminator_fn,
    )
