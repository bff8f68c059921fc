"""A model built in a graph of its own, and what a checkpoint of it holds."""

import importlib

from legacy_gan import gan as contract
from legacy_gan.tf1 import tf
from legacy_gan.training import training_options


def module_of(model):
    """Returns the module of legacy_gan.models that has this name."""
    return importlib.import_module(f"legacy_gan.models.{model}")


class Built:
    """One model, ready for a session.

    Args:
      model: str, the model's name.
      settings: its settings, from legacy_gan.options.
    Attributes:
      graph: tf.Graph. gan: legacy_gan.gan.GAN. module: the model's page. model, settings: as given.
      initializer: tf.Operation that gives every variable a value.
      kept: dict of name to tf.Variable, what a checkpoint holds of them: the model's variables, then
        Adam's slots and powers, in the order of their making.
    """

    def __init__(self, model, settings):
        self.model, self.module, self.settings = model, module_of(model), settings
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.gan = training_options.apply(contract.build(self.module, settings), settings)
            self.initializer = tf.global_variables_initializer()
        self.kept = dict(self.gan.named_vars, **self.gan.optimizer_vars)
