"""Optimizers that TensorFlow 1 has not: PyTorch's Adam."""

from typing import Callable, Union

from legacy_gan.tf1 import tf


class TorchAdam(tf.train.AdamOptimizer):
    """Adam as PyTorch computes it, on TensorFlow 1's optimizer, with its slots and their names.

        w -= learning_rate / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + epsilon)

    TensorFlow 1 (and Keras) divide by sqrt(v) + epsilon with the correction in the step's size; with
    an epsilon of epsilon * sqrt(1 - beta2^t) that is the same as the above.

    Args: as tf.train.AdamOptimizer's.
    Source: torch.optim.Adam of PyTorch 2.13, its documentation's formula.
    """

    def __init__(
        self,
        learning_rate: Union[float, tf.Tensor, Callable[[], tf.Tensor]] = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _prepare(self) -> None:
        super()._prepare()
        _, beta2_power = self._get_beta_accumulators()  # beta2^t, for the step to come
        self._epsilon_t: tf.Tensor = self._epsilon_t * tf.sqrt(1 - beta2_power)
