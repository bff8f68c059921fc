"""The theory: what the texts state of p/(p+q), C(G), KL, JSD, the two losses and Algorithm 1."""

import os

import matplotlib
import matplotlib.image
import numpy as np
import pytest

from legacy_gan import losses
from legacy_gan.extras import divergences, plots, theory
from legacy_gan.extras.divergences import DX, LOG_4, X
from legacy_gan.tf1 import tf

pytestmark = pytest.mark.newest

PAIRS = [  # two densities each
    ([(1, 0, 1)], [(1, 0.5, 1)]),
    ([(1, 0, 1)], [(1, 3, 0.7)]),
    ([(0.3, -2, 0.7), (0.7, 1, 1.5)], [(1, 0.5, 2)]),
]


def densities(pair):
    return [divergences.density(components, X) for components in pair]


@pytest.fixture(params=range(len(PAIRS)))
def pq(request):
    return densities(PAIRS[request.param])


# Densities


def test_density_integrates_to_1_and_has_its_mean_and_variance():
    p = divergences.density([(0.3, -2, 0.7), (0.7, 1, 1.5)], X)
    mean = 0.3 * -2 + 0.7 * 1
    square = 0.3 * (4 + 0.49) + 0.7 * (1 + 2.25)
    # Sums of smooth functions over equal steps: exact but for float64's rounding.
    np.testing.assert_allclose([np.sum(f * p) * DX for f in (1, X, X**2)], [1, mean, square], rtol=1e-12)


def test_samples_follow_their_density():
    components = [(0.3, -2, 0.7), (0.7, 1, 1.5)]
    drawn = divergences.sample(components, 100000, np.random.RandomState(0))
    assert drawn.shape == (100000, 1) and drawn.dtype == np.float32
    counts, edges = np.histogram(drawn, np.linspace(-6, 6, 25))
    expected = np.interp(edges, X, np.cumsum(divergences.density(components, X - DX / 2)) * DX)
    # A share of 100,000 draws is uncertain by 0.0016 at most.
    np.testing.assert_allclose(np.cumsum(counts) / 1e5, np.diff(expected).cumsum(), atol=0.006)


# The optimal discriminator and the value


def test_optimal_discriminator_is_p_over_p_plus_q():
    p, q = np.array([0.3, 0.1, 0, 2, 0]), np.array([0.1, 0.1, 5, 0, 0])
    np.testing.assert_allclose(divergences.optimal_discriminator(p, q), [0.75, 0.5, 0, 1, 0.5], rtol=1e-15)


def test_no_other_discriminator_reaches_the_optimal_ones_value(pq):
    p, q = pq
    best = divergences.optimal_discriminator(p, q)
    highest, rng = divergences.value(p, q, best, DX), np.random.RandomState(1)
    for size in (1e-3, 0.1, 3):
        for _ in range(20):
            # Another logit everywhere: shifted, tilted, and noisy.
            change = size * (rng.normal() + rng.normal() * X / 5 + rng.normal(size=X.shape))
            other = np.exp(-np.logaddexp(0, np.log(q) - np.log(p) - change))
            assert divergences.value(p, q, other, DX) < highest
    for constant in (0.01, 0.5, 0.9):
        assert divergences.value(p, q, np.full(X.shape, constant), DX) < highest


def test_value_is_concave_in_d(pq):
    rng = np.random.RandomState(2)
    for _ in range(20):
        one, other = rng.uniform(0.001, 0.999, size=(2,) + X.shape)
        between = divergences.value(*pq, d=(one + other) / 2, dx=DX)
        assert between > (divergences.value(*pq, d=one, dx=DX) + divergences.value(*pq, d=other, dx=DX)) / 2


def test_value_is_what_samples_say():
    p, q = densities(PAIRS[1])
    rng = np.random.RandomState(3)
    best = divergences.optimal_discriminator(p, q)
    d_real, d_fake = [np.interp(divergences.sample(components, 200000, rng)[:, 0], X, best) for components in PAIRS[1]]
    said = np.log(d_real).mean() + np.log(1 - d_fake).mean()
    # Five times what 200,000 samples of logarithms that spread by about 0.4 leave uncertain.
    np.testing.assert_allclose(said, divergences.value(p, q, best, DX), atol=0.006)


