"""What generated images are worth, in numbers: plain NumPy on features, answers and pixels.

Sources: the Frechet distance between normal distributions, Dowson and Landau 1982, used as in Heusel et
al. 2017; the kernel distance, Binkowski et al. 2018; precision and recall, Kynkaanniemi et al. 2019;
density and coverage, Naeem et al. 2020.
"""

from typing import Any, Callable, Dict, Iterator, Optional, Sequence, Tuple, Union

import numpy as np

NEIGHBOURS = 5  # the k of precision, recall, density and coverage
HALVES = 20  # that a standard error comes from
_AT_A_TIME = 2 * 10**7  # numbers of a table of distances


class Features:
    """Vectors of a set of images, and what several distances need to know of them, found once.

    Args:
      vectors: float [n, d].
      strata: [n], of images of which a fixed number each was asked for, as of digits; None where all were
        drawn freely.
    """

    def __init__(self, vectors: np.ndarray, strata: Optional[np.ndarray] = None) -> None:
        self.vectors = np.asarray(vectors, np.float64)
        self._strata = np.zeros(len(vectors)) if strata is None else np.asarray(strata)
        if self.vectors.ndim != 2 or len(self.vectors) <= NEIGHBOURS:
            raise ValueError(
                f"expected vectors [n, d] of more than {NEIGHBOURS} images, got {list(self.vectors.shape)}"
            )
        self._known: Dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.vectors)

    def part(self, chosen: np.ndarray) -> "Features":
        """Returns the Features of some of the images; chosen: int [m] or bool [n]."""
        return Features(self.vectors[chosen], self._strata[chosen])

    @property
    def moments(self) -> Tuple[np.ndarray, np.ndarray]:
        """(mean [d], covariance [d, d], divided by n - 1)."""
        moments: Tuple[np.ndarray, np.ndarray] = self._once(
            "moments",
            lambda: (self.vectors.mean(0), np.cov(self.vectors, rowvar=False).reshape(2 * self.vectors.shape[1:])),
        )
        return moments

    @property
    def own_kernel(self) -> float:
        """Mean kernel of two images, drawn one without regard to the other.

        Different images of the set are such a pair if they were drawn freely. Of fixed numbers a digit, two
        share theirs less often than that: the pairs of a digit count as if an image might be its own partner.
        """

        def mean() -> float:
            n, strata = len(self), [self.vectors[self._strata == one] for one in np.unique(self._strata)]
            pairs = _sum_of_pairs(self.vectors)
            if len(strata) == 1 or min(map(len, strata)) < 2:  # one image has no partner
                return pairs / (n * (n - 1))
            return (pairs + sum(_sum_of_pairs(s) / (len(s) - 1) for s in strata)) / n**2

        own_kernel: float = self._once("own_kernel", mean)
        return own_kernel

    @property
    def radii(self) -> np.ndarray:
        """Squared distance [n] of each image to the k-th nearest of the others."""

        def to_neighbours() -> np.ndarray:
            parts = []
            for some in _portions(len(self), len(self)):
                squares = _squares(self.vectors[some], self.vectors)
                squares[np.arange(len(squares)), some.start + np.arange(len(squares))] = -1  # itself: first
                parts.append(np.partition(squares, NEIGHBOURS, 1)[:, NEIGHBOURS])
            return np.concatenate(parts)

        radii: np.ndarray = self._once("radii", to_neighbours)
        return radii

    def _once(self, name: str, find: Callable[[], Any]) -> Any:
        if name not in self._known:
            self._known[name] = find()
        return self._known[name]


def frechet(a: Features, b: Features) -> float:
    """Returns the squared Frechet distance of the normal distributions with two sets' moments.

    |m_a - m_b|^2 + tr(S_a + S_b - 2 (S_a S_b)^(1/2)); of few images it comes out too large.

    """
    (mean_a, cov_a), (mean_b, cov_b) = a.moments, b.moments
    values, vectors = np.linalg.eigh(cov_a)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    # The square root of S_a S_b has the eigenvalues of that of root S_b root, which is symmetric.
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ cov_b @ root), 0)).sum()
    return float(((mean_a - mean_b) ** 2).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * shared)


