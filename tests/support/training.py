"""Training a model step by step on given weights and data, below the programs."""

import contextlib

import numpy as np

from legacy_gan import gan as contract, input_data, registry
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.session import session as open_session
from legacy_gan.training import batches, engines, pages, training_options, weights


def module_of(model):
    """Returns the page of a model, by its name."""
    return pages.module(registry.model(model))


SIZES = dict(batch_size=11, hidden=13, noise=7, seed=8)


@contextlib.contextmanager
def built(model, initial=None, **settings):
    """Yields (session, gan, module, settings) with the variables set to `initial` by name."""
    settings = registry.model(model).settings(**settings)
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


def images_and_labels(count=35):
    """Made images, float32 [count, 784], and one-hot labels, the same at every call."""
    rng = np.random.RandomState(5)
    return rng.uniform(size=(count, 784)).astype(np.float32), np.eye(10)[np.arange(count) % 10]


def trained(kind, model, steps=9, **settings):
    """Trains on made images; returns (losses [2, steps], weights by name, Batches.state)."""
    with built(model, **dict(SIZES, **settings)) as (session, gan, module, settings):
        initial = module.initial_weights(gan.model_vars, np.random.RandomState(1))
        weights.assign(session, gan.named_vars, initial)
        data = data_set(*images_and_labels())
        drawn = batches.Batches(data, module.get_noise, settings)
        with session.graph.as_default():
            made = engines.ENGINES[kind](session, gan, data, drawn, settings, 30)
        losses = train(made, steps)
        return losses, weights.fetch(session, gan.named_vars), drawn.state()


def of_slices(seconds, steps, model, monkeypatch, per_epoch=30, **settings):
    """Trains one compiled engine from one start over, once for each length of a slice in `seconds`.

    Yields:
      (results [4, steps], weights by name, slices, Batches.state) of each.
    """
    with built(model, **settings) as (session, gan, module, settings):
        weights.assign(session, gan.named_vars, module.initial_weights(gan.model_vars, np.random.RandomState(1)))
        variables = dict(gan.named_vars, **gan.optimizer_vars)
        begin = weights.fetch(session, variables)
        data = data_set(*images_and_labels())
        drawn = batches.Batches(data, module.get_noise, settings, gan.schedule, gan.last_batch, gan.masks)
        state = drawn.state()
        with session.graph.as_default():
            made = engines.CompiledEngine(session, gan, data, drawn, settings, per_epoch)
        for short in seconds:
            monkeypatch.setattr(engines.pace, "SECONDS", short)
            weights.assign(session, variables, begin)
            drawn.resume(*state, step=0)
            slices = [np.array(part) for part in made.train(steps)]
            yield (
                np.concatenate(slices, 1),
                weights.fetch(session, gan.named_vars),
                [part.shape[1] for part in slices],
                drawn.state(),
            )
