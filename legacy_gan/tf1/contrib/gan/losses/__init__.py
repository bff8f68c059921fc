"""tf.contrib.gan.losses: the losses as functions of a GANModel; those of tensors are in `wargs`.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import inspect

from legacy_gan.tf1.contrib.gan.losses import wargs
from legacy_gan.tf1.contrib.gan.tuples import CycleGANModel
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "acgan_discriminator_loss",
    "acgan_generator_loss",
    "combine_adversarial_loss",
    "cycle_consistency_loss",
    "least_squares_discriminator_loss",
    "least_squares_generator_loss",
    "minimax_discriminator_loss",
    "minimax_generator_loss",
    "modified_discriminator_loss",
    "modified_generator_loss",
    "mutual_information_penalty",
    "stargan_discriminator_loss_wrapper",
    "stargan_generator_loss_wrapper",
    "stargan_gradient_penalty_wrapper",
    "wargs",
    "wasserstein_discriminator_loss",
    "wasserstein_generator_loss",
    "wasserstein_gradient_penalty",
]

__getattr__ = refusal("tf.contrib.gan.losses")


def _like(loss, kind):
    """Decorates a function so that it has the name of a loss, which TensorBoard and error messages show."""

    def named(function):
        function.__name__, function.__module__ = loss.__name__, loss.__module__
        function.__doc__ = f"{loss.__name__} of a {kind}."
        return function

    return named


def _of_model(loss):
    """Returns a loss of tensors as a loss of a model: arguments that are fields of the model are taken from it."""
    parameters = inspect.signature(loss).parameters

    @_like(loss, "GANModel")
    def of_model(gan_model, **kwargs):
        twice = sorted(set(gan_model._fields) & set(kwargs))
        if twice:
            raise ValueError(f"{loss.__name__}: {', '.join(twice)} are the model's, and must not be given")
        for name, parameter in parameters.items():
            value = getattr(gan_model, name, None)
            if name in gan_model._fields and (value is not None or parameter.default is parameter.empty):
                kwargs[name] = value
            elif parameter.default is parameter.empty:
                if name not in kwargs:
                    raise ValueError(f"{loss.__name__}: the argument {name} must be given")
            elif kwargs.get(name) is None:
                kwargs[name] = parameter.default
        return loss(**kwargs)

    return of_model


acgan_discriminator_loss = _of_model(wargs.acgan_discriminator_loss)
acgan_generator_loss = _of_model(wargs.acgan_generator_loss)
least_squares_discriminator_loss = _of_model(wargs.least_squares_discriminator_loss)
least_squares_generator_loss = _of_model(wargs.least_squares_generator_loss)
minimax_discriminator_loss = _of_model(wargs.minimax_discriminator_loss)
minimax_generator_loss = _of_model(wargs.minimax_generator_loss)
modified_discriminator_loss = _of_model(wargs.modified_discriminator_loss)
modified_generator_loss = _of_model(wargs.modified_generator_loss)
mutual_information_penalty = _of_model(wargs.mutual_information_penalty)
wasserstein_discriminator_loss = _of_model(wargs.wasserstein_discriminator_loss)
wasserstein_generator_loss = _of_model(wargs.wasserstein_generator_loss)
wasserstein_gradient_penalty = _of_model(wargs.wasserstein_gradient_penalty)


def combine_adversarial_loss(
    gan_loss,
    gan_model,
    non_adversarial_loss,
    weight_factor=None,
    gradient_ratio=None,
    gradient_ratio_epsilon=1e-6,
    scalar_summaries=True,
    gradient_summaries=True,
):
    """Returns a GANLoss whose generator loss is non_adversarial_loss and, weighted, the adversarial one.

    Args:
      weight_factor, gradient_ratio: as for wargs.combine_adversarial_loss, one of the two.
    """
    combined = wargs.combine_adversarial_loss(
        non_adversarial_loss,
        gan_loss.generator_loss,
        weight_factor,
        gradient_ratio,
        gradient_ratio_epsilon,
        gan_model.generator_variables,
        scalar_summaries,
        gradient_summaries,
    )
    return gan_loss._replace(generator_loss=combined)


def cycle_consistency_loss(cyclegan_model, scope=None, add_summaries=False):
    """cycle_consistency_loss of a CycleGANModel."""
    if not isinstance(cyclegan_model, CycleGANModel):
        raise ValueError(f"cycle_consistency_loss: expected a CycleGANModel, got {type(cyclegan_model)}")
    return wargs.cycle_consistency_loss(
        cyclegan_model.model_x2y.generator_inputs,
        cyclegan_model.reconstructed_x,
        cyclegan_model.model_y2x.generator_inputs,
        cyclegan_model.reconstructed_y,
        scope,
        add_summaries,
    )


def stargan_generator_loss_wrapper(loss_fn):
    """Returns a generator's loss of wargs as a loss of a StarGANModel."""

    @_like(loss_fn, "StarGANModel")
    def of_model(stargan_model, **kwargs):
        return loss_fn(stargan_model.discriminator_generated_data_source_predication, **kwargs)

    return of_model


def stargan_discriminator_loss_wrapper(loss_fn):
    """Returns a discriminator's loss of wargs as a loss of a StarGANModel."""

    @_like(loss_fn, "StarGANModel")
    def of_model(stargan_model, **kwargs):
        return loss_fn(
            stargan_model.discriminator_input_data_source_predication,
            stargan_model.discriminator_generated_data_source_predication,
            **kwargs,
        )

    return of_model


def stargan_gradient_penalty_wrapper(loss_fn):
    """Returns wargs.wasserstein_gradient_penalty, or its like, as a loss of a StarGANModel."""

    @_like(loss_fn, "StarGANModel")
    def of_model(stargan_model, **kwargs):
        return loss_fn(
            real_data=stargan_model.input_data,
            generated_data=stargan_model.generated_data,
            generator_inputs=stargan_model.input_data_domain_label.shape.as_list()[-1],
            discriminator_fn=stargan_model.discriminator_fn,
            discriminator_scope=stargan_model.discriminator_scope,
            **kwargs,
        )

    return of_model
