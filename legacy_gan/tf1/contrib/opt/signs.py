"""tf.contrib.opt's optimizers by the sign of gradient and momentum: AddSign and PowerSign.

Source: Bello, Zoph, Vasudevan, Le 2017.
"""

import math

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.opt.adam import handle_of, scattered

__all__ = ["AddSignOptimizer", "PowerSignOptimizer"]


class _Signs(tf.train.Optimizer):
    """A step of rate * factor(sign(gradient) * sign(momentum)) * gradient."""

    def __init__(self, learning_rate, beta, sign_decay_fn, use_locking, name):
        super().__init__(use_locking, name)
        self._lr, self._beta, self._sign_decay_fn = learning_rate, beta, sign_decay_fn
        self._decay_t = None

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        if self._sign_decay_fn is not None:
            self._decay_t = tf.convert_to_tensor(self._sign_decay_fn(global_step), name="sign_decay")
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _create_slots(self, var_list):
        for variable in var_list:
            self._zeros_slot(variable, "m", self._name)

    def _prepare(self):
        self._lr_t = tf.convert_to_tensor(self._lr, name="learning_rate")
        self._beta_t = tf.convert_to_tensor(self._beta, name="beta")
        if self._sign_decay_fn is None:
            self._decay_t = tf.convert_to_tensor(1.0, name="sign_decay")

    def _numbers(self, dtype):
        raise NotImplementedError(f"{type(self).__name__}: _numbers is not written")

    def _factor(self, agreement, numbers):
        raise NotImplementedError(f"{type(self).__name__}: _factor is not written")

    def _dense(self, operation, grad, var):
        return operation(
            var=handle_of(var),
            m=handle_of(self.get_slot(var, "m")),
            grad=grad,
            use_locking=self._use_locking,
            **self._numbers(grad.dtype.base_dtype),
        )

    def _apply_dense(self, grad, var):
        return self._dense(self._operations[0], grad, var).op

    def _resource_apply_dense(self, grad, var):
        return self._dense(self._operations[1], grad, var)

    def _apply_sparse(self, grad, var):
        return self._rows(grad, var)

    def _resource_apply_sparse(self, grad, var, indices):
        return self._rows(tf.IndexedSlices(grad, indices, tf.shape(var)), var)

    def _rows(self, grad, var):
        numbers, m = self._numbers(grad.dtype.base_dtype), self.get_slot(var, "m")
        beta = numbers["beta"]
        new_m = tf.assign(m, m * beta + tf.convert_to_tensor(grad) * (1 - beta), use_locking=self._use_locking)
        agreement = tf.gather(tf.sign(new_m), grad.indices) * tf.sign(grad.values)
        change = numbers["lr"] * self._factor(agreement, numbers) * grad.values
        return tf.group(scattered(var, "sub", grad.indices, change, self._use_locking), new_m)


class AddSignOptimizer(_Signs):
    """variable -= rate * (alpha + decay * sign(gradient) * sign(m)) * gradient.

    Args:
      learning_rate, alpha, beta: float, or scalar tensors; m = beta * m + (1 - beta) * gradient.
      sign_decay_fn: function of the global step that returns decay; None for 1.
    """

    def __init__(
        self, learning_rate=0.1, alpha=1.0, beta=0.9, sign_decay_fn=None, use_locking=False, name="AddSignOptimizer"
    ):
        super().__init__(learning_rate, beta, sign_decay_fn, use_locking, name)
        self._alpha = alpha
        self._operations = (tf.raw_ops.ApplyAddSign, tf.raw_ops.ResourceApplyAddSign)

    def _numbers(self, dtype):
        numbers = {"lr": self._lr_t, "alpha": self._alpha, "sign_decay": self._decay_t, "beta": self._beta_t}
        return {name: tf.cast(value, dtype) for name, value in numbers.items()}

    def _factor(self, agreement, numbers):
        return numbers["alpha"] + numbers["sign_decay"] * agreement


class PowerSignOptimizer(_Signs):
    """variable -= rate * base ** (decay * sign(gradient) * sign(m)) * gradient.

    Args:
      learning_rate, beta: float, or scalar tensors; m = beta * m + (1 - beta) * gradient.
      base: float.
      sign_decay_fn: function of the global step that returns decay; None for 1.
    """

    def __init__(
        self, learning_rate=0.1, base=math.e, beta=0.9, sign_decay_fn=None, use_locking=False, name="PowerSignOptimizer"
    ):
        super().__init__(learning_rate, beta, sign_decay_fn, use_locking, name)
        self._logbase = math.log(base)
        self._operations = (tf.raw_ops.ApplyPowerSign, tf.raw_ops.ResourceApplyPowerSign)

    def _numbers(self, dtype):
        numbers = {"lr": self._lr_t, "logbase": self._logbase, "sign_decay": self._decay_t, "beta": self._beta_t}
        return {name: tf.cast(value, dtype) for name, value in numbers.items()}

    def _factor(self, agreement, numbers):
        return tf.pow(tf.cast(math.e, agreement.dtype), numbers["logbase"] * numbers["sign_decay"] * agreement)
