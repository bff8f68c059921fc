"""extras/metrics.py: closed forms, symmetry, identity, monotony, and that portions change nothing."""

import numpy as np
import pytest

from legacy_gan.extras import metrics
from legacy_gan.extras.metrics import Features

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


def normal(n, mean=0.0, scale=1.0, d=6, seed=0):
    return mean + scale * np.random.RandomState(seed).normal(size=(n, d))


def whitened(n, d, seed):
    """Vectors whose mean is 0 and whose covariance is 1, exactly."""
    x = normal(n, d=d, seed=seed)
    x = x - x.mean(0)
    return x @ np.linalg.inv(np.linalg.cholesky(np.cov(x, rowvar=False))).T


def test_frechet_distance_of_normal_distributions_is_the_closed_form():
    x, y = whitened(500, 4, 1), whitened(300, 4, 2)
    a, b = np.array([3.0, 1.0, 0.5, 2.0]), np.array([1.0, 4.0, 0.5, 0.1])
    shift = np.array([1.0, -2.0, 0.0, 0.5])
    # Covariances that commute: |m|^2 + sum (a_i - b_i)^2.
    expected = (shift**2).sum() + ((a - b) ** 2).sum()
    turn = np.linalg.qr(normal(4, d=4, seed=3))[0]
    assert metrics.frechet(Features(x * a @ turn), Features((y * b + shift) @ turn)) == pytest.approx(
        expected, rel=1e-9
    )


def test_frechet_distance_of_covariances_that_do_not_commute():
    """Against the general matrix square root, by the eigenvalues of the product itself."""
    a, b = (
        Features(normal(400, d=5, seed=1) @ normal(5, d=5, seed=2)),
        Features(normal(300, d=5, seed=3) @ normal(5, d=5, seed=4)),
    )
    product = np.cov(a.vectors, rowvar=False) @ np.cov(b.vectors, rowvar=False)
    expected = (
        ((a.vectors.mean(0) - b.vectors.mean(0)) ** 2).sum()
        + np.trace(np.cov(a.vectors, rowvar=False))
        + np.trace(np.cov(b.vectors, rowvar=False))
        - 2 * np.sqrt(np.linalg.eigvals(product).real).sum()
    )
    assert metrics.frechet(a, b) == pytest.approx(expected, rel=1e-9)


def test_kernel_distance_is_the_sum_over_pairs():
    a, b = normal(12, d=3, seed=1), normal(9, 0.5, d=3, seed=2)

    def k(x, y):
        return (np.dot(x, y) / 3 + 1) ** 3

    def of_others(x):
        return np.mean([k(x[i], x[j]) for i in range(len(x)) for j in range(len(x)) if i != j])

    expected = of_others(a) + of_others(b) - 2 * np.mean([[k(x, y) for y in b] for x in a])
    assert metrics.kernel_distance(Features(a), Features(b)) == pytest.approx(expected, rel=1e-9)


def test_kernel_distance_is_not_biased():
    """Of small sets from one distribution it is 0 on average, where the biased one is not."""
    found = [
        metrics.kernel_distance(Features(normal(20, seed=2 * i)), Features(normal(20, seed=2 * i + 1)))
        for i in range(400)
    ]
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found)) < 3 * error
    itself = np.mean((normal(20) ** 2).sum(1) / 6 + 1) ** 3 / 20  # what the biased one adds, at least
    assert itself > 6 * error


def test_kernel_distance_of_fixed_numbers_a_stratum_is_not_biased():
    """Sets with as many of each of three groups far apart: 0 on average, if the sets know them."""
    groups = np.arange(30) % 3

    def one(seed, strata):
        return Features(normal(30, seed=seed) + 4 * np.eye(6)[groups], strata)

    known, unknown = (
        [metrics.kernel_distance(one(2 * i, strata), one(2 * i + 1, strata)) for i in range(300)]
        for strata in (groups, None)
    )
    error = np.std(known) / np.sqrt(len(known))
    assert abs(np.mean(known)) < 3 * error
    assert np.mean(unknown) < -20 * error


def test_own_kernel_of_strata_is_the_mean_over_pairs_of_strata():
    vectors, strata = normal(11, d=3), np.array([4] * 5 + [1] * 3 + [7] * 3)

    def k(i, j):
        return (vectors[i] @ vectors[j] / 3 + 1) ** 3

    expected = 0
    for a in (1, 4, 7):
        for b in (1, 4, 7):
            pairs = [k(i, j) for i in np.flatnonzero(strata == a) for j in np.flatnonzero(strata == b) if i != j]
            expected += (strata == a).mean() * (strata == b).mean() * np.mean(pairs)
    assert Features(vectors, strata).own_kernel == pytest.approx(expected, rel=1e-9)
    order = np.random.RandomState(0).permutation(11)
    assert Features(vectors, strata).part(order).own_kernel == pytest.approx(expected, rel=1e-9)
    # Where one is alone there is no pair: as if all were drawn freely.
    assert Features(vectors, np.arange(11)).own_kernel == Features(vectors).own_kernel


