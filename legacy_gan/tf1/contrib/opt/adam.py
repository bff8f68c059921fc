"""tf.contrib.opt's kin of Adam: Nadam, AdaMax, lazy Adam for sparse gradients, and Adam by the global step."""

import tensorflow.compat.v1 as tf

__all__ = ["AdaMaxOptimizer", "AdamGSOptimizer", "LazyAdamGSOptimizer", "LazyAdamOptimizer", "NadamOptimizer"]


def handle_of(variable):
    """Returns what an operation on a variable takes: a resource variable's handle, or the variable."""
    return getattr(variable, "handle", variable)


def scattered(variable, change, indices, values, use_locking=False):
    """Returns the operation that changes rows of a variable: "add", "sub" or "update"."""
    slices = tf.IndexedSlices(values, indices)
    if hasattr(variable, "handle"):
        changed = {"add": variable.scatter_add, "sub": variable.scatter_sub, "update": variable.scatter_update}
        return changed[change](slices, use_locking=use_locking)
    changed = {"add": tf.scatter_add, "sub": tf.scatter_sub, "update": tf.scatter_update}
    return changed[change](variable, indices, values, use_locking=use_locking)


class _Adam(tf.train.AdamOptimizer):
    """tf.train.AdamOptimizer whose subclasses share one update for both kinds of variables."""

    _nesterov = False

    def _numbers(self, dtype):
        """Returns (beta1_power, beta2_power, rate, beta1, beta2, epsilon) in a type."""
        powers = self._get_beta_accumulators()
        return [tf.cast(each, dtype) for each in (*powers, self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t)]

    def _dense(self, operation, grad, var, **more):
        """Returns what TensorFlow's own operation gives for a gradient of the whole variable."""
        *powers, lr, beta1, beta2, epsilon = self._numbers(grad.dtype.base_dtype)
        return operation(
            var=handle_of(var),
            m=handle_of(self.get_slot(var, "m")),
            v=handle_of(self.get_slot(var, "v")),
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            grad=grad,
            use_locking=self._use_locking,
            **dict(zip(("beta1_power", "beta2_power"), powers)),
            **more,
        )

    def _apply_dense(self, grad, var):
        return self._dense(tf.raw_ops.ApplyAdam, grad, var, use_nesterov=self._nesterov).op

    def _resource_apply_dense(self, grad, var):
        return self._dense(tf.raw_ops.ResourceApplyAdam, grad, var, use_nesterov=self._nesterov)

    def _rows(self, grad, var, indices):
        raise NotImplementedError(f"{type(self).__name__}: _rows is not written")

    def _apply_sparse(self, grad, var):
        return self._rows(grad.values, var, grad.indices)

    def _resource_apply_sparse(self, grad, var, indices):
        return self._rows(grad, var, indices)


class NadamOptimizer(_Adam):
    """Adam with Nesterov's momentum.

    Args: as tf.train.AdamOptimizer's.
    Source: Dozat 2016.
    """

    _nesterov = True

    def _rows(self, grad, var, indices):
        beta1_power, beta2_power, lr, beta1, beta2, epsilon = self._numbers(grad.dtype.base_dtype)
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        added = grad * (1 - beta1)

        def decayed(slot, beta, more):
            """Returns the slot, all of it times beta, plus `more` in these rows."""
            with tf.control_dependencies([tf.assign(slot, slot * beta, use_locking=self._use_locking)]):
                changed = scattered(slot, "add", indices, more, self._use_locking)
            with tf.control_dependencies([changed]):
                return tf.gather(slot, indices)

        m_rows = added + beta1 * decayed(m, beta1, added)
        v_rows = decayed(v, beta2, (grad * grad) * (1 - beta2))
        rate = lr * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
        update = scattered(var, "add", indices, -rate * m_rows / (tf.sqrt(v_rows) + epsilon), self._use_locking)
        return tf.group(update, m_rows, v_rows)


def _lazy(optimizer, numbers, grad, var, indices):
    """Adam's update of the rows that have a gradient; the slots of the others do not decay."""
    beta1_power, beta2_power, lr, beta1, beta2, epsilon = numbers
    m, v, locks = optimizer.get_slot(var, "m"), optimizer.get_slot(var, "v"), optimizer._use_locking
    new_m = beta1 * tf.gather(m, indices) + (1 - beta1) * grad
    new_v = beta2 * tf.gather(v, indices) + (1 - beta2) * tf.square(grad)
    kept = [scattered(m, "update", indices, new_m, locks), scattered(v, "update", indices, new_v, locks)]
    with tf.control_dependencies(kept):  # a row that comes twice has the last one's slots, as in TF 1.15
        m_rows, v_rows = tf.gather(m, indices), tf.gather(v, indices)
    if hasattr(var, "handle"):
        m_rows, v_rows = new_m, new_v
    rate = lr * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
    return tf.group(scattered(var, "sub", indices, rate * m_rows / (tf.sqrt(v_rows) + epsilon), locks), *kept)


