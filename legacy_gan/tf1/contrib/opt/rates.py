"""tf.contrib.opt's LARS, a rate for each layer, and Adagrad that can leave its slots alone."""

import contextlib

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.opt.adam import handle_of

__all__ = ["LARSOptimizer", "RegAdagradOptimizer"]


class LARSOptimizer(tf.train.Optimizer):
    """Momentum with the rate of each variable scaled by |w| / (|gradient| + weight_decay * |w|).

    Args:
      learning_rate, momentum, weight_decay: float.
      eeta: float, times that quotient. epsilon: float, added to its denominator.
      skip_list: list of str; variables with one of them in their names have the plain rate and no decay.
      use_nesterov: bool.
    Source: You, Gitman, Ginsburg 2017.
    """

    def __init__(
        self,
        learning_rate,
        momentum=0.9,
        weight_decay=0.0001,
        eeta=0.001,
        epsilon=0.0,
        name="LARSOptimizer",
        skip_list=None,
        use_nesterov=False,
    ):
        for what, value in (("momentum", momentum), ("weight_decay", weight_decay)):
            if value < 0.0:
                raise ValueError(f"LARSOptimizer: {what} must be at least 0, got {value}")
        super().__init__(use_locking=False, name=name)
        self._learning_rate, self._momentum, self._weight_decay = learning_rate, momentum, weight_decay
        self._eeta, self._epsilon, self._skip_list = eeta, epsilon, skip_list or ()
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list):
        for variable in var_list:
            self._zeros_slot(variable, "momentum", self._name)

    def _prepare(self):
        rate = self._learning_rate() if callable(self._learning_rate) else self._learning_rate
        self._rate_t = tf.convert_to_tensor(rate, name="learning_rate")
        momentum = self._momentum() if callable(self._momentum) else self._momentum
        self._momentum_t = tf.convert_to_tensor(momentum, name="momentum")

    def compute_lr(self, grad, var):
        """Returns (the rate of a variable, its gradient with the decay)."""
        if any(part in var.name for part in self._skip_list):
            return self._learning_rate, grad
        weight, slope = tf.norm(var, ord=2), tf.norm(grad, ord=2)
        quotient = self._eeta * weight / (slope + self._weight_decay * weight + self._epsilon)
        trust = tf.where(tf.greater(weight, 0), tf.where(tf.greater(slope, 0), quotient, 1.0), 1.0)
        return self._learning_rate * trust, grad + self._weight_decay * var

    def _dense(self, operation, grad, var):
        rate, grad = self.compute_lr(grad, var)
        return operation(
            var=handle_of(var),
            accum=handle_of(self.get_slot(var, "momentum")),
            lr=tf.cast(1.0, grad.dtype.base_dtype),
            grad=grad * rate,
            momentum=tf.cast(self._momentum_t, grad.dtype.base_dtype),
            use_nesterov=self._use_nesterov,
        )

    def _apply_dense(self, grad, var):
        return self._dense(tf.raw_ops.ApplyMomentum, grad, var).op

    def _resource_apply_dense(self, grad, var):
        return self._dense(tf.raw_ops.ResourceApplyMomentum, grad, var)

    def _rows(self, operation, grad, var, indices):
        return operation(
            var=handle_of(var),
            accum=handle_of(self.get_slot(var, "momentum")),
            lr=tf.cast(self._rate_t, grad.dtype.base_dtype),
            grad=grad,
            indices=indices,
            momentum=tf.cast(self._momentum_t, grad.dtype.base_dtype),
            use_nesterov=self._use_nesterov,
        )

    def _apply_sparse(self, grad, var):
        return self._rows(tf.raw_ops.SparseApplyMomentum, grad.values, var, grad.indices).op

    def _resource_apply_sparse(self, grad, var, indices):
        return self._rows(tf.raw_ops.ResourceSparseApplyMomentum, grad, var, indices)


class RegAdagradOptimizer(tf.train.AdagradOptimizer):
    """Adagrad with a context, avoid_updating_slots(), in which its steps leave the accumulators alone.

    Args: as tf.train.AdagradOptimizer's.
    """

    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="RegAdagrad"):
        super().__init__(
            learning_rate, initial_accumulator_value=initial_accumulator_value, use_locking=use_locking, name=name
        )
        self._updates_slots = True

    @contextlib.contextmanager
    def avoid_updating_slots(self):
        """Steps that are built in this context do not change the accumulators."""
        before, self._updates_slots = self._updates_slots, False
        try:
            yield
        finally:
            self._updates_slots = before

    def _step(self, operation, grad, var, **indices):
        return operation(
            var=handle_of(var),
            accum=handle_of(self.get_slot(var, "accumulator")),
            lr=tf.cast(self._learning_rate_tensor, grad.dtype.base_dtype),
            grad=grad,
            use_locking=self._use_locking,
            update_slots=self._updates_slots,
            **indices,
        )

    def _apply_dense(self, grad, var):
        return self._step(tf.raw_ops.ApplyAdagrad, grad, var)

    def _resource_apply_dense(self, grad, var):
        return self._step(tf.raw_ops.ResourceApplyAdagrad, grad, var)

    def _apply_sparse(self, grad, var):
        return self._step(tf.raw_ops.SparseApplyAdagrad, grad.values, var, indices=grad.indices)

    def _resource_apply_sparse(self, grad, var, indices):
        return self._step(tf.raw_ops.ResourceSparseApplyAdagrad, grad, var, indices=indices)