def test_value_is_finite_where_d_is_rounded_to_0_or_1():
    p, q = densities(([(1, -9, 0.5)], [(1, 9, 0.5)]))
    best = divergences.optimal_discriminator(p, q)
    assert best.max() == 1  # rounded
    np.testing.assert_allclose(divergences.value(p, q, best, DX), 0, atol=1e-12)
    assert -40 < divergences.value(p, q, 1 - best, DX) / 2 < -30  # sure, and wrong: 53 log 2 = 36.7


@pytest.mark.parametrize("components", [pair[1] for pair in PAIRS])
def test_value_of_the_optimal_discriminator_is_minus_log_4_where_the_densities_agree(components):
    p = divergences.density(components, X)
    np.testing.assert_array_equal(divergences.optimal_discriminator(p, p), 0.5)
    np.testing.assert_allclose(divergences.c_of_g(p, p, DX), -1.3862943611198906, rtol=1e-12)
    np.testing.assert_allclose(LOG_4, 2 * np.log(2), rtol=1e-15)


@pytest.mark.parametrize("shift", [0, 0.1, 1, 3, 5])
@pytest.mark.parametrize("pair", PAIRS)
def test_c_of_g_is_minus_log_4_plus_twice_jsd(pair, shift):
    p, q = densities((pair[0], [(weight, mean + shift, std) for weight, mean, std in pair[1]]))
    # The widest one, moved by 5, leaves the grid at 5.2 standard deviations: it integrates to 1 - 1e-7.
    np.testing.assert_allclose(divergences.c_of_g(p, q, DX), -LOG_4 + 2 * divergences.jsd(p, q, DX), atol=1e-6)


def test_c_of_g_is_least_where_the_densities_agree_and_0_where_nothing_overlaps():
    p = divergences.density([(1, 0, 1)], X)
    at = {mean: divergences.c_of_g(p, divergences.density([(1, mean, 1)], X), DX) for mean in (-4, -1, 0, 1, 4, 14)}
    assert at[0] < at[1] < at[4] < at[14]
    np.testing.assert_allclose([at[-1], at[-4], at[14]], [at[1], at[4], 0], atol=1e-9)


# Divergences


def test_jsd_is_symmetric_and_kl_is_not(pq):
    p, q = pq
    np.testing.assert_allclose(divergences.jsd(p, q, DX), divergences.jsd(q, p, DX), rtol=1e-12)
    there, back = divergences.kl(p, q, DX), divergences.kl(q, p, DX)
    if abs(p.max() - q.max()) < 1e-3:  # Gaussians equally wide are the exception
        np.testing.assert_allclose(there, back, rtol=1e-9)
    else:
        assert abs(there - back) > 0.1 * max(there, back)


def test_jsd_is_0_for_the_same_and_log_2_where_nothing_overlaps(pq):
    p, _ = pq
    assert divergences.jsd(p, p, DX) == 0
    left, right = densities(([(1, -9, 0.5)], [(1, 9, 0.5)]))
    np.testing.assert_allclose(divergences.jsd(left, right, DX), np.log(2), rtol=1e-12)
    assert 0 < divergences.jsd(*pq, dx=DX) < np.log(2)


@pytest.mark.parametrize(
    "one, other",
    [
        ((0, 1), (0, 1)),
        ((0, 1), (1, 2)),
        ((1, 2), (0, 1)),
        ((-2, 0.6), (1, 1.5)),
        ((1, 1.5), (-2, 0.6)),
        ((0, 1), (3, 1)),
    ],
)
def test_kl_of_gaussians_equals_the_closed_form(one, other):
    p, q = densities(([(1,) + one], [(1,) + other]))
    # The widest one leaves the grid at 7.5 standard deviations: 1e-13 of it, times a logarithm.
    np.testing.assert_allclose(divergences.kl(p, q, DX), divergences.gaussian_kl(*(one + other)), rtol=1e-9, atol=1e-15)
    assert (divergences.gaussian_kl(*(one + other)) > 0) == (one != other)


def test_kl_is_cross_entropy_less_entropy(pq):
    there = (pq[0] > 0) & (pq[1] > 0)  # float64 has no number for a density 39 deviations away
    p, q = pq[0][there], pq[1][there]
    entropy, cross_entropy = -np.sum(p * np.log(p)) * DX, -np.sum(p * np.log(q)) * DX
    np.testing.assert_allclose(divergences.kl(p, q, DX), cross_entropy - entropy, rtol=1e-9)
    assert cross_entropy > entropy


