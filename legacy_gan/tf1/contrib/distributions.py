"""tf.contrib.distributions: those of tf.distributions, and some that it lacks.

Source: the interface and formulas of tf.contrib.distributions in TensorFlow 1.15.5.
"""

import math

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

_HERE = (
    "Bernoulli",
    "Beta",
    "Categorical",
    "Dirichlet",
    "DirichletMultinomial",
    "Distribution",
    "Exponential",
    "FULLY_REPARAMETERIZED",
    "Gamma",
    "Laplace",
    "Multinomial",
    "NOT_REPARAMETERIZED",
    "Normal",
    "RegisterKL",
    "ReparameterizationType",
    "StudentT",
    "Uniform",
    "kl_divergence",
)
for _name in _HERE:
    globals()[_name] = getattr(tf.distributions, _name)

__all__ = list(_HERE) + [
    "MultivariateNormalDiag",
    "MultivariateNormalDiagWithSoftplusScale",
    "NormalWithSoftplusScale",
    "RelaxedOneHotCategorical",
]
__getattr__ = refusal("tf.contrib.distributions")


class NormalWithSoftplusScale(tf.distributions.Normal):
    """Normal whose scale is softplus(scale)."""

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="NormalWithSoftplusScale"):
        super().__init__(loc, tf.nn.softplus(scale), validate_args, allow_nan_stats, name)


class _OfVectors(tf.distributions.Distribution):
    """A distribution of vectors, from parameters whose last axis is the vector's.

    Args:
      name: str.
      parameters: list of tensors [..., n].
    """

    def __init__(self, name, parameters, validate_args, allow_nan_stats):
        self._spread = sum(tf.zeros_like(parameter) for parameter in parameters)  # [..., n], the common shape
        super().__init__(
            dtype=parameters[0].dtype,
            reparameterization_type=tf.distributions.FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters={},
            graph_parents=[],
            name=name,
        )

    def _batch_shape(self):
        return self._spread.shape[:-1]

    def _batch_shape_tensor(self):
        return tf.shape(self._spread)[:-1]

    def _event_shape(self):
        return self._spread.shape[-1:]

    def _event_shape_tensor(self):
        return tf.shape(self._spread)[-1:]


class MultivariateNormalDiag(_OfVectors):
    """Normal vectors of independent entries.

    Args:
      loc: float [..., n], the mean; None for zeros.
      scale_diag: float [..., n], the deviations; None for ones.
      scale_identity_multiplier: float [...], what joins all deviations (alone: the deviation).
    """

    def __init__(
        self,
        loc=None,
        scale_diag=None,
        scale_identity_multiplier=None,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalDiag",
    ):
        with tf.name_scope(name):
            if scale_diag is None and loc is None:
                raise ValueError("MultivariateNormalDiag: loc or scale_diag must be given")
            given = tf.convert_to_tensor(loc if scale_diag is None else scale_diag)
            if scale_identity_multiplier is not None:
                of_all = tf.convert_to_tensor(scale_identity_multiplier, given.dtype)[..., None]
                deviation = of_all * tf.ones_like(given) if scale_diag is None else given + of_all
            else:
                deviation = tf.ones_like(given) if scale_diag is None else given
            self._loc = tf.zeros_like(deviation) if loc is None else tf.convert_to_tensor(loc, given.dtype)
            self._deviation = deviation
        super().__init__(name, [self._loc, deviation], validate_args, allow_nan_stats)

    @property
    def loc(self):
        """float [..., n], the mean."""
        return self._loc

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], tf.shape(self._spread)], 0)
        return self._loc + self._deviation * tf.random_normal(shape, dtype=self.dtype, seed=seed)

    def _log_prob(self, x):
        distance = (x - self._loc) / self._deviation
        one = -0.5 * tf.square(distance) - 0.5 * math.log(2 * math.pi) - tf.log(tf.abs(self._deviation))
        return tf.reduce_sum(one, -1)

    def _entropy(self):
        one = 0.5 + 0.5 * math.log(2 * math.pi) + tf.log(tf.abs(self._deviation)) + self._spread
        return tf.reduce_sum(one, -1)

    def _mean(self):
        return self._loc + self._spread

    _mode = _mean

    def _stddev(self):
        return tf.abs(self._deviation) + self._spread

    def _variance(self):
        return tf.square(self._deviation) + self._spread

    def _covariance(self):
        return tf.matrix_diag(self._variance())


class MultivariateNormalDiagWithSoftplusScale(MultivariateNormalDiag):
    """MultivariateNormalDiag whose deviations are softplus(scale_diag)."""

    def __init__(
        self, loc, scale_diag, validate_args=False, allow_nan_stats=True, name="MultivariateNormalDiagWithSoftplusScale"
    ):
        super().__init__(loc, tf.nn.softplus(scale_diag), None, validate_args, allow_nan_stats, name)


@tf.distributions.RegisterKL(MultivariateNormalDiag, MultivariateNormalDiag)
def _kl(a, b, name=None):
    """KL of two MultivariateNormalDiag: the sum over the entries of two normals' KL."""
    with tf.name_scope(name or "kl"):
        ratio = tf.square(a._deviation / b._deviation)
        one = 0.5 * (ratio - 1 - tf.log(ratio) + tf.square((a._loc - b._loc) / b._deviation))
        return tf.reduce_sum(one, -1)


class RelaxedOneHotCategorical(_OfVectors):
    """Gumbel-softmax: softmax((logits + gumbel noise) / temperature).

    Args:
      temperature: float scalar above 0.
      logits, probs: float [..., n], one of them.
    Source: Jang, Gu, Poole 2017; Maddison, Mnih, Teh 2017.
    """

    def __init__(
        self,
        temperature,
        logits=None,
        probs=None,
        dtype=None,
        validate_args=False,
        allow_nan_stats=True,
        name="RelaxedOneHotCategorical",
    ):
        if (logits is None) == (probs is None):
            raise ValueError("RelaxedOneHotCategorical: give logits or probs")
        with tf.name_scope(name):
            given = tf.convert_to_tensor(probs if logits is None else logits)
            self._logits = tf.log(given) if logits is None else given
            self._temperature = tf.convert_to_tensor(temperature, self._logits.dtype)
        super().__init__(name, [self._logits], validate_args, allow_nan_stats)

    @property
    def logits(self):
        """float [..., n]."""
        return self._logits

    @property
    def temperature(self):
        """float scalar."""
        return self._temperature

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], tf.shape(self._logits)], 0)
        tiny = self.dtype.as_numpy_dtype(1.1754944e-38)  # the smallest normal float32: its logarithm is finite
        noise = -tf.log(-tf.log(tf.random_uniform(shape, tiny, 1.0, self.dtype, seed)))
        return tf.nn.softmax((self._logits + noise) / self._temperature)

    def _log_prob(self, x):
        # Gumbel-softmax' density, equation 10 of Jang et al. on a logarithmic scale
        size = tf.cast(tf.shape(x)[-1], self.dtype)
        weighted = self._logits - self._temperature * tf.log(x)
        return (
            tf.lgamma(size)
            + (size - 1) * tf.log(self._temperature)
            + tf.reduce_sum(tf.nn.log_softmax(weighted) - tf.log(x), -1)
        )
