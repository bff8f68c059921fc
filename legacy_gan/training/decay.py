"""A learning rate that falls with the steps of its optimizer."""

from typing import Callable, Iterable, Tuple

from legacy_gan.tf1 import tf


class Decaying:
    """An optimizer whose learning rate falls with every step that it takes.

        rate(step) = rate / (1 + step / decay_steps),   step from 0

    Args:
      make: takes a learning rate (a function that returns a float32 scalar) and returns a
        tf.train.Optimizer.
      rate: the first step's learning rate.
      decay_steps: above 0; after so many steps the rate is half of the first one's.
      name: tells it from other optimizers of the graph.
    Attributes:
      variables: dict of name to tf.Variable, what it keeps: the steps so far.
    """

    def __init__(
        self, make: Callable[[Callable[[], tf.Tensor]], tf.train.Optimizer], rate: float, decay_steps: float, name: str
    ) -> None:
        self._steps = tf.Variable(0.0, trainable=False, name=f"decay/{name}")
        self.variables = {self._steps.op.name: self._steps}
        # A function: a step may be built several times, in graphs within graphs.
        self._optimizer = make(lambda: rate / (1 + self._steps.read_value() / decay_steps))

    def apply_gradients(self, pairs: Iterable[Tuple[tf.Tensor, tf.Variable]]) -> tf.Operation:
        """As tf.train.Optimizer.apply_gradients."""
        with tf.control_dependencies([self._optimizer.apply_gradients(pairs)]):
            return tf.group(self._steps.assign(self._steps + 1))