def kernel_distance(a: Features, b: Features) -> float:
    """Returns the unbiased squared maximum mean discrepancy of two sets, for k(x, y) = (x.y / d + 1)^3.

    Of sets from one distribution it is 0 on average, whatever their sizes, so it can be negative. (Of a set
    with a fixed number of each digit only if it knows them as its strata.)

    """
    between = sum(_kernel(a.vectors[some], b.vectors).sum() for some in _portions(len(a), len(b)))
    return float(a.own_kernel + b.own_kernel - 2 * between / (len(a) * len(b)))


def neighbourhoods(real: Features, generated: Features) -> Dict[str, float]:
    """Returns precision, recall, density and coverage of generated images, by name.

    A ball around an image reaches to its k-th neighbour in its own set. Precision: the share of generated
    images in a real one's ball. Recall: of real ones in a generated one's. Density: how many real
    balls a generated image is in, by k; of real images it would be 1. Coverage: the share of real balls
    with a generated image in them.
    """
    balls, recalled, covered = np.zeros(len(generated)), [], []
    for some in _portions(len(real), len(generated)):
        squares = _squares(real.vectors[some], generated.vectors)
        inside = squares <= real.radii[some, None]
        balls += inside.sum(0)
        covered.append(inside.any(1))
        recalled.append((squares <= generated.radii).any(1))
    return {
        "precision": float((balls > 0).mean()),
        "recall": float(np.concatenate(recalled).mean()),
        "density": float(balls.mean() / NEIGHBOURS),
        "coverage": float(np.concatenate(covered).mean()),
    }


def to_nearest(images: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Returns each image's Euclidean distance to the nearest reference, float64 [n].

    Args:
      images: float [n, pixels]. references: float [m, pixels].
    """
    images, references = (np.asarray(x, np.float32) for x in (images, references))
    found = np.empty(len(images))
    lengths = (references**2).sum(1)
    for some in _portions(len(images), len(references)):
        nearest = (lengths - 2 * images[some] @ references.T).argmin(1)
        # Found in float32, whose rounding may take the second nearest; its own distance is exact.
        found[some] = np.sqrt(((images[some].astype(np.float64) - references[nearest]) ** 2).sum(1))
    return found


def kl_to_uniform(counts: np.ndarray) -> float:
    """Returns sum p log(p n) for the shares p of n counts, nats: 0 if all are equal, at most log n."""
    counts = np.asarray(counts, np.float64)
    p = counts[counts > 0] / counts.sum()
    return float((p * np.log(p * len(counts))).sum())


def halves(labels: np.ndarray, seed: int, times: int = HALVES) -> Iterator[np.ndarray]:
    """Yields random halves of a sample, int [n // 2] or one more each, with half of every label's images.

    Args:
      labels: [n], of strata whose sizes are fixed, as the digits that were asked for; equal ones for none.
      seed: of their choice. times: how many.
    """
    rng = np.random.RandomState([seed, 6])
    for _ in range(times):
        order = np.lexsort((rng.uniform(size=len(labels)), labels))
        yield order[rng.randint(2) :: 2]


def standard_error(values: Union[Sequence[float], np.ndarray]) -> float:
    """Returns the standard error of a number, from its values on random halves of the sample.

    It is the delete-half jackknife's: that a half is drawn from n without repetition makes its values
    spread, to first order, as much as those of whole samples of n. No image counts twice, unlike in a
    bootstrap, where neighbours would be the images themselves. Metrics of neighbours depend on the size of
    a set, and their error comes out right to about a third, of recall and coverage near 0 or 1 to a factor
    of two or three.
    """
    return float(np.std(values, ddof=1))


def _portions(rows: int, columns: int) -> Iterator[slice]:
    """Yields slices of the rows of a table that is too large to be held whole."""
    size = max(1, _AT_A_TIME // columns)
    for start in range(0, rows, size):
        yield slice(start, start + size)


def _squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances, float64 [len(a), len(b)]."""
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * (a @ b.T)
    return np.maximum(squares, 0, out=squares)


def _sum_of_pairs(vectors: np.ndarray) -> float:
    """Returns the sum of the kernels of all ordered pairs of two different vectors."""
    n, d = vectors.shape
    each = (_kernel(vectors[some], vectors).sum() for some in _portions(n, n))
    return sum(each) - (((vectors**2).sum(1) / d + 1) ** 3).sum()


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Kernels, float64 [len(a), len(b)]."""
    k = a @ b.T / a.shape[1] + 1
    return k * k * k