def test_kl_is_infinite_where_q_is_0_and_p_is_not():
    p, q = np.array([0.5, 0.5]), np.array([1.0, 0.0])
    assert divergences.kl(p, q, 1) == np.inf
    np.testing.assert_allclose(divergences.kl(q, p, 1), np.log(2), rtol=1e-15)
    assert np.isfinite(divergences.jsd(p, q, 1))


# The generator's two losses

LOGITS = np.array([-30, -14, -7, -2, -0.1, 0, 1, 5, 20])


def test_saturating_gradient_vanishes_where_d_is_sure_and_the_other_is_1_in_size():
    saturating, non_saturating = divergences.generator_gradients([0, 1e-6, 0.5, 1])
    np.testing.assert_allclose(saturating, [0, -1e-6, -0.5, -1], rtol=1e-15)
    np.testing.assert_allclose(non_saturating, [-1, 1e-6 - 1, -0.5, 0], rtol=1e-15)


def test_generator_gradients_are_finite_differences_of_the_losses():
    h = 1e-5
    slopes = [
        (above - below) / (2 * h)
        for above, below in zip(divergences.generator_losses(LOGITS + h), divergences.generator_losses(LOGITS - h))
    ]
    # Central differences: h^2 / 6, and 1e-16 of a loss of 30 over h.
    np.testing.assert_allclose(divergences.generator_gradients(1 / (1 + np.exp(-LOGITS))), slopes, atol=1e-9)


@pytest.mark.parametrize("number, pair", [(0, losses.saturating), (1, losses.non_saturating)])
def test_generator_losses_and_gradients_are_those_that_train(number, pair):
    with tf.Graph().as_default(), tf.Session() as session:
        logits = tf.constant(LOGITS[:, None], tf.float32)
        _, g_loss = pair(logits, logits)
        g_loss, slopes = session.run([g_loss, tf.gradients(g_loss, logits)[0]])
    np.testing.assert_allclose(g_loss, divergences.generator_losses(LOGITS)[number].mean(), rtol=1e-6)
    ours = divergences.generator_gradients(1 / (1 + np.exp(-LOGITS)))[number]
    # They are means over the batch. float32's epsilon is 1.2e-7.
    np.testing.assert_allclose(slopes[:, 0] * len(LOGITS), ours, rtol=1e-6, atol=1.2e-7)


def test_slopes_by_d_itself_are_not_those_by_its_logit():
    """The seminar writes dL/dD(z) for both; by D itself the saturating loss has slope -1 near 0."""
    d, h = np.array([1e-3, 0.5, 0.9]), 1e-7
    by_logit = divergences.generator_gradients(d)
    by_d = [(f(d + h) - f(d - h)) / (2 * h) for f in (lambda y: np.log(1 - y), lambda y: -np.log(y))]
    np.testing.assert_allclose(by_d[0], -1 / (1 - d), rtol=1e-6)
    np.testing.assert_allclose(by_d[1], -1 / d, rtol=1e-6)
    for ours, slope in zip(by_logit, by_d):
        np.testing.assert_allclose(ours, slope * d * (1 - d), rtol=1e-6)  # the chain's last factor


# A discriminator that is trained


@pytest.mark.parametrize("seed", range(3))
def test_trained_discriminator_approaches_p_over_p_plus_q(seed):
    p, q = densities((divergences.TWO_HILLS, divergences.ONE_HILL))
    best = divergences.optimal_discriminator(p, q)
    seen = theory.train_discriminator(
        divergences.TWO_HILLS, divergences.ONE_HILL, np.random.RandomState(seed), [0, 30, 800]
    )
    errors = [divergences.mean_error(p, q, d, best, DX) for d in seen]
    values = [divergences.value(p, q, d, DX) for d in seen]
    # Seeds 0 to 15: 0.16 to 0.33, then 0.033 to 0.060, at last 0.007 to 0.022.
    assert errors[0] > 2 * errors[1] and errors[1] > errors[2]
    assert errors[2] < 0.04
    assert values == sorted(values) and values[-1] < divergences.c_of_g(p, q, DX) < values[-1] + 0.01


