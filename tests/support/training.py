"""Training a model step by step on given weights and data, below the programs."""

import contextlib

import numpy as np

from legacy_gan import gan as contract, input_data, options, registry
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.session import session as open_session
from legacy_gan.training import batches, engines, pages, training_options, weights


def module_of(model):
    """Returns the page of a model, by its name."""
    return pages.module(registry.model(model))


@contextlib.contextmanager
def built(model, initial=None, **settings):
    """Yields (session, gan, module, settings) with the variables set to `initial` by name."""
    settings = options.SETTINGS[model](**settings)
    module = module_of(model)
    with tf.Graph().as_default() as graph:
        gan = training_options.apply(contract.build(module, settings), settings)
        initializer = tf.global_variables_initializer()
    with open_session(graph) as session:
        session.run(initializer)
        if initial is not None:
            weights.assign(session, gan.named_vars, initial)
        yield session, gan, module, settings


def data_set(images, labels):
    """Returns a DataSet of float images [n, 784] and one-hot labels, taken as they are."""
    return input_data.DataSet(images, labels, dtype=np.uint8, reshape=False)


def train(engine, steps):
    """Returns (d_losses, g_losses) of so many steps, float32 [steps] each."""
    return np.concatenate(list(engine.train(steps)), 1)[:2]


def engine(session, gan, module, settings, data, kind="feed"):
    """An engine whose batches and noise come from RandomState(settings.seed)."""
    drawn = batches.Batches(data, module.get_noise, settings, gan.schedule, gan.last_batch, gan.masks)
    with session.graph.as_default():
        return engines.ENGINES[kind](session, gan, data, drawn, settings, 550)