class LazyAdamOptimizer(_Adam):
    """Adam that leaves alone the rows (of an embedding) which have no gradient.

    Args: as tf.train.AdamOptimizer's.
    """

    def _rows(self, grad, var, indices):
        return _lazy(self, self._numbers(grad.dtype.base_dtype), grad, var, indices)


class AdaMaxOptimizer(_Adam):
    """Adam with the largest gradient, decayed, in place of the second moment.

    Args: as tf.train.AdamOptimizer's.
    Source: Kingma and Ba 2015, section 7.1.
    """

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, use_locking=False, name="AdaMax"):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _power(self):
        return self._get_non_slot_variable("beta1_power", graph=tf.get_default_graph())

    def _numbers(self, dtype):
        numbers = (self._power(), self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t)
        return [tf.cast(each, dtype) for each in numbers]

    def _create_slots(self, var_list):
        first = min(var_list, key=lambda variable: variable.name)
        self._create_non_slot_variable(initial_value=self._beta1, name="beta1_power", colocate_with=first)
        for variable in var_list:
            self._zeros_slot(variable, "m", self._name)
            self._zeros_slot(variable, "v", self._name)

    def _apply_dense(self, grad, var):
        return self._dense(tf.raw_ops.ApplyAdaMax, grad, var).op

    def _resource_apply_dense(self, grad, var):
        return self._dense(tf.raw_ops.ResourceApplyAdaMax, grad, var)

    def _rows(self, grad, var, indices):
        beta1_power, lr, beta1, beta2, epsilon = self._numbers(grad.dtype.base_dtype)
        m, v, locks = self.get_slot(var, "m"), self.get_slot(var, "v"), self._use_locking
        m_rows = tf.gather(m, indices) * beta1 + grad * (1 - beta1)
        v_rows = tf.maximum(tf.gather(v, indices) * beta2, tf.abs(grad))
        rows = -lr / (1 - beta1_power) * (m_rows / (v_rows + epsilon))
        with tf.control_dependencies([rows]):
            return tf.group(
                scattered(var, "add", indices, rows, locks),
                scattered(m, "update", indices, m_rows, locks),
                scattered(v, "update", indices, v_rows, locks),
            )

    def _finish(self, update_ops, name_scope):
        with tf.control_dependencies(update_ops):
            power = self._power()
            with tf.colocate_with(power):
                decayed = power.assign(power * self._beta1_t, use_locking=self._use_locking)
        return tf.group(*update_ops, decayed, name=name_scope)


class AdamGSOptimizer(_Adam):
    """Adam that has its powers of beta from the global step, and so no variables for them.

    Args:
      global_step: the variable that counts the steps.
      The rest as tf.train.AdamOptimizer's.
    """

    def __init__(
        self, global_step=0, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, use_locking=False, name="Adam"
    ):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)
        self._global_step = global_step

    def _get_beta_accumulators(self):
        return tf.pow(self._beta1_t, self._step_t), tf.pow(self._beta2_t, self._step_t)

    def _create_slots(self, var_list):
        for variable in var_list:
            self._zeros_slot(variable, "m", self._name)
            self._zeros_slot(variable, "v", self._name)

    def _prepare(self):
        super()._prepare()
        self._step_t = tf.cast(tf.identity(self._global_step) + 1, tf.float32)

    def _rows(self, grad, var, indices):
        beta1_power, beta2_power, lr, beta1, beta2, epsilon = self._numbers(grad.dtype.base_dtype)
        slots = []
        for name, beta, more in (("m", beta1, grad * (1 - beta1)), ("v", beta2, grad * grad * (1 - beta2))):
            slot = self.get_slot(var, name)
            with tf.control_dependencies([tf.assign(slot, slot * beta, use_locking=self._use_locking)]):
                added = scattered(slot, "add", indices, more, self._use_locking)
            with tf.control_dependencies([added]):
                slots.append(tf.identity(slot))
        rate = lr * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
        change = rate * slots[0] / (tf.sqrt(slots[1]) + epsilon)
        return tf.group(tf.assign_sub(var, change, use_locking=self._use_locking), *slots)

    def _finish(self, update_ops, name_scope):
        return tf.group(*update_ops, name=name_scope)


class LazyAdamGSOptimizer(AdamGSOptimizer):
    """AdamGSOptimizer that leaves alone the rows which have no gradient."""

    def _rows(self, grad, var, indices):
        return _lazy(self, self._numbers(grad.dtype.base_dtype), grad, var, indices)
