"""The readers' other GANs: both engines, schedules, the last batch, batch norm, dropout, PyTorch's Adam."""

import numpy as np
import pytest

from legacy_gan import options, registry
from legacy_gan.errors import UserError
from legacy_gan.gan import LastBatch, Schedule
from legacy_gan.optimizers import TorchAdam
from legacy_gan.training import engines
from legacy_gan.training.batches import Batches, check_masks
from legacy_gan.training.model_graph import ModelGraph
from tests.support import training
from tests.support.training import images_and_labels, of_slices, tf

pytestmark = pytest.mark.newest

NAMES = ["vanilla", "mlp", "dcgan", "cdcgan"]
MODELS = pytest.mark.parametrize("model", NAMES)
# To an engine mlp is as vanilla, and cdcgan as dcgan with labels.
# One dense, one convolutional. What holds for the dense one holds for the book's, tests/training/test_engines.py.
KINDS_OF_MODEL = pytest.mark.parametrize("model", [pytest.param("vanilla", marks=pytest.mark.slow), "dcgan"])
EVERY = pytest.mark.parametrize("model", ["basic", "conditional"] + NAMES)


def sizes(model):
    """Odd sizes; 35 images make three batches of 11 and one of 2."""
    own = {"filters": 3} if "dcgan" in model else {"hidden": 13}
    return dict(own, batch_size=11, noise=7, seed=8)


def trained(kind, model, steps=9, **settings):
    """Trains on made images; returns (results [4, steps], all variables by name, Batches.state).

    `kind` None trains not at all.
    """
    with training.built(model, **dict(sizes(model), **settings)) as (session, gan, module, settings):
        initial = module.initial_weights(gan.model_vars, np.random.RandomState(1))
        training.weights.assign(session, gan.named_vars, initial)
        data = training.data_set(*images_and_labels())
        drawn = Batches(data, module.get_noise, settings, gan.schedule, gan.last_batch, gan.masks)
        variables = dict(gan.named_vars, **gan.optimizer_vars)
        if kind is None:
            return None, training.weights.fetch(session, variables), None
        with session.graph.as_default():
            engine = engines.ENGINES[kind](session, gan, data, drawn, settings, 4)
        results = np.concatenate(list(engine.train(steps)), 1)
        return results, training.weights.fetch(session, variables), drawn.state()


# Engines


ALL_AT_ONCE = {"d_steps": 2, "g_steps": 2, "skip_d_below": 1.4}
ALGORITHM_1 = {"loss": "saturating", "optimizer": "momentum", "d_steps": 2}


@pytest.mark.both_ends
@pytest.mark.parametrize(
    "model, settings",
    [("dcgan", ALL_AT_ONCE), ("cdcgan", {"mismatched_labels": 0.5, "gradient_penalty": 0.1})]
    + [
        pytest.param(model, settings, marks=pytest.mark.slow)
        for model, some in (
            (
                "vanilla",
                ({}, {"d_steps": 3}, {"g_steps": 3}, {"label_smoothing": 0.2}, dict(ALGORITHM_1, **ALL_AT_ONCE)),
            ),
            ("mlp", ({}, ALL_AT_ONCE)),
            ("dcgan", ({}, {"d_steps": 3}, {"g_steps": 3}, {"label_smoothing": 0.2}, ALGORITHM_1)),
            ("cdcgan", ({}, ALL_AT_ONCE)),
        )
        for settings in some
    ],
    ids=lambda value: ",".join(value) or "as printed" if isinstance(value, dict) else value,
)
def test_engines_agree(model, settings):
    feed, feed_variables, feed_state = trained("feed", model, **settings)
    compiled, variables, state = trained("compiled", model, **settings)
    assert feed.shape == compiled.shape == (4, 9)
    # Rounding, which Adam and batch normalisation of eleven images amplify: up to 7e-4 was seen.
    np.testing.assert_allclose(compiled, feed, rtol=2e-3, atol=2e-5)
    _, initial, _ = trained(None, model, **settings)
    for name, value in feed_variables.items():
        # As a whole: where a gradient is nothing but rounding Adam makes a whole step of it.
        apart, moved = np.linalg.norm(variables[name] - value), np.linalg.norm(value - initial[name])
        assert apart <= 0.03 * moved + 1e-6, (name, apart, moved)
    for part, other in zip(feed_state[0] + feed_state[1], state[0] + state[1]):
        np.testing.assert_array_equal(part, other)


