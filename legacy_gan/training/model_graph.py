"""A model built in a graph of its own, and what a checkpoint of it holds."""

from typing import Dict

from legacy_gan import gan as contract, options, registry
from legacy_gan.tf1 import tf
from legacy_gan.training import pages, training_options


class ModelGraph:
    """One model, ready for a session.

    Args:
      model: the model's name.
      settings: its settings.
    Attributes:
      graph: tf.Graph. gan: legacy_gan.gan.GAN. module: the model's page. model, settings: as given.
      record: the model's legacy_gan.registry.Model.
      initializer: tf.Operation that gives every variable a value.
      kept: dict of name to tf.Variable, what a checkpoint holds of them: the model's variables, then
        Adam's slots and powers, in the order of their making.
    """

    def __init__(self, model: str, settings: options.Settings) -> None:
        self.model, self.record, self.settings = model, registry.model(model), settings
        self.module = pages.module(self.record)
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.gan = training_options.apply(contract.build(self.module, settings), settings)
            self.initializer = tf.global_variables_initializer()
        self.kept: Dict[str, tf.Variable] = dict(self.gan.named_vars, **self.gan.optimizer_vars)
