"""Cures for a collapse: off they change nothing, on they do what their names say."""

import numpy as np
import pytest

from legacy_gan import losses, option_types, registry
from legacy_gan.training import engines, model_graph, training_options
from tests.support import training
from tests.support.training import images_and_labels

pytestmark = pytest.mark.newest

MODELS = pytest.mark.parametrize("model", ["basic", "conditional"])
LOGITS = np.array([[-40.0], [-3.0], [0.0], [2.5], [60.0]])


def trained(model, steps=3, engine="feed", initial=None, skipped=0, **settings):
    """Trains on made images; returns ([d losses, g losses], weights by name, initial ones).

    `skipped` is how many steps' batches and noise are left out before.
    """
    sizes = dict(batch_size=11, hidden=13, noise=7)
    with training.built(model, **sizes, **settings) as (session, gan, module, settings):
        initial = initial or module.initial_weights(gan.model_vars, np.random.RandomState(1))
        training.weights.assign(session, gan.named_vars, initial)
        data = training.data_set(*images_and_labels())
        engine = training.engine(session, gan, module, settings, data, engine)
        if skipped:
            engine._batches.take(skipped)
        losses = training.train(engine, steps)
        return losses, training.weights.fetch(session, gan.named_vars), initial


@MODELS
def test_without_cures_the_model_is_the_books(model):
    graph = model_graph.ModelGraph(model, registry.model(model).settings())
    with graph.graph.as_default():
        assert training_options.apply(graph.gan, graph.settings) is graph.gan
    # The rates spelled out are the book's, too.
    rate = graph.settings.learning_rate
    spelled = registry.model(model).settings(d_learning_rate=rate, g_learning_rate=rate)
    assert len(model_graph.ModelGraph(model, spelled).graph.get_operations()) == len(graph.graph.get_operations())


@pytest.mark.both_ends
@pytest.mark.parametrize(
    "model, cure",
    [
        (model, cure)
        for model in ("basic", "conditional")
        for cure in ({"beta1": 0.5}, {"label_smoothing": 0.1}, {"d_learning_rate": 1e-5}, {"gradient_penalty": 1})
    ]
    + [("conditional", {"mismatched_labels": 1})],
)
def test_cured_models_keep_the_books_names_in_checkpoints(model, cure):
    books = model_graph.ModelGraph(model, registry.model(model).settings())
    cured = model_graph.ModelGraph(model, registry.model(model).settings(**cure))
    assert list(cured.kept) == list(books.kept)
    assert [v.shape for v in cured.kept.values()] == [v.shape for v in books.kept.values()]


@pytest.mark.parametrize("smoothing", [0.1, 0.5])
def test_smoothed_loss_is_cross_entropy_with_soft_labels(smoothing):
    with training.tf.Graph().as_default():
        fake = LOGITS[::-1] + 0.5
        logits = [training.tf.constant(x, "float32") for x in (LOGITS, fake)]
        loss, _ = losses.smoothed(*logits, smoothing=smoothing)
        with training.open_session() as session:
            got = session.run(loss)
    softplus = lambda x: np.logaddexp(0, x)  # noqa: E731
    real = (1 - smoothing) * softplus(-LOGITS) + smoothing * softplus(LOGITS)
    np.testing.assert_allclose(got, real.mean() + softplus(fake).mean(), rtol=1e-5)


@MODELS
def test_smoothed_loss_has_the_listings_sign(model):
    (d, _), _, _ = trained(model, 1)
    (smoothed_d, _), _, _ = trained(model, 1, label_smoothing=0.3)
    assert np.sign(d) == np.sign(smoothed_d) == (-1 if model == "basic" else 1)
    assert d != smoothed_d


@MODELS
def test_rates_of_their_own_move_each_network_by_its_own(model):
    """Adam's first step moves a weight by the learning rate, less where gradients are near 1e-8."""
    _, final, initial = trained(model, 1, d_learning_rate=1e-3, g_learning_rate=1e-5)
    for name in final:
        moved = np.abs(final[name] - initial[name]).max()
        rate = 1e-3 if name.startswith(("D", "d")) else 1e-5
        assert 0.5 * rate < moved < 1.01 * rate, name


def test_beta1_is_adams():
    (d, _), final, _ = trained("conditional", 4)
    (other_d, _), other, _ = trained("conditional", 4, beta1=0.5)
    assert d[0] == other_d[0]  # before any update
    assert any(np.abs(final[name] - other[name]).max() > 1e-5 for name in final)


ENGINES_OF_MODELS = pytest.mark.parametrize(  # compiling takes most of the time
    "engine, model",
    [("feed", "basic"), ("compiled", "basic"), ("feed", "conditional")]
    + [pytest.param("compiled", "conditional", marks=pytest.mark.slow)],
)


@ENGINES_OF_MODELS
def test_gradient_penalty_is_added_to_ds_loss_and_flattens_d(model, engine):
    """The penalty of the first step, by NumPy, from the initial weights."""
    weight = 50.0
    (d, _), steep, initial = trained(model, 40, engine)
    (flat_d, _), final, _ = trained(model, 40, engine, gradient_penalty=weight)
    images, labels = images_and_labels()
    chosen = training.data_set(images, labels)
    chosen._rng = np.random.RandomState(option_types.DEFAULT_SEED)
    chosen = chosen.next_indices(11)
    penalties = [penalty(model, w, images[chosen], labels[chosen]) for w in (initial, steep, final)]
    assert abs(flat_d[0]) - abs(d[0]) == pytest.approx(weight / 2 * penalties[0], rel=1e-4)
    assert penalties[2] < 0.5 * penalties[1]


