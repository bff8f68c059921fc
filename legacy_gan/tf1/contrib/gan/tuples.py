"""tf.contrib.gan's named tuples: what each of the four steps (model, loss, train ops, training) hands to the next.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import collections

__all__ = [
    "ACGANModel",
    "CycleGANLoss",
    "CycleGANModel",
    "GANLoss",
    "GANModel",
    "GANTrainOps",
    "GANTrainSteps",
    "InfoGANModel",
    "StarGANModel",
]

_OF_A_GAN = (
    "generator_inputs",
    "generated_data",
    "generator_variables",
    "generator_scope",
    "generator_fn",
    "real_data",
    "discriminator_real_outputs",
    "discriminator_gen_outputs",
    "discriminator_variables",
    "discriminator_scope",
    "discriminator_fn",
)


class GANModel(collections.namedtuple("GANModel", _OF_A_GAN)):
    """A generator and a discriminator in the graph.

    Attributes:
      generator_inputs: tensor, or a list or dict of them. generated_data, real_data: tensors.
      discriminator_real_outputs, discriminator_gen_outputs: tensors, the discriminator's logits.
      generator_variables, discriminator_variables: lists of the trained variables.
      generator_scope, discriminator_scope: tf.VariableScope.
      generator_fn, discriminator_fn: the functions that made them.
    """


class InfoGANModel(
    collections.namedtuple(
        "InfoGANModel",
        _OF_A_GAN + ("structured_generator_inputs", "predicted_distributions", "discriminator_and_aux_fn"),
    )
):
    """A GANModel whose discriminator also predicts a part of the noise.

    Attributes:
      structured_generator_inputs: list of tensors, the noise that is predicted.
      predicted_distributions: list of distributions, one for each of them.
      discriminator_and_aux_fn: the function that gives (logits, predicted_distributions).
    """


class ACGANModel(
    collections.namedtuple(
        "ACGANModel",
        _OF_A_GAN
        + ("one_hot_labels", "discriminator_real_classification_logits", "discriminator_gen_classification_logits"),
    )
):
    """A GANModel whose discriminator also classifies: the labels, and the logits of the classes."""


class CycleGANModel(
    collections.namedtuple("CycleGANModel", ("model_x2y", "model_y2x", "reconstructed_x", "reconstructed_y"))
):
    """Two GANModels, from X to Y and back, with what is left of each after the way there and back."""


class StarGANModel(
    collections.namedtuple(
        "StarGANModel",
        (
            "input_data",
            "input_data_domain_label",
            "generated_data",
            "generated_data_domain_target",
            "reconstructed_data",
            "discriminator_input_data_source_predication",
            "discriminator_generated_data_source_predication",
            "discriminator_input_data_domain_predication",
            "discriminator_generated_data_domain_predication",
            "generator_variables",
            "generator_scope",
            "generator_fn",
            "discriminator_variables",
            "discriminator_scope",
            "discriminator_fn",
        ),
    )
):
    """A generator between several domains, and a discriminator that tells source (real or not) and domain."""


class GANLoss(collections.namedtuple("GANLoss", ("generator_loss", "discriminator_loss"))):
    """The two losses, scalar tensors."""


class CycleGANLoss(collections.namedtuple("CycleGANLoss", ("loss_x2y", "loss_y2x"))):
    """The GANLoss of each of the two models."""


class GANTrainOps(
    collections.namedtuple(
        "GANTrainOps", ("generator_train_op", "discriminator_train_op", "global_step_inc_op", "train_hooks")
    )
):
    """What a training runs: a step of each network, the step of the count, and hooks that the optimizers need."""

    def __new__(cls, generator_train_op, discriminator_train_op, global_step_inc_op, train_hooks=()):
        return super().__new__(cls, generator_train_op, discriminator_train_op, global_step_inc_op, train_hooks)


class GANTrainSteps(collections.namedtuple("GANTrainSteps", ("generator_train_steps", "discriminator_train_steps"))):
    """How many steps of each network make one step of the training: int."""
