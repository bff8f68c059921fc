"""tf.contrib.gan's gan_loss, cyclegan_loss and stargan_loss: the losses of a whole model, with its penalties.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.gan import losses
from legacy_gan.tf1.contrib.gan.losses import wargs
from legacy_gan.tf1.contrib.gan.tuples import ACGANModel, CycleGANLoss, CycleGANModel, GANLoss, GANModel, InfoGANModel

__all__ = ["cyclegan_loss", "gan_loss", "stargan_loss"]


def gan_loss(
    model,
    generator_loss_fn=losses.wasserstein_generator_loss,
    discriminator_loss_fn=losses.wasserstein_discriminator_loss,
    gradient_penalty_weight=None,
    gradient_penalty_epsilon=1e-10,
    gradient_penalty_target=1.0,
    gradient_penalty_one_sided=False,
    mutual_information_penalty_weight=None,
    aux_cond_generator_weight=None,
    aux_cond_discriminator_weight=None,
    tensor_pool_fn=None,
    add_summaries=True,
):
    """Returns the losses of both networks, with their scopes' regularization losses.

    Args:
      model: GANModel, InfoGANModel or ACGANModel.
      generator_loss_fn, discriminator_loss_fn: functions of (model, add_summaries=), as in losses.
      gradient_penalty_weight: float or scalar tensor >= 0, of wasserstein_gradient_penalty in the discriminator's loss;
        epsilon, target and one_sided are the penalty's arguments.
      mutual_information_penalty_weight: the same, of an InfoGANModel, in both losses.
      aux_cond_generator_weight, aux_cond_discriminator_weight: the same, of an ACGANModel's classes.
      tensor_pool_fn: function of (inputs, generated data), as features.tensor_pool; what it returns is shown to
        the discriminator.
    Returns:
      GANLoss.
    """
    penalty_weight = _weight("gradient_penalty_weight", gradient_penalty_weight)
    information_weight = _weight("mutual_information_penalty_weight", mutual_information_penalty_weight)
    generator_weight = _weight("aux_cond_generator_weight", aux_cond_generator_weight)
    discriminator_weight = _weight("aux_cond_discriminator_weight", aux_cond_discriminator_weight)
    if _counts(information_weight) and not isinstance(model, InfoGANModel):
        raise ValueError(
            f"gan_loss: mutual_information_penalty_weight needs an InfoGANModel, the model is a {type(model).__name__}"
        )
    if (_counts(generator_weight) or _counts(discriminator_weight)) and not isinstance(model, ACGANModel):
        raise ValueError(
            "gan_loss: aux_cond_generator_weight and aux_cond_discriminator_weight need an ACGANModel, "
            f"the model is a {type(model).__name__}"
        )
    pooled = _pooled(model, tensor_pool_fn) if tensor_pool_fn else model
    of_generator = generator_loss_fn(model, add_summaries=add_summaries)
    of_discriminator = discriminator_loss_fn(pooled, add_summaries=add_summaries)
    if _counts(penalty_weight):
        of_discriminator += penalty_weight * losses.wasserstein_gradient_penalty(
            pooled,
            epsilon=gradient_penalty_epsilon,
            target=gradient_penalty_target,
            one_sided=gradient_penalty_one_sided,
            add_summaries=add_summaries,
        )
    if _counts(information_weight):
        information = losses.mutual_information_penalty(model, add_summaries=add_summaries)
        of_generator += information_weight * information
        if tensor_pool_fn is not None:
            information = losses.mutual_information_penalty(pooled, add_summaries=add_summaries)
        of_discriminator += information_weight * information
    if _counts(generator_weight):
        of_generator += generator_weight * losses.acgan_generator_loss(model, add_summaries=add_summaries)
    if _counts(discriminator_weight):
        of_discriminator += discriminator_weight * losses.acgan_discriminator_loss(pooled, add_summaries=add_summaries)
    return GANLoss(
        of_generator + _regularization(model.generator_scope),
        of_discriminator + _regularization(model.discriminator_scope),
    )


def _regularization(scope):
    return tf.losses.get_regularization_loss(scope.name) if scope else 0


def _weight(name, weight):
    """Returns a penalty's weight, held to be >= 0: a tensor when it is computed."""
    if tf.is_tensor(weight):
        weight.shape.assert_is_compatible_with([])
        with tf.control_dependencies([tf.debugging.assert_greater_equal(weight, 0.0)]):
            return tf.identity(weight)
    if weight is not None and weight < 0:
        raise ValueError(f"{name}: expected a number >= 0, got {weight}")
    return weight


def _counts(weight):
    return weight is not None and (tf.is_tensor(weight) or weight > 0)


