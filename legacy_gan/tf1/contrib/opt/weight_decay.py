"""tf.contrib.opt's decoupled weight decay: a step of any optimizer also takes a part off the variables.

Source: Loshchilov and Hutter 2019; the interface of tf.contrib.opt in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.opt.adam import scattered

__all__ = [
    "AdamWOptimizer",
    "DecoupledWeightDecayExtension",
    "MomentumWOptimizer",
    "extend_with_decoupled_weight_decay",
]


class DecoupledWeightDecayExtension:
    """What stands before an optimizer among the bases of a class: variable -= weight_decay * variable, then its step.

    Args:
      weight_decay: float, or a scalar tensor; the learning rate is no part of it.
      Named arguments are the optimizer's.
    """

    def __init__(self, weight_decay, **kwargs):
        self._decayed = None
        self._weight_decay = weight_decay
        super().__init__(**kwargs)

    def minimize(
        self,
        loss,
        global_step=None,
        var_list=None,
        gate_gradients=tf.train.Optimizer.GATE_OP,
        aggregation_method=None,
        colocate_gradients_with_ops=False,
        name=None,
        grad_loss=None,
        decay_var_list=None,
    ):
        """As tf.train.Optimizer's. In TF 1.15 decay_var_list has no effect here: all variables decay."""
        return super().minimize(
            loss,
            global_step=global_step,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            name=name,
            grad_loss=grad_loss,
        )

    def apply_gradients(self, grads_and_vars, global_step=None, name=None, decay_var_list=None):
        """As tf.train.Optimizer's; decay_var_list has the variables that decay, None or [] for all."""
        self._decayed = list(decay_var_list) if decay_var_list else None
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _decays(self, var):
        return self._decayed is None or any(var is each for each in self._decayed)

    def _decay_of(self, var):
        return [var.assign_sub(self._weight_decay * var, self._use_locking)] if self._decays(var) else []

    def _decay_of_rows(self, var, indices):
        if not self._decays(var):
            return []
        return [scattered(var, "add", indices, -self._weight_decay * tf.gather(var, indices), self._use_locking)]

    def _apply_dense(self, grad, var):
        with tf.control_dependencies(self._decay_of(var)):
            return super()._apply_dense(grad, var)

    def _resource_apply_dense(self, grad, var):
        with tf.control_dependencies(self._decay_of(var)):
            return super()._resource_apply_dense(grad, var)

    def _apply_sparse(self, grad, var):
        with tf.control_dependencies(self._decay_of_rows(var, grad.indices)):
            return super()._apply_sparse(grad, var)

    def _resource_apply_sparse(self, grad, var, indices):
        with tf.control_dependencies(self._decay_of_rows(var, indices)):
            return super()._resource_apply_sparse(grad, var, indices)


def extend_with_decoupled_weight_decay(base_optimizer):
    """Returns a class: an optimizer's class with weight_decay as its first argument, the others by name."""

    class OptimizerWithDecoupledWeightDecay(DecoupledWeightDecayExtension, base_optimizer):
        """The optimizer, with decoupled weight decay."""

    return OptimizerWithDecoupledWeightDecay


class MomentumWOptimizer(DecoupledWeightDecayExtension, tf.train.MomentumOptimizer):
    """tf.train.MomentumOptimizer with decoupled weight decay (SGDW)."""

    def __init__(self, weight_decay, learning_rate, momentum, use_locking=False, name="MomentumW", use_nesterov=False):
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            momentum=momentum,
            use_locking=use_locking,
            name=name,
            use_nesterov=use_nesterov,
        )


class AdamWOptimizer(DecoupledWeightDecayExtension, tf.train.AdamOptimizer):
    """tf.train.AdamOptimizer with decoupled weight decay."""

    def __init__(
        self, weight_decay, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, use_locking=False, name="AdamW"
    ):
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            use_locking=use_locking,
            name=name,
        )