@pytest.mark.parametrize(
    "model, more",
    [("dcgan", {"first_layer": "transposed"})]
    + [pytest.param(model, {}, marks=pytest.mark.slow) for model in ("dcgan", "cdcgan")],
)
def test_engines_agree_where_convolutions_are_products_of_matrices(model, more, monkeypatch):
    from legacy_gan.tf1.backend import spectral

    calls = []
    conv2d = spectral.conv2d
    monkeypatch.setattr(spectral, "conv2d", lambda *a: (calls.append(1), conv2d(*a))[1])
    feed = trained("feed", model, 5, filters=16, **more)[0]
    assert not calls
    compiled = trained("compiled", model, 5, filters=16, **more)[0]
    assert calls
    np.testing.assert_allclose(compiled, feed, rtol=2e-4, atol=2e-5)


def ancestors(tensors):
    """Returns the operations that must have run before some tensors are there."""
    found, todo = set(), [t.op for t in tensors]
    while todo:
        op = todo.pop()
        if op not in found:
            found.add(op)
            todo += [t.op for t in op.inputs] + list(op.control_inputs)
    return found


def test_further_steps_of_g_wait_for_both_updates():
    """In a plain graph nothing but such an edge orders them; XLA would by chance."""
    with training.built("dcgan", **dict(sizes("dcgan"), g_steps=2)) as (session, gan, module, settings):
        data = training.data_set(*images_and_labels())
        drawn = Batches(data, module.get_noise, settings, gan.schedule, gan.last_batch, gan.masks)
        seen = []
        repeated = engines.compiled._repeated

        def spy(step, start, end, loss=0.0):
            if start == 1:
                marker = tf.zeros([])  # waits as the loop's first operation does
                seen.append(marker)
            return repeated(step, start, end, loss)

        with session.graph.as_default(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(engines.compiled, "_repeated", spy)
            engines.CompiledEngine(session, gan, data, drawn, settings, 4)
        for marker in seen:
            updated = {op.inputs[0].name for op in ancestors([marker]) if op.type == "ResourceApplyAdam"}
            assert len(updated) == len(gan.d_vars) + len(gan.g_vars)


@pytest.mark.slow  # a processor does not take this way
@pytest.mark.parametrize("model, settings", [("cdcgan", {}), ("dcgan", {"d_steps": 2}), ("dcgan", {"g_steps": 2})])
def test_engines_agree_where_xla_compiles_the_convolutions(model, settings, monkeypatch):
    """As on a GPU."""
    feed, variables, _ = trained("feed", model, 4, **settings)
    monkeypatch.setattr(engines.compiled, "uses_xla", lambda graph, use_gpu: True)
    compiled, others, _ = trained("compiled", model, 4, **settings)
    np.testing.assert_allclose(compiled, feed, rtol=2e-3, atol=2e-5)
    for name in variables:
        if "moving" in name:
            np.testing.assert_allclose(others[name], variables[name], rtol=1e-3, atol=1e-5)


@KINDS_OF_MODEL
def test_slices_do_not_matter(model, monkeypatch):
    (cut, cut_weights, cut_slices, _), (whole, weights, slices, _) = of_slices(
        (1e-9, 1e9), 12, model, monkeypatch, per_epoch=4, **sizes(model)
    )
    assert len(cut_slices) == 12 > len(slices)
    np.testing.assert_array_equal(whole, cut)
    for name in weights:
        np.testing.assert_array_equal(weights[name], cut_weights[name])


@pytest.mark.both_ends
@KINDS_OF_MODEL
@pytest.mark.parametrize("kind", ["feed", "compiled"])
def test_run_that_goes_on_equals_one_that_was_not_stopped(model, kind):
    """From variables, the random state and the place in the data, at any step."""
    with training.built(model, **sizes(model)) as (session, gan, module, settings):
        training.weights.assign(
            session, gan.named_vars, module.initial_weights(gan.model_vars, np.random.RandomState(1))
        )
        variables = dict(gan.named_vars, **gan.optimizer_vars)

        def begun(*resumed):
            data = training.data_set(*images_and_labels())
            drawn = Batches(data, module.get_noise, settings, gan.schedule, gan.last_batch, gan.masks)
            if resumed:
                drawn.resume(*resumed, step=3)
            with session.graph.as_default(), tf.variable_scope(tf.get_variable_scope()):
                return drawn, engines.ENGINES[kind](session, gan, data, drawn, settings, 4)

        drawn, engine = begun()
        list(engine.train(3))
        kept, state = training.weights.fetch(session, variables), drawn.state()
        whole = np.concatenate(list(engine.train(7)), 1)
        training.weights.assign(session, variables, kept)
        _, engine = begun(*state)
        went_on = np.concatenate(list(engine.train(7)), 1)
    np.testing.assert_array_equal(went_on, whole)


# What is drawn


def drawn_of(model, count=35, **settings):
    built = ModelGraph(model, registry.model(model).settings(**dict(sizes(model), **settings)))
    images, labels = np.zeros((count, 784), np.uint8), np.eye(10)[np.arange(count) % 10]
    data = training.data_set(images, labels)
    return Batches(
        data, built.module.get_noise, built.settings, built.gan.schedule, built.gan.last_batch, built.gan.masks
    )


def test_choices_of_dropout_that_fill_the_memory_are_refused():
    settings = options.Dcgan(batch_size=2000, d_steps=100)
    with pytest.raises(UserError, match="smaller --batch-size, --filters, --d-steps or --g-steps"):
        check_masks(settings, Schedule.TOGETHER, ModelGraph("dcgan", settings).gan.masks)


@MODELS
def test_an_epoch_takes_every_image_once_in_an_order_of_its_own(model):
    drawn = drawn_of(model)
    orders = []
    for _ in range(3):
        taken = [drawn.take(1).indices for _ in range(drawn.steps_per_epoch)]
        assert [part.shape[2] for part in taken] == [11, 11, 11, 2]
        orders.append(np.concatenate([part.ravel() for part in taken]))
        np.testing.assert_array_equal(np.sort(orders[-1]), np.arange(35))
    assert (orders[0] != orders[1]).any() and (orders[1] != orders[2]).any()


@pytest.mark.parametrize(
    "model, batch_size, steps, last",
    [
        ("vanilla", 100, 600, (100, 100)),
        ("mlp", 512, 118, (96, 96)),
        ("dcgan", 256, 235, (96, 256)),
        ("cdcgan", 128, 469, (96, 96)),
    ],
)
def test_last_batch_of_mnist_is_that_of_the_source(model, batch_size, steps, last):
    assert registry.model(model).settings().batch_size == batch_size
    drawn = drawn_of(model, 60000, batch_size=batch_size)
    assert drawn.steps_per_epoch == steps
    assert drawn.shape(steps - 2) == (batch_size, batch_size)
    assert drawn.shape(steps - 1) == last and drawn.shape(steps) == (batch_size, batch_size)


def test_books_batches_go_on_into_the_next_epoch():
    assert LastBatch.GOES_ON.steps_per_epoch(100, 55050) == 550
    assert [LastBatch.GOES_ON.size(step, 100, 55050) for step in (0, 549, 550)] == [100] * 3


@MODELS
@pytest.mark.parametrize("d_steps, g_steps", [(1, 1), (3, 2)])
def test_steps_take_the_noises_that_the_source_draws(model, d_steps, g_steps):
    drawn = drawn_of(model, d_steps=d_steps, g_steps=g_steps)
    own = model in ("vanilla", "mlp")  # G's step has noise of its own
    assert (drawn.plan.batches, drawn.plan.noises) == (d_steps, d_steps + g_steps - (not own))
    assert drawn.take(1).noise.shape[1] == drawn.plan.noises


def test_dropout_keeps_its_share_of_values_by_seed_and_step_alone():
    drawn, other = drawn_of("dcgan", filters=8), drawn_of("dcgan", filters=8)
    masks = drawn.take(2).masks
    assert [m.shape for m in masks] == [(2, 1, 11, 14, 14, 8), (2, 1, 11, 7, 7, 16)] * 2
    share = np.mean([m.mean() for m in masks])
    assert abs(share - 0.7) < 5 * np.sqrt(0.3 * 0.7 / sum(m.size for m in masks))
    assert (masks[0][0] != masks[0][1]).any() and (masks[0] != masks[2]).any()
    other.resume(*drawn.state(), step=1)  # the second step's masks, whatever was drawn before
    for mask, again in zip(masks, other.take(1).masks):
        np.testing.assert_array_equal(mask[1], again[0])
    first = drawn_of("dcgan", filters=8, seed=9).take(1).masks[0]
    assert (first[0] != masks[0][0]).any()


def test_masks_are_the_same_for_ever():
    """The bits of seed 8, step 0, as they were when this was written: a run must resume anywhere."""
    row = drawn_of("dcgan").take(1).masks[0][0, 0, 0, 0]
    assert "".join(map(str, row.ravel().astype(int))) == "101111110111000101001010110011101100010111"


# The models


@MODELS
def test_step_changes_its_own_network_only(model):
    with training.built(model, **sizes(model)) as (session, gan, module, settings):
        training.weights.assign(
            session, gan.named_vars, module.initial_weights(gan.model_vars, np.random.RandomState(1))
        )
        drawn = drawn_of(model).take(1)
        images, labels = images_and_labels()
        feeds = {gan.real: images[:11], gan.noise: drawn.noise[0, 0], gan.g_noise: drawn.noise[0, -1]}
        if gan.labels is not None:
            feeds[gan.labels] = labels[:11]
        feeds.update({m.keep: kept[0, 0] for m, kept in zip(gan.masks, drawn.masks)})
        for step, own in ((gan.train_d, gan.d_vars), (gan.train_g, list(gan.g_vars) + list(gan.state_vars))):
            before = training.weights.fetch(session, gan.named_vars)
            session.run(step, feeds)
            after = training.weights.fetch(session, gan.named_vars)
            names = {v.op.name for v in own}
            for name in before:
                assert (before[name] != after[name]).any() == (name in names), name


@MODELS
def test_generators_variables_are_its_scopes(model):
    built = ModelGraph(model, registry.model(model).settings(**sizes(model)))
    assert all(v.op.name.startswith("generator/") for v in built.gan.g_vars)
    assert all(v.op.name.startswith("discriminator/") for v in built.gan.d_vars)
    assert len(built.gan.state_vars) == (6 if "dcgan" in model else 0)


@pytest.mark.parametrize("kind", ["feed", "compiled"])
def test_averages_of_batch_norm_move_once_a_training_step(kind):
    """moving -= (moving - moment) * 0.01, from the moments of the step's own forward pass."""
    moved = {}
    for steps in (1, 2):
        _, variables, _ = trained(kind, "dcgan", 1, d_steps=steps)
        moved[steps] = variables["generator/batch_normalization/moving_mean"]
    with training.built("dcgan", **sizes("dcgan")) as (session, gan, module, settings):
        initial = module.initial_weights(gan.model_vars, np.random.RandomState(1))
        for steps in (1, 2):
            noise = drawn_of("dcgan", d_steps=steps).take(1).noise[0, steps - 1]
            first = noise @ initial["generator/dense/kernel"]
            np.testing.assert_allclose(moved[steps], 0.01 * first.mean(0), rtol=1e-3, atol=1e-6)


def test_pictures_are_made_with_the_averages():
    """Each image by itself: in training mode the others of its batch would change it."""
    with training.built("dcgan", **sizes("dcgan")) as (session, gan, module, settings):
        training.weights.assign(
            session, gan.named_vars, module.initial_weights(gan.model_vars, np.random.RandomState(1))
        )
        noise = module.get_noise(5, 7, np.random.RandomState(2))
        together = session.run(gan.sample, {gan.sample_noise: noise})
        alone = session.run(gan.sample, {gan.sample_noise: noise[:1]})
        np.testing.assert_allclose(alone, together[:1], atol=1e-5)
        with session.graph.as_default():
            in_training = gan.generator(gan.noise)
        both = [session.run(in_training, {gan.noise: noise[:n]})[0] for n in (5, 2)]
        assert np.abs(both[0] - both[1]).max() > 1e-3


def test_health_sees_the_discriminator_without_dropout():
    with training.built("dcgan", **sizes("dcgan")) as (session, gan, module, settings):
        with session.graph.as_default():
            logits = gan.resting_discriminator(gan.real)
        images = images_and_labels()[0]
        session.run(logits, {gan.real: images})  # no mask is asked for


def test_label_is_a_plane_of_ones_of_its_digit():
    """A value test: D's first layer sees, beside the image, ones on the digit's plane and zeros elsewhere."""
    with training.built("cdcgan", **sizes("cdcgan")) as (session, gan, module, settings):
        initial = module.initial_weights(gan.model_vars, np.random.RandomState(1))
        training.weights.assign(session, gan.named_vars, initial)
        conv = next(op for op in session.graph.get_operations() if op.type == "Conv2D")
        images, labels = images_and_labels()
        seen = session.run(conv.inputs[0], {gan.real: images[:11], gan.labels: labels[:11]})
        assert seen.shape == (11, 28, 28, 11)
        np.testing.assert_array_equal(seen[..., 0], images[:11].reshape(11, 28, 28))
        for planes, label in zip(seen[..., 1:], labels):
            for digit in range(10):
                assert (planes[..., digit] == label[digit]).all()
        with session.graph.as_default():
            slope = tf.gradients(gan.sample, gan.sample_labels)[0]
        noise = module.get_noise(3, 7, np.random.RandomState(2))
        assert session.run(slope, {gan.sample_noise: noise, gan.sample_labels: labels[:3]}).any()


def test_label_picks_its_own_of_ds_ten_logits():
    with training.built("cdcgan", **sizes("cdcgan")) as (session, gan, module, settings):
        initial = module.initial_weights(gan.model_vars, np.random.RandomState(1))
        training.weights.assign(session, gan.named_vars, initial)
        dense = next(
            op
            for op in session.graph.get_operations()
            if op.type == "BiasAdd" and op.outputs[0].shape.as_list()[1:] == [10]
        )
        images, labels = images_and_labels()
        ten, logits = session.run([dense.outputs[0], gan.real_logits], {gan.real: images[:11], gan.labels: labels[:11]})
        assert len({tuple(row) for row in ten.T}) == 10
        np.testing.assert_array_equal(logits[:, 0], ten[np.arange(11), labels[:11].argmax(1)])


def test_d_of_cdcgan_normalises_by_the_batch():
    """An image's logit depends on its companions: D can tell a batch of equal images from a varied one."""
    with training.built("cdcgan", **sizes("cdcgan")) as (session, gan, module, settings):
        initial = module.initial_weights(gan.model_vars, np.random.RandomState(1))
        training.weights.assign(session, gan.named_vars, initial)
        images, labels = images_and_labels()
        label = np.repeat(labels[:1], 5, 0)

        def logit(batch):
            return session.run(gan.real_logits, {gan.real: batch, gan.labels: label})[0, 0]

        varied, equal = logit(images[:5]), logit(np.repeat(images[:1], 5, 0))
        assert abs(varied - equal) > 1e-3
        assert abs(varied - logit(images[[0, 4, 3, 2, 1]])) < 1e-5


@MODELS
def test_images_are_in_minus_one_to_one_and_come_back(model):
    gan = ModelGraph(model, registry.model(model).settings(**sizes(model))).gan
    images = np.float32(1 / 255) * np.arange(256, dtype=np.float32)
    inside = gan.normalize(images)
    assert inside.dtype == np.float32 and (inside[0], inside[-1]) == (-1, 1)
    np.testing.assert_allclose(inside, (np.arange(256) - 127.5) / 127.5, atol=2e-7)
    np.testing.assert_allclose(gan.denormalize(inside), images, atol=2e-7)


@pytest.mark.parametrize("beta1", [0.9, 0.5])
def test_torch_adam_is_pytorchs_formula(beta1):
    rng = np.random.RandomState(3)
    start = rng.normal(size=(3, 5)).astype(np.float32)
    gradients = rng.normal(size=(40, 3, 5)) * 10.0 ** rng.randint(-9, 1, size=(40, 3, 5))
    with tf.Graph().as_default():
        weights, gradient = tf.Variable(start), tf.placeholder(tf.float32, [3, 5])
        step = TorchAdam(1e-2, beta1).apply_gradients([(gradient, weights)])
        with training.open_session() as session:
            session.run(tf.global_variables_initializer())
            for g in gradients:
                session.run(step, {gradient: g})
            got = session.run(weights)
    w, m, v = start.astype(np.float64), 0.0, 0.0
    for t, g in enumerate(gradients, 1):
        m, v = beta1 * m + (1 - beta1) * g, 0.999 * v + 0.001 * g * g
        w -= 1e-2 / (1 - beta1**t) * m / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    np.testing.assert_allclose(got, w, atol=2e-5)


# As the 2014 paper prints it, on every model


@pytest.mark.parametrize(
    "model",
    ["basic", "conditional", "vanilla"] + [pytest.param(m, marks=pytest.mark.slow) for m in ("mlp", "dcgan", "cdcgan")],
)
def test_saturating_loss_is_the_minimax_games(model):
    """At the first step, before any update: log(1 - D(G(z))) against -log D(G(z))."""
    books = trained("feed", model, 1)[0][:, 0]
    minimax = trained("feed", model, 1, loss="saturating")[0][:, 0]
    assert books[0] == pytest.approx(minimax[0], rel=1e-5)
    sign = -1 if model == "basic" else 1
    assert sign * books[1] > 0 > sign * minimax[1]
    p = np.exp(-sign * books[1])  # about: the mean of the logarithm
    assert sign * minimax[1] == pytest.approx(np.log(1 - p), rel=0.3)


@pytest.mark.parametrize(
    "model",
    ["basic", "dcgan"]
    + [pytest.param(model, marks=pytest.mark.slow) for model in ("conditional", "vanilla", "mlp", "cdcgan")],
)
def test_momentum_moves_the_weights_by_its_formula(model):
    """The first step is rate * gradient, the second adds momentum times the first."""

    def moved(steps, **settings):
        _, variables, _ = trained("feed", model, steps, optimizer="momentum", **settings)
        return variables

    once = moved(1, learning_rate=0.1)
    slots = [name for name in once if name.endswith("/Momentum")]
    assert slots and not any("Adam" in name for name in once)
    _, initial, _ = trained(None, model)
    plain, with_momentum = (moved(2, learning_rate=0.1, momentum=m) for m in (0.0, 0.9))
    for slot in slots:
        name = slot[: -len("/Momentum")]
        np.testing.assert_allclose(initial[name] - once[name], 0.1 * once[slot], atol=1e-6)
        if name.lower().startswith("d"):  # G's second gradient may be by the D of the second step
            np.testing.assert_allclose(with_momentum[slot] - plain[slot], 0.9 * once[slot], atol=1e-6)


@EVERY
def test_optimizer_is_no_setting_that_a_run_may_change(model):
    assert "optimizer" not in options.CHANGEABLE and "loss" in options.CHANGEABLE


def test_schedules_are_the_sources():
    schedules = {m: ModelGraph(m, registry.model(m).settings(**sizes(m))).gan.schedule for m in NAMES}
    assert schedules == {
        "vanilla": Schedule.FRESH_NOISE,
        "mlp": Schedule.FRESH_NOISE,
        "dcgan": Schedule.TOGETHER,
        "cdcgan": Schedule.TOGETHER,
    }