def _pooled(model, tensor_pool_fn):
    """Returns the model with what a pool gives in place of the generated data, and the discriminator's view of that."""
    if isinstance(model, InfoGANModel):
        inputs, generated, structured = tensor_pool_fn(
            (model.generator_inputs, model.generated_data, model.structured_generator_inputs)
        )
        outputs, predicted = _discriminated(model, model.discriminator_and_aux_fn, generated, inputs)
        others = {"structured_generator_inputs": structured, "predicted_distributions": predicted}
    elif isinstance(model, (GANModel, ACGANModel)):
        inputs, generated = tensor_pool_fn((model.generator_inputs, model.generated_data))
        outputs, others = _discriminated(model, model.discriminator_fn, generated, inputs), {}
        if isinstance(model, ACGANModel):
            outputs, others["discriminator_gen_classification_logits"] = outputs
    else:
        raise ValueError(f"gan_loss: tensor_pool_fn does not take a {type(model).__name__}")
    return model._replace(
        generator_inputs=inputs, generated_data=generated, discriminator_gen_outputs=outputs, **others
    )


def _discriminated(model, discriminator_fn, generated, inputs):
    with tf.variable_scope(model.discriminator_scope, reuse=True):
        return discriminator_fn(generated, inputs)


def cyclegan_loss(
    model,
    generator_loss_fn=losses.least_squares_generator_loss,
    discriminator_loss_fn=losses.least_squares_discriminator_loss,
    cycle_consistency_loss_fn=losses.cycle_consistency_loss,
    cycle_consistency_loss_weight=10.0,
    **kwargs,
):
    """Returns the losses of a CycleGANModel's two GANs, each generator's with the weighted cycle consistency.

    Args:
      cycle_consistency_loss_fn: function of (model, add_summaries=).
      kwargs: more of gan_loss.
    Returns:
      CycleGANLoss.
    """
    if not isinstance(model, CycleGANModel):
        raise ValueError(f"cyclegan_loss: expected a CycleGANModel, got {type(model)}")
    consistency = cycle_consistency_loss_fn(model, add_summaries=kwargs.get("add_summaries", True))
    consistency = _weight("cycle_consistency_loss_weight", cycle_consistency_loss_weight) * consistency

    def one_way(name, partial):
        with tf.name_scope(name):
            loss = gan_loss(
                partial, generator_loss_fn=generator_loss_fn, discriminator_loss_fn=discriminator_loss_fn, **kwargs
            )
            return loss._replace(generator_loss=loss.generator_loss + consistency)

    return CycleGANLoss(one_way("cyclegan_loss_x2y", model.model_x2y), one_way("cyclegan_loss_y2x", model.model_y2x))


def stargan_loss(
    model,
    generator_loss_fn=losses.stargan_generator_loss_wrapper(wargs.wasserstein_generator_loss),
    discriminator_loss_fn=losses.stargan_discriminator_loss_wrapper(wargs.wasserstein_discriminator_loss),
    gradient_penalty_weight=10.0,
    gradient_penalty_epsilon=1e-10,
    gradient_penalty_target=1.0,
    gradient_penalty_one_sided=False,
    reconstruction_loss_fn=tf.losses.absolute_difference,
    reconstruction_loss_weight=10.0,
    classification_loss_fn=tf.losses.softmax_cross_entropy,
    classification_loss_weight=1.0,
    classification_one_hot=True,
    add_summaries=True,
):
    """Returns the losses of a StarGANModel: source, gradient penalty, reconstruction, domains.

    Args:
      reconstruction_loss_fn: function of (data, reconstructed data).
      classification_loss_fn: function of (onehot_labels=, logits=).
      classification_one_hot: bool; False for several domains at once: the loss is summed over axis 1 before the mean.
    Returns:
      GANLoss.
    """

    def of_domains(name, labels, logits):
        with tf.name_scope(name, values=(labels, logits)):
            loss = classification_loss_fn(onehot_labels=labels, logits=logits)
            loss = tf.reduce_mean(loss if classification_one_hot else tf.reduce_sum(loss, axis=1))
            if add_summaries:
                tf.summary.scalar(name, loss)
            return loss

    model.input_data_domain_label.shape.assert_has_rank(2)
    model.input_data_domain_label.shape[1:].assert_is_fully_defined()
    of_generator = generator_loss_fn(model, add_summaries=add_summaries)
    of_discriminator = discriminator_loss_fn(model, add_summaries=add_summaries)
    if _counts(gradient_penalty_weight):
        penalty = losses.stargan_gradient_penalty_wrapper(wargs.wasserstein_gradient_penalty)
        of_discriminator += gradient_penalty_weight * penalty(
            model,
            epsilon=gradient_penalty_epsilon,
            target=gradient_penalty_target,
            one_sided=gradient_penalty_one_sided,
            add_summaries=add_summaries,
        )
    reconstruction = reconstruction_loss_fn(model.input_data, model.reconstructed_data)
    of_generator += reconstruction * reconstruction_loss_weight
    if add_summaries:
        tf.summary.scalar("reconstruction_loss", reconstruction)
    of_generator += classification_loss_weight * of_domains(
        "generator_classification_loss",
        model.generated_data_domain_target,
        model.discriminator_generated_data_domain_predication,
    )
    of_discriminator += classification_loss_weight * of_domains(
        "discriminator_classification_loss",
        model.input_data_domain_label,
        model.discriminator_input_data_domain_predication,
    )
    return GANLoss(of_generator, of_discriminator)