@pytest.mark.parametrize("distance", [metrics.frechet, metrics.kernel_distance])
def test_distances_are_symmetric_and_grow(distance):
    a = Features(normal(300))
    shifted = [Features(normal(300, shift, seed=1)) for shift in (0, 0.5, 1, 2)]
    found = [distance(a, b) for b in shifted]
    assert found == sorted(found) and found[0] < found[-1] / 10
    for b, there in zip(shifted, found):
        assert distance(b, a) == pytest.approx(there, rel=1e-9, abs=1e-12)
    wider = [distance(a, Features(normal(300, scale=scale, seed=1))) for scale in (1, 1.5, 3)]
    assert wider == sorted(wider)


def test_frechet_distance_of_a_set_to_itself_is_0():
    a = Features(normal(300))
    assert metrics.frechet(a, a) == pytest.approx(0, abs=1e-9)


def direct_neighbourhoods(real, generated, k):
    """By the definitions, image by image."""

    def radius(x, i):
        return sorted(np.linalg.norm(x - x[i], axis=1))[k]  # the first is itself

    r = [radius(real, i) for i in range(len(real))]
    g = [radius(generated, i) for i in range(len(generated))]
    in_ball = np.array([[np.linalg.norm(x - y) <= r[i] for y in generated] for i, x in enumerate(real)])
    recalled = np.array([[np.linalg.norm(x - y) <= g[j] for j, y in enumerate(generated)] for x in real])
    return {
        "precision": in_ball.any(0).mean(),
        "recall": recalled.any(1).mean(),
        "density": in_ball.sum() / (k * len(generated)),
        "coverage": in_ball.any(1).mean(),
    }


def test_neighbourhoods_are_as_defined():
    real = normal(60, d=2)
    generated = np.concatenate([normal(25, 0.7, 0.1, d=2, seed=1), normal(20, scale=2, d=2, seed=2)])
    found = metrics.neighbourhoods(Features(real), Features(generated))
    expected = direct_neighbourhoods(real, generated, metrics.NEIGHBOURS)
    assert 0.3 < expected["precision"] < 1 and 0.3 < expected["recall"] < 1
    assert found == pytest.approx(expected)


def test_neighbourhoods_of_other_real_images_of_far_ones_and_of_one_spot():
    real = Features(normal(1000))
    alike = metrics.neighbourhoods(real, Features(normal(1000, seed=1)))
    assert alike["density"] == pytest.approx(1, abs=0.1)
    assert min(alike["precision"], alike["recall"], alike["coverage"]) > 0.8
    far = metrics.neighbourhoods(real, Features(normal(1000, 100, seed=1)))
    assert far == {"precision": 0, "recall": 0, "density": 0, "coverage": 0}
    # A generator that makes one good image: all precise, nothing recalled.
    spot = metrics.neighbourhoods(real, Features(normal(1000, scale=1e-6, seed=1)))
    assert spot["precision"] == 1 and spot["recall"] == 0 and spot["coverage"] < 0.2
    # Half of what is real is made: recall and coverage show it, precision does not.
    x = normal(2000, seed=1)
    half = metrics.neighbourhoods(real, Features(x[x[:, 0] > 0][:1000]))
    assert half["precision"] > 0.8 and half["coverage"] < 0.75 and half["recall"] < 0.8


def test_portions_change_nothing(monkeypatch):
    a, b = normal(101), normal(77, 0.3, seed=1)

    def everything():
        x, y = Features(a), Features(b)
        return [
            metrics.frechet(x, y),
            metrics.kernel_distance(x, y),
            metrics.neighbourhoods(x, y),
            list(metrics.to_nearest(a, b)),
        ]

    whole = everything()
    for rows in (1, 7, 50, 101):
        monkeypatch.setattr(metrics, "_AT_A_TIME", rows * 101)
        for one, other in zip(everything(), whole):
            assert one == pytest.approx(other, rel=1e-9)


