"""Densities on the line and what lies between two of them: D's optimum, the value, KL, JSD, G's slopes."""

from typing import NamedTuple, Sequence, Tuple, Union

import numpy as np

Components = Sequence[Tuple[float, float, float]]  # of a mixture of Gaussians: weight, mean, standard deviation

LOG_4 = np.log(4)

# The grid on which densities are summed.
DX = 0.05
X = np.arange(-16, 16, DX) + DX / 2

# Densities, each a list of (weight, mean, std).
TWO_HILLS = [(0.5, -1.6, 0.5), (0.5, 1.4, 0.7)]
ONE_HILL = [(1.0, 0.4, 1.2)]
DATA = [(1.0, -1.0, 0.8)]


def density(components: Components, x: np.ndarray) -> np.ndarray:
    """The density of a mixture of Gaussians.

        p(x) = sum of weight * exp(-(x - mean)^2 / (2 std^2)) / (std * sqrt(2 pi))

    Args:
      components: list of (weight, mean, std), floats; the weights sum to 1, std > 0.
      x: float [n].
    Returns:
      float64 [n], at least 0.
    """
    x = np.asarray(x, np.float64)
    return sum(
        weight * np.exp(-(((x - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * np.pi)) for weight, mean, std in components
    )


def sample(components: Components, count: int, rng: np.random.RandomState) -> np.ndarray:
    """Draws from a mixture of Gaussians.

    Args:
      components: as for `density`.
      count: int.
      rng: np.random.RandomState.
    Returns:
      float32 [count, 1].
    """
    weights, means, stds = np.transpose(components)
    which = rng.choice(len(weights), size=count, p=weights)
    return rng.normal(means[which], stds[which])[:, None].astype(np.float32)


def optimal_discriminator(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The discriminator that no other one surpasses.

        D*(x) = p(x) / (p(x) + q(x))

    It is where y -> p log y + q log(1 - y), which is concave, has slope 0. Errata 80 to 82.

    Args:
      p, q: float [n], the densities of data and generated examples, at least 0.
    Returns:
      float64 [n], 0..1; 1/2 where both are 0, where no example ever is.
    Source: Goodfellow et al. 2014, proposition 1; the seminar's "Nash equilibrium".
    """
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    return np.divide(p, p + q, out=np.full(np.shape(p + q), 0.5), where=p + q > 0)


def value(p: np.ndarray, q: np.ndarray, d: np.ndarray, dx: float) -> float:
    """The value of the game, which D maximises and G minimises. Erratum 72.

        V(G, D) = integral of p(x) log D(x) + q(x) log(1 - D(x))

    Args:
      p, q: float [n], the densities of data and generated examples on a grid.
      d: float [n], D(x), 0..1. What is rounded to 0 or 1 counts as 2^-53 away from it, so that
        the value is finite.
      dx: float, the grid's step.
    Returns:
      float in nats, at most 0.
    Source: Goodfellow et al. 2014, equations 1 and 3; the seminar's "theoretical aim".
    """
    d = np.clip(np.asarray(d, np.float64), 2.0**-53, 1 - 2.0**-53)
    return float(np.sum(p * np.log(d) + q * np.log1p(-d)) * dx)


def c_of_g(p: np.ndarray, q: np.ndarray, dx: float) -> float:
    """What G has to minimise: the value against the discriminator that is best for this G.

        C(G) = max over D of V(G, D) = V(G, D*) = -log 4 + 2 JSD(p, q)

    Args:
      p, q, dx: as for `value`.
    Returns:
      float in nats: -log 4 where p = q, 0 where nothing overlaps.
    Source: Goodfellow et al. 2014, equations 4 to 6 and theorem 1; the seminar's C(G).
    """
    return value(p, q, optimal_discriminator(p, q), dx)


def kl(p: np.ndarray, q: np.ndarray, dx: float) -> float:
    """The Kullback-Leibler divergence, which is not symmetric. Errata 98 and 99.

        KL(p, q) = integral of p(x) log(p(x) / q(x)) = H(p, q) - H(p)

    Args:
      p, q: float [n], densities on a grid.
      dx: float, the grid's step.
    Returns:
      float in nats, at least 0; inf where q is 0 (a Gaussian's is from 39 std on) and p is not.
    Source: Goodfellow et al. 2014, equation 5; the notes' "Why does GANs work?".
    """
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.sum(np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0)) * dx)


def jsd(p: np.ndarray, q: np.ndarray, dx: float) -> float:
    """The Jensen-Shannon divergence, which is symmetric.

        JSD(p, q) = KL(p, m) / 2 + KL(q, m) / 2        # m = (p + q) / 2

    Args:
      p, q, dx: as for `kl`.
    Returns:
      float in nats: 0 where p = q, log 2 where nothing overlaps.
    Source: Goodfellow et al. 2014, equation 6; the notes' "Why does GANs work?".
    """
    m = (np.asarray(p, np.float64) + q) / 2
    return kl(p, m, dx) / 2 + kl(q, m, dx) / 2


def gaussian_kl(mean1: float, std1: float, mean2: float, std2: float) -> float:
    """The Kullback-Leibler divergence of two Gaussians, in closed form.

        KL(N1, N2) = log(std2 / std1) + (std1^2 + (mean1 - mean2)^2) / (2 std2^2) - 1/2

    Args:
      mean1, std1, mean2, std2: floats, std > 0.
    Returns:
      float in nats, at least 0.
    """
    return np.log(std2 / std1) + (std1**2 + (mean1 - mean2) ** 2) / (2 * std2**2) - 0.5


def mean_error(p: np.ndarray, q: np.ndarray, d: np.ndarray, expected: Union[np.ndarray, float], dx: float) -> float:
    """How far a discriminator is from the one expected, where there are examples.

        integral of (p(x) + q(x)) / 2 * |D(x) - expected(x)|

    Args:
      p, q, d, dx: as for `value`.
      expected: float [n], or one float.
    Returns:
      float, 0..1.
    """
    return float(np.sum((p + q) / 2 * np.abs(d - expected)) * dx)


class Stage(NamedTuple):
    """Where a game stands."""

    p: np.ndarray  # float64 [n], the density of the data on the grid X
    q: np.ndarray  # float64 [n], that of generated examples; those beyond the grid count at its ends
    d: np.ndarray  # float64 [n], D(x)
    z: np.ndarray  # float [lines], noise in even steps
    g_of_z: np.ndarray  # float [lines], what G makes of it
    mean: float  # of the generated examples
    std: float


# The generator's two losses


def generator_losses(logits: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """The two losses that G may minimise, for one generated example.

        saturating     = log(1 - sigmoid(logit))        # minimax, the game's own
        non_saturating = -log sigmoid(logit)

    Args:
      logits: float [n], D's logit of G(z), any real number.
    Returns:
      (saturating, non_saturating), float64 [n] in nats, finite for every logit.
    Source: Goodfellow et al. 2014, section 3.
    """
    logits = np.asarray(logits, np.float64)
    return -np.logaddexp(0, logits), np.logaddexp(0, -logits)


def generator_gradients(probability: Union[np.ndarray, float]) -> Tuple[np.ndarray, np.ndarray]:
    """The slopes of `generator_losses` with respect to the logit. Erratum 77.

        saturating     -> -D(G(z))         # 0 where D is sure that it is generated
        non_saturating -> D(G(z)) - 1      # -1 there

    Args:
      probability: float [n], D(G(z)) = sigmoid(logit), 0..1.
    Returns:
      (saturating, non_saturating), float64 [n], -1..0. Minimising steps along minus this.
    Source: Goodfellow et al. 2014, section 3; the seminar's "G's gradient", whose signs for the
      second one are those of log D(G(z)), to be maximised.
    """
    probability = np.asarray(probability, np.float64)
    return -probability, probability - 1