def test_training_a_discriminator_is_repeatable():
    one, same, other = [
        theory.train_discriminator(divergences.TWO_HILLS, divergences.ONE_HILL, np.random.RandomState(seed), [2, 5])
        for seed in (3, 3, 4)
    ]
    # Threads may add up in another order: a few roundings of float32.
    np.testing.assert_allclose(one, same, rtol=1e-5)
    assert one.shape == (2, len(X)) and np.abs(one - other).max() > 0.01


# Algorithm 1


def forward(weights, inputs):
    W1, b1, W2, b2 = weights
    return np.tanh(inputs @ W1 + b1) @ W2 + b2


def gradient(f, weights):
    """Returns the gradient of f() by every number of the float64 arrays, by central differences."""
    slopes = [np.zeros(w.shape) for w in weights]
    for w, slope in zip(weights, slopes):
        for place in np.ndindex(*w.shape):
            middle = w[place]
            w[place] = middle + 1e-5
            above = f()
            w[place] = middle - 1e-5
            slope[place] = (above - f()) / 2e-5
            w[place] = middle
    return slopes


def test_algorithm_1_is_the_printed_one():
    """Every line of it in NumPy, with gradients by finite differences of the printed formulas."""
    rng, draws = np.random.RandomState(7), np.random.RandomState()
    k, m, rate_d, rate_g, momentum = 3, 19, 0.2, 0.3, 0.8
    with theory.Algorithm1(
        rng, k=k, batch_size=m, d_learning_rate=rate_d, g_learning_rate=rate_g, momentum=momentum
    ) as game:
        theta_d, theta_g = [[w.astype(np.float64) for w in game.session.run(v)] for v in (game.d_vars, game.g_vars)]
        assert [w.shape for w in theta_d] == [(1, 32), (32,), (32, 1), (1,)]
        draws.set_state(rng.get_state())
        game.train(2)
        trained = game.session.run(game.d_vars + game.g_vars)
    before = [w.copy() for w in theta_d + theta_g]

    D = lambda x: 1 / (1 + np.exp(-forward(theta_d, x)))  # noqa: E731
    G = lambda z: forward(theta_g, np.arctanh(z))  # noqa: E731
    speed_d, speed_g = ([np.zeros(w.shape) for w in theta] for theta in (theta_d, theta_g))

    def move(theta, speed, slopes, rate):
        for w, v, slope in zip(theta, speed, slopes):
            v[...] = momentum * v + slope
            w += rate * v

    for _ in range(2):
        for _ in range(k):
            z = draws.uniform(-1, 1, size=(m, 1)).astype(np.float32)
            x = divergences.sample(divergences.DATA, m, draws)
            ascended = lambda x=x, z=z: (np.log(D(x)) + np.log(1 - D(G(z)))).mean()  # noqa: E731
            move(theta_d, speed_d, gradient(ascended, theta_d), rate_d)
        z = draws.uniform(-1, 1, size=(m, 1)).astype(np.float32)
        descended = lambda z=z: np.log(1 - D(G(z))).mean()  # noqa: E731
        move(theta_g, speed_g, gradient(descended, theta_g), -rate_g)

    for ours, expected, start in zip(trained, theta_d + theta_g, before):
        assert np.abs(expected - start).max() > 1e-3
        np.testing.assert_allclose(ours, expected, atol=1e-5)  # eight steps of float32


@pytest.mark.parametrize("seed", range(3))
def test_algorithm_1_brings_c_of_g_to_minus_log_4_and_d_to_a_half(seed):
    with theory.Algorithm1(np.random.RandomState(seed)) as game:
        first = game.stage()
        game.train(200)
        last = game.stage()
    # Seeds 0 to 15: from -0.4 to -0.86 at first; then at most 0.0037 above -log 4, mean and std
    # within 0.06 of the data's, D within 0.024 of 1/2.
    assert divergences.c_of_g(first.p, first.q, DX) > -1
    assert -LOG_4 - 1e-6 < divergences.c_of_g(last.p, last.q, DX) < -LOG_4 + 0.015
    np.testing.assert_allclose([last.mean, last.std], divergences.DATA[0][1:], atol=0.15)
    assert divergences.mean_error(last.p, last.q, last.d, 0.5, DX) < 0.06


