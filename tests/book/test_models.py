"""The models as built: who changes what, what is shared, what the contract refuses."""

import collections
import types

import numpy as np
import pytest

from legacy_gan import gan as contract, options
from legacy_gan.tf1 import tf
from tests.support import training

pytestmark = pytest.mark.both_ends

MODELS = pytest.mark.parametrize("model", ["basic", "conditional"])
BATCH, HIDDEN, NOISE = 11, 13, 7
NAMES = {
    "basic": ["G_W1", "G_b1", "G_W2", "G_b2", "D_W1", "D_b1", "D_W2", "D_b2"],
    "conditional": [
        network + "/" + layer + "/" + part
        for network in ("generator", "discriminator")
        for layer in ("dense", "dense_1")
        for part in ("kernel", "bias")
    ],
}


@pytest.fixture
def small(request):
    """(session, gan, module, settings, feeds) of a small model on random weights."""
    rng = np.random.RandomState(2)
    with training.built(request.param, hidden=HIDDEN, noise=NOISE) as built:
        session, gan, module, settings = built
        initial = {v.op.name: rng.normal(0, 0.1, v.shape.as_list()) for v in gan.model_vars}
        training.weights.assign(session, gan.named_vars, initial)
        feeds = {gan.real: rng.uniform(size=(BATCH, 784)), gan.noise: rng.normal(size=(BATCH, NOISE))}
        if gan.labels is not None:
            feeds[gan.labels] = np.eye(10)[np.arange(BATCH) % 10]
        yield session, gan, module, settings, feeds


SMALL = pytest.mark.parametrize("small", ["basic", "conditional"], indirect=True)


@SMALL
@pytest.mark.parametrize("step", ["train_d", "train_g"])
def test_step_changes_its_own_network_only(small, step):
    session, gan, _, _, feeds = small
    before = training.weights.fetch(session, gan.named_vars)
    session.run(getattr(gan, step), feeds)
    after = training.weights.fetch(session, gan.named_vars)
    changed = {name for name in before if (before[name] != after[name]).any()}
    own = gan.d_vars if step == "train_d" else gan.g_vars
    assert changed == {v.op.name for v in own}


@MODELS
def test_variables_have_their_names_order_and_shapes(model):
    with training.built(model, hidden=HIDDEN, noise=NOISE) as (_, gan, _, _):
        label = 10 if model == "conditional" else 0
        assert [v.op.name for v in gan.model_vars] == NAMES[model]
        assert [v.shape.as_list() for v in gan.model_vars] == [
            [NOISE + label, HIDDEN],
            [HIDDEN],
            [HIDDEN, 784],
            [784],
            [784 + label, HIDDEN],
            [HIDDEN],
            [HIDDEN, 1],
            [1],
        ]


@SMALL
def test_discriminator_is_one_network_for_real_and_generated(small):
    """Generated images fed as real ones get the same logits: the variables are shared."""
    session, gan, _, _, feeds = small
    images, fake_logits = session.run([gan.sample, gan.fake_logits], feeds)
    real_logits = session.run(gan.real_logits, {**feeds, gan.real: images})
    np.testing.assert_allclose(real_logits, fake_logits, rtol=1e-5, atol=1e-6)


@SMALL
def test_both_steps_take_the_same_noise(small):
    _, gan, _, _, _ = small
    assert gan.g_noise is gan.noise
    assert gan.schedule is contract.Schedule.SAME_NOISE


def test_label_reaches_both_networks():
    with training.built("conditional") as (_, gan, _, _):
        with gan.labels.graph.as_default():
            for output in (gan.real_logits, gan.sample):
                assert tf.gradients(output, gan.labels)[0] is not None


@MODELS
def test_generators_loss_needs_no_real_images(model):
    """G's step feeds no X, as in the listing; a wrong loss would ask for it (erratum 9)."""
    with training.built(model) as (session, gan, module, settings):
        feeds = {gan.g_noise: module.get_noise(3, 128, np.random.RandomState(0))}
        if gan.labels is not None:
            feeds[gan.labels] = np.eye(10)[:3]
        session.run([gan.train_g, gan.g_loss], feeds)


@MODELS
def test_initial_weights_have_the_listings_distribution(model):
    with training.built(model) as (_, gan, module, _):
        arrays = module.initial_weights(gan.model_vars, np.random.RandomState(0))
        again = module.initial_weights(gan.model_vars, np.random.RandomState(0))
    assert list(arrays) == NAMES[model]
    for v in gan.model_vars:
        array, shape = arrays[v.op.name], v.shape.as_list()
        assert array.dtype == np.float32 and list(array.shape) == shape
        np.testing.assert_array_equal(array, again[v.op.name])
        if len(shape) == 1:
            assert not array.any()
        elif model == "basic":
            # the deviation of n samples is within 1/sqrt(2n) of its own; five of those
            assert abs(array.std() / 0.01 - 1) < 5 / np.sqrt(2 * array.size)
        else:
            limit = np.sqrt(6.0 / sum(shape))
            assert 0.95 * limit < np.abs(array).max() <= limit
            assert abs(array.std() / (limit / np.sqrt(3)) - 1) < 5 / np.sqrt(2 * array.size)


@pytest.mark.parametrize(
    "model, low, high, mean, deviation", [("basic", -np.inf, np.inf, 0, 1), ("conditional", -1, 1, 0, 1 / np.sqrt(3))]
)
def test_noise_has_the_listings_distribution(model, low, high, mean, deviation):
    noise = training.module_of(model).get_noise(1000, 128, np.random.RandomState(0))
    assert noise.shape == (1000, 128) and noise.dtype == np.float64
    assert low <= noise.min() and noise.max() <= high
    assert abs(noise.mean() - mean) < 5 * deviation / np.sqrt(noise.size)
    assert abs(noise.std() / deviation - 1) < 5 / np.sqrt(2 * noise.size)


def broken(change):
    """A module like models.basic whose GAN is changed by a learner's mistake."""
    module = training.module_of("basic")
    mistaken = types.ModuleType("legacy_gan.models.mine")
    mistaken.build = lambda settings: change(module.build(settings))
    return mistaken


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda g: g._replace(d_vars=[]), "mine: d_vars must hold the network's variables, got none"),
        (
            lambda g: g._replace(g_vars=g.g_vars + g.d_vars[:1]),
            "mine: d_vars and g_vars must share nothing, both hold D_W1:0",
        ),
        (lambda g: g._replace(g_vars=g.g_vars[1:]), "G_W1:0 in neither"),
    ],
)
def test_wrong_variable_lists_are_refused(change, words):
    with tf.Graph().as_default(), pytest.raises(ValueError) as caught:
        contract.build(broken(change), options.Basic())
    assert words in str(caught.value)


def test_two_models_in_one_graph_do_not_mix():
    """`discriminator_1/...` of a neighbour stays out of D's list (erratum 26)."""
    with tf.Graph().as_default():
        with tf.variable_scope("discriminator_1"):
            tf.get_variable("w", [3])
        gan = contract.build(training.module_of("conditional"), options.Conditional())
        counts = collections.Counter(v.op.name.split("/")[0] for v in gan.model_vars)
    assert counts == {"generator": 4, "discriminator": 4}