def test_nearest_distances():
    references = np.random.RandomState(0).uniform(size=(500, 784)).astype(np.float32)
    images = np.random.RandomState(1).uniform(size=(30, 784)).astype(np.float32)
    images[3] = references[7]
    images[4] = references[9]
    images[4, :2] = [references[9, 0] + 3, references[9, 1] - 4]
    expected = [np.linalg.norm(references.astype(np.float64) - image, axis=1).min() for image in images]
    found = metrics.to_nearest(images, references)
    assert found[3] == 0 and found[4] == pytest.approx(5, rel=1e-6)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_kl_to_uniform():
    assert metrics.kl_to_uniform([7] * 10) == pytest.approx(0, abs=1e-12)
    assert metrics.kl_to_uniform([0, 0, 5, 0]) == pytest.approx(np.log(4))
    assert metrics.kl_to_uniform([1, 1, 0, 0]) == pytest.approx(np.log(2))
    assert metrics.kl_to_uniform([3, 1]) == pytest.approx(0.75 * np.log(1.5) + 0.25 * np.log(0.5))


def test_standard_error_is_that_of_the_mean():
    x = np.random.RandomState(0).normal(size=4000)
    halves = list(metrics.halves(np.zeros(len(x)), 0, times=400))
    found = metrics.standard_error([x[half].mean() for half in halves])
    assert found == pytest.approx(x.std() / np.sqrt(len(x)), rel=0.1)
    assert all(len(set(half)) == len(x) // 2 for half in halves[:5])


def test_standard_error_of_the_frechet_distance_is_its_spread_over_samples():
    """Sixty sets of 400 spread by as much as the halves of one say."""
    real = Features(normal(2000))
    spread = np.std([metrics.frechet(real, Features(normal(400, 0.5, seed=1 + i))) for i in range(60)], ddof=1)
    said = []
    for i in range(10):
        x = Features(normal(400, 0.5, seed=100 + i))
        said.append(
            metrics.standard_error([metrics.frechet(real, x.part(half)) for half in metrics.halves(np.zeros(400), 0)])
        )
    assert np.mean(said) == pytest.approx(spread, rel=0.35)


def test_halves_have_half_of_every_label():
    """What was fixed from the start must not vary: an even histogram has no error."""
    labels = np.arange(1000) % 10
    for half in metrics.halves(labels, 0):
        assert len(half) == len(set(half)) == 500
        assert (np.bincount(labels[half], minlength=10) == 50).all()
    for half in metrics.halves(np.arange(21) // 3, 0):
        counts = np.bincount(np.arange(21)[half] // 3, minlength=7)
        assert set(counts) == {1, 2} and len(half) in (10, 11)
    some = np.mean([np.bincount(half, minlength=21) for half in metrics.halves(np.arange(21) // 3, 0, 2000)], 0)
    np.testing.assert_allclose(some, 0.5, atol=0.05)  # no image comes oftener than others


def test_standard_error_of_a_sample_with_fixed_labels_is_its_spread():
    """Two clusters of fixed sizes: what does not vary from set to set is not in the error."""
    real = Features(normal(2000) + 4 * (np.arange(2000) % 2)[:, None])
    labels = np.arange(400) % 2

    def sample(seed):
        return Features(normal(400, 0.3, seed=seed) + 4 * labels[:, None])

    spread = np.std([metrics.frechet(real, sample(1 + i)) for i in range(60)], ddof=1)

    def said(strata):
        return np.mean(
            [
                metrics.standard_error([metrics.frechet(real, x.part(half)) for half in metrics.halves(strata, 0)])
                for x in map(sample, range(100, 110))
            ]
        )

    assert said(labels) == pytest.approx(spread, rel=0.35)
    assert said(np.zeros(400)) > 1.5 * spread


def test_standard_errors_of_neighbourhoods_are_right_to_about_a_third():
    real = Features(normal(600))
    many = [metrics.neighbourhoods(real, Features(normal(400, 0.5, seed=1 + i))) for i in range(60)]
    said = []
    for i in range(6):
        x = Features(normal(400, 0.5, seed=100 + i))
        parts = [metrics.neighbourhoods(real, x.part(half)) for half in metrics.halves(np.zeros(400), 0)]
        said.append({name: metrics.standard_error([part[name] for part in parts]) for name in parts[0]})
    for name in many[0]:
        spread = np.std([each[name] for each in many], ddof=1)
        assert np.mean([each[name] for each in said]) == pytest.approx(spread, rel=0.5), name


@pytest.mark.parametrize("vectors", [np.zeros((5, 3)), np.zeros(30)])
def test_too_few_vectors_are_refused(vectors):
    with pytest.raises(ValueError, match="expected vectors"):
        Features(vectors)