def test_discriminator_converges_while_the_generator_stays_as_it_is():
    with theory.Algorithm1(np.random.RandomState(1)) as game:
        first = game.stage()
        game.train_discriminator(600)
        last = game.stage()
    np.testing.assert_array_equal(first.q, last.q)
    best = divergences.optimal_discriminator(first.p, first.q)
    errors = [divergences.mean_error(s.p, s.q, s.d, best, DX) for s in (first, last)]
    # Seeds 0 to 15: 0.21 to 0.51, then 0.007 to 0.068.
    assert errors[1] < 0.12 and errors[1] < errors[0] / 1.5
    values = [divergences.value(s.p, s.q, s.d, DX) for s in (first, last)]
    assert values[0] < values[1] <= divergences.c_of_g(first.p, first.q, DX)


def test_generator_learns_from_a_discriminator_that_stays_as_it_is():
    with theory.Algorithm1(np.random.RandomState(1)) as game:
        game.train_discriminator(200)
        first = game.stage()
        game.train_generator(8)
        last = game.stage()
    np.testing.assert_array_equal(first.d, last.d)
    assert divergences.value(last.p, last.q, last.d, DX) < divergences.value(first.p, first.q, first.d, DX) - 0.1
    assert divergences.c_of_g(last.p, last.q, DX) < divergences.c_of_g(first.p, first.q, DX) - 0.1


def test_generator_far_away_gets_nowhere_by_the_saturating_loss():
    moved = []
    for pair in (losses.saturating, losses.non_saturating):
        with theory.Algorithm1(np.random.RandomState(0), start=6.0, pair=pair) as game:
            game.train_discriminator(200)
            before = game.stage()
            assert np.sum(before.q * before.d) * DX < 1e-3  # found out
            game.train(8)
            moved.append(abs(game.stage().mean - before.mean))
    assert moved[0] < 0.01 and moved[1] > 0.1  # seeds 0 to 15: at most 0.0001, at least 0.35


def test_stage_is_a_density_with_the_generators_mean_and_draws_nothing():
    rng = np.random.RandomState(4)
    with theory.Algorithm1(rng, start=2.0) as game:
        state = rng.get_state()
        stage = game.stage(lines=5)
        drawn = rng.uniform()
    rng.set_state(state)
    assert rng.uniform() == drawn
    np.testing.assert_allclose(np.sum(stage.q) * DX, 1, rtol=1e-9)
    mean = np.sum(stage.q * X) * DX
    # Each is counted at most half a step from where it is, to both sides alike.
    np.testing.assert_allclose(mean, stage.mean, atol=0.01)
    np.testing.assert_allclose(np.sum(stage.q * (X - mean) ** 2) * DX, stage.std**2, atol=0.01)
    assert len(stage.z) == len(stage.g_of_z) == 5


# The program


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(theory, "LOOKS", (0, 5))
    monkeypatch.setattr(theory, "ITERATIONS", 3)


@pytest.mark.both_ends
def test_main_says_the_statements_and_draws_three_pictures(short, tmp_path, capsys):
    paths = theory.main(str(tmp_path / "new" / "folder"), 5)
    said = capsys.readouterr().out
    assert [os.path.basename(path) for path in paths] == ["theory.png", "theory-discriminator.png", "theory-losses.png"]
    assert sorted(os.listdir(os.path.dirname(paths[0]))) == sorted(map(os.path.basename, paths))
    for path, shape in zip(paths, [(420, 1400), (340, 700), (360, 900)]):
        picture = matplotlib.image.imread(path)
        assert picture.shape[:2] == shape
        assert picture[..., :3].std() > 0.05  # drawn on
    assert said.encode("ascii") and "p = N(0, 1), q = N(  0, 1)  C(G) = -1.386294" in said
    assert "KL(p, q)  = 0.443147, closed form 0.443147" in said
    assert max(map(len, said.splitlines())) <= 120
    theory.main(str(tmp_path), 6)
    sections, others = said.split("\n\n"), capsys.readouterr().out.split("\n\n")
    assert [ours == other for ours, other in zip(sections, others)] == [
        False,
        False,
        True,
        True,
        True,
        False,
    ]  # 1 and 5 train


def test_pictures_are_the_same_whatever_a_matplotlibrc_has(tmp_path):
    logits = np.linspace(-8, 8, 17)
    arguments = logits, divergences.generator_losses(logits), divergences.generator_gradients(logits)
    plots.save_generator_losses(str(tmp_path / "a.png"), *arguments)
    with matplotlib.rc_context({"lines.linewidth": 9, "figure.facecolor": "red"}):
        plots.save_generator_losses(str(tmp_path / "b.png"), *arguments)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
