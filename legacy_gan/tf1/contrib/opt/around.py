"""tf.contrib.opt's optimizers around another one: averages, clipped variables, several tasks.

Source: the interface of tf.contrib.opt in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.opt.adam import scattered

__all__ = [
    "MovingAverageOptimizer",
    "MultitaskOptimizerWrapper",
    "VariableClippingOptimizer",
    "clip_gradients_by_global_norm",
]


class MovingAverageOptimizer(tf.train.Optimizer):
    """An optimizer that keeps moving averages of the variables, and a Saver that saves these under their names.

    Args:
      opt: tf.train.Optimizer.
      average_decay, num_updates: as for tf.train.ExponentialMovingAverage.
      sequential_update: bool, whether averages are taken after the step.
    """

    def __init__(self, opt, average_decay=0.9999, num_updates=None, sequential_update=True):
        self._optimizer = opt
        self._ema = tf.train.ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._sequential_update, self._pairs = sequential_update, None

    def compute_gradients(self, *args, **kwargs):
        """The optimizer's."""
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """The optimizer's step, and the averages."""
        step = self._optimizer.apply_gradients(grads_and_vars, global_step=global_step, name=name)
        trained = [variable for gradient, variable in grads_and_vars if gradient is not None]
        with tf.control_dependencies([step] if self._sequential_update else None):
            averages = self._ema.apply(trained)
        self._pairs = {}
        for variable in trained:
            average = self._ema.average(variable)
            self._pairs[variable.op.name] = average
            self._pairs[average.op.name] = variable
        return tf.group(step, averages, name="train_with_avg")

    def get_slot(self, *args, **kwargs):
        """The optimizer's."""
        return self._optimizer.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        """The optimizer's."""
        return self._optimizer.get_slot_names(*args, **kwargs)

    def variables(self):
        """The optimizer's."""
        return self._optimizer.variables()

    def swapping_saver(self, var_list=None, name="swapping_saver", **kwargs):
        """Returns a tf.train.Saver that saves each average as its variable, and each variable as its average.

        Args:
          var_list: list of variables, or a dict of names to them; None for all.
        Raises:
          RuntimeError: before apply_gradients.
          ValueError: if a variable is saved without its average.
        """
        if self._pairs is None:
            raise RuntimeError("MovingAverageOptimizer: swapping_saver needs apply_gradients or minimize before it")
        saved = tf.global_variables() if var_list is None else var_list
        if not isinstance(saved, dict):
            by_name = {}
            for variable in saved:
                info = variable._get_save_slice_info()  # of a partitioned variable's part
                by_name.setdefault(variable.op.name if info is None else info.full_name, []).append(variable)
            saved = {key: parts if parts[0]._get_save_slice_info() else parts[0] for key, parts in by_name.items()}
        there = set()
        for value in saved.values():
            there.update(each.op.name for each in _parts(value))

        def swapped(variable):
            other = self._pairs.get(variable.op.name, variable)
            if other.op.name not in there:
                raise ValueError(f"MovingAverageOptimizer: {other.op.name} must be among the variables to save")
            return other

        swap = {key: [swapped(each) for each in _parts(value)] for key, value in saved.items()}
        swap = {key: parts if isinstance(saved[key], list) else parts[0] for key, parts in swap.items()}
        return tf.train.Saver(swap, name=name, **kwargs)


def _parts(value):
    return list(value) if isinstance(value, list) or hasattr(value, "as_tensor") else [value]


class VariableClippingOptimizer(tf.train.Optimizer):
    """An optimizer that clips variables by their norm after each step.

    Args:
      opt: tf.train.Optimizer.
      vars_to_clip_dims: dict of a variable to the list of axes over which its norm is taken.
      max_norm: float.
    """

    def __init__(
        self,
        opt,
        vars_to_clip_dims,
        max_norm,
        use_locking=False,
        colocate_clip_ops_with_vars=False,
        name="VariableClipping",
    ):
        super().__init__(use_locking, name)
        self._opt, self._max_norm = opt, max_norm
        self._axes = {variable.op.name: list(axes) for variable, axes in vars_to_clip_dims.items()}

    def compute_gradients(self, *args, **kwargs):
        """The optimizer's."""
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args, **kwargs):
        """The optimizer's."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        """The optimizer's."""
        return self._opt.get_slot_names(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """The optimizer's step, then the clipping; of sparse gradients the rows that they changed."""
        with tf.name_scope(name, self._name) as scope:
            step = self._opt.apply_gradients(grads_and_vars, global_step=global_step)
            clipped = []
            with tf.control_dependencies([step]):
                for gradient, variable in grads_and_vars:
                    axes = self._axes.get(variable.op.name)
                    if gradient is None or axes is None:
                        continue
                    if isinstance(gradient, tf.IndexedSlices) and 0 not in axes:
                        rows = tf.gather(variable, gradient.indices)
                        change = rows - tf.clip_by_norm(rows, self._max_norm, axes)
                        clipped.append(scattered(variable, "sub", gradient.indices, change, self._use_locking))
                    else:
                        value = variable.read_value()
                        change = value - tf.clip_by_norm(value, self._max_norm, axes)
                        clipped.append(variable.assign_sub(change, use_locking=self._use_locking))
            return tf.group(step, *clipped, name=scope)


def _all_zeros(gradient):
    return tf.equal(tf.count_nonzero(gradient), 0)


class MultitaskOptimizerWrapper:
    """An optimizer that leaves alone the variables, and their slots, whose gradients are all 0.

    Args:
      opt: tf.train.Optimizer, which is changed.
    """

    def __init__(self, opt):
        if not isinstance(opt, tf.train.Optimizer):
            raise TypeError(f"MultitaskOptimizerWrapper: opt must be a tf.train.Optimizer, got {opt!r}")
        self._opt = opt
        for name in ("_apply_dense", "_resource_apply_dense", "_apply_sparse", "_resource_apply_sparse"):
            setattr(opt, name, _unless_zero(getattr(opt, name)))

    def __getattr__(self, name):
        return getattr(self._opt, name)


def _unless_zero(apply):
    def applied(gradient, *args, **kwargs):
        return tf.cond(_all_zeros(gradient), tf.no_op, lambda: apply(gradient, *args, **kwargs))

    return applied


def clip_gradients_by_global_norm(gradients_variables, clip_norm=20.0):
    """Returns ([(gradient, variable)] clipped by their global norm, the norm); for MultitaskOptimizerWrapper."""
    gradients, variables = zip(*gradients_variables)
    counted = [
        each
        if each is None
        else tf.cond(_all_zeros(each), lambda each=each: tf.zeros([], each.dtype), lambda each=each: each)
        for each in gradients
    ]
    norm = tf.global_norm(counted)
    clipped, _ = tf.clip_by_global_norm(list(gradients), clip_norm, use_norm=norm)
    return list(zip(clipped, variables)), norm