@pytest.mark.parametrize(
    "engine, added",
    [("feed", {}), ("compiled", {"gradient_penalty": 50.0})]
    + [pytest.param("compiled", {}, marks=pytest.mark.slow)]
    + [pytest.param("feed", {"gradient_penalty": 50.0}, marks=pytest.mark.slow)],
)
def test_real_images_with_wrong_labels_are_added_to_ds_loss_and_refused(engine, added):
    """The addition of the first step, by NumPy, from the initial weights."""
    weight = 3.0
    (d, _), without, initial = trained("conditional", 40, engine, **added)
    (mismatched_d, _), final, _ = trained("conditional", 40, engine, mismatched_labels=weight, **added)
    images, labels = images_and_labels()
    chosen = training.data_set(images, labels)
    chosen._rng = np.random.RandomState(option_types.DEFAULT_SEED)
    chosen = chosen.next_indices(11)
    beliefs = [belief(w, images[chosen], labels[chosen]) for w in (initial, without, final)]
    assert mismatched_d[0] - d[0] == pytest.approx(weight * beliefs[0], rel=1e-4)
    assert beliefs[2] < 0.9 * beliefs[1]


def belief(arrays, images, labels):
    """Mean cross entropy of D's logits against zeros, of images with the label of the one after."""
    w1, b1, w2, b2 = (
        arrays["discriminator/" + name].astype(np.float64)
        for name in ("dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias")
    )
    others = np.roll(labels, -1, 0)
    logits = np.maximum(np.concatenate([images, others], 1) @ w1 + b1, 0) @ w2 + b2
    return (np.log1p(np.exp(logits[:, 0])) * (labels != others).any(1)).mean()


def penalty(model, arrays, images, labels):
    """Mean squared slope of D's logit by the image."""
    names = (
        ("D_W1", "D_b1", "D_W2")
        if model == "basic"
        else tuple("discriminator/" + n for n in ("dense/kernel", "dense/bias", "dense_1/kernel"))
    )
    w1, b1, w2 = (arrays[name].astype(np.float64) for name in names)
    inputs = images if model == "basic" else np.concatenate([images, labels], 1)
    slopes = ((inputs @ w1 + b1 > 0) * w2[:, 0]) @ w1.T[:, :784]
    return (slopes**2).sum(1).mean()


@ENGINES_OF_MODELS
def test_rates_fall_with_the_training_steps(model, engine):
    """The first step is at the whole rate, the second at 1 / (1 + 1 / 2) of it."""

    def after(steps, rate, **given):  # without Adam, whose steps depend on those before
        return trained(model, steps, engine, learning_rate=rate, optimizer="momentum", momentum=0.0, **given)[1]

    falling = [after(steps, 0.01, decay_steps=2) for steps in (1, 2)]
    first = after(1, 0.01)
    second = after(1, 0.01 / 1.5, initial=first, skipped=1)
    whole = after(1, 0.01, initial=first, skipped=1)
    for name in first:
        np.testing.assert_array_equal(falling[0][name], first[name])
        np.testing.assert_allclose(falling[1][name], second[name], rtol=1e-5, atol=1e-7)
    assert max(np.abs(falling[1][name] - whole[name]).max() for name in first) > 1e-5


@MODELS
def test_rates_fall_by_training_steps_however_many_steps_a_network_takes(model):
    """D's rate after two training steps of three steps each is G's, whose one step each."""
    settings = registry.model(model).settings(hidden=5, noise=3, d_steps=3, decay_steps=4)
    graph = model_graph.ModelGraph(model, settings)
    with graph.graph.as_default(), training.open_session() as session:
        session.run(graph.initializer)
        session.run([v.assign(count) for v, count in ((graph.kept["decay/d"], 6), (graph.kept["decay/g"], 2))])
        for optimizer in (graph.gan.d_optimizer, graph.gan.g_optimizer):
            rate = session.run(optimizer._optimizer._lr())
            assert rate == pytest.approx(settings.learning_rate / (1 + 2 / 4))


@MODELS
def test_steps_of_each_network_are_counted(model, monkeypatch):
    runs = []
    monkeypatch.setattr(engines.FeedEngine, "_train_d", counted(engines.FeedEngine._train_d, runs))
    trained(model, 3, d_steps=4)
    assert len(runs) == 12
    batches = [feeds for _, feeds in runs]
    noises = {feed.tobytes() for feeds in batches for feed in feeds.values() if feed.shape == (11, 7)}
    assert len(noises) == 12  # a batch and noise of its own for each


def counted(function, runs):
    def call(self, feeds):
        runs.append((self, feeds))
        return function(self, feeds)

    return call


@MODELS
def test_more_steps_of_g_move_it_further_and_leave_d_alone(model):
    _, once, initial = trained(model, 1)
    _, thrice, _ = trained(model, 1, g_steps=3)
    for name in once:
        moved, further = (np.abs(w[name] - initial[name]).max() for w in (once, thrice))
        if name.startswith(("D", "d")):
            assert moved == further
        else:
            assert further > 1.5 * moved


@MODELS
def test_low_loss_of_d_skips_its_step(model):
    (d, g), final, initial = trained(model, 2, skip_d_below=100)
    assert all((final[n] == initial[n]).all() for n in final if n.startswith(("D", "d")))
    assert not any((final[n] == initial[n]).all() for n in final if n.startswith(("G", "g")))
    _, never, _ = trained(model, 2, skip_d_below=1e-9)
    _, books, _ = trained(model, 2)
    for name in books:
        np.testing.assert_allclose(never[name], books[name], rtol=1e-5, atol=1e-7)
