"""tf.contrib.layers' optimize_loss: a training step with clipping, noise and summaries.

Source: the interface, defaults and variable names of tf.contrib.layers in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

OPTIMIZER_CLS_NAMES = {
    "Adagrad": tf.train.AdagradOptimizer,
    "Adam": tf.train.AdamOptimizer,
    "Ftrl": tf.train.FtrlOptimizer,
    "Momentum": lambda learning_rate: tf.train.MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": tf.train.RMSPropOptimizer,
    "SGD": tf.train.GradientDescentOptimizer,
}
OPTIMIZER_SUMMARIES = ["learning_rate", "loss", "gradients", "gradient_norm", "global_gradient_norm"]


def optimize_loss(
    loss,
    global_step,
    learning_rate,
    optimizer,
    gradient_noise_scale=None,
    gradient_multipliers=None,
    clip_gradients=None,
    learning_rate_decay_fn=None,
    update_ops=None,
    variables=None,
    name=None,
    summaries=None,
    colocate_gradients_with_ops=False,
    increment_global_step=True,
):
    """Makes one training step, after the operations in UPDATE_OPS.

    Args:
      loss: scalar tensor.
      global_step: the variable to count in, None for the graph's.
      learning_rate: float, which becomes the variable `OptimizeLoss/learning_rate`, a scalar tensor, or
        None where the optimizer knows it.
      optimizer: a name in OPTIMIZER_CLS_NAMES, a class or a function of the learning rate, or a
        tf.train.Optimizer.
      gradient_noise_scale: float, the scale of noise that joins the gradients.
      gradient_multipliers: {variable or its name: float}.
      clip_gradients: float, the largest global norm, or a function of [(gradient, variable)].
      learning_rate_decay_fn: function of (learning_rate, global_step).
      update_ops: operations to run before; None for UPDATE_OPS.
      variables: list to train; None for all trainable ones.
      summaries: list of names in OPTIMIZER_SUMMARIES.
    Returns:
      The loss, a tensor that also takes the step.
    Raises:
      ValueError: for an argument that is none of these.
    """
    loss = tf.convert_to_tensor(loss)
    loss.shape.assert_has_rank(0)
    if global_step is None:
        global_step = tf.train.get_global_step()
    else:
        tf.train.assert_global_step(global_step)
    with tf.variable_scope(name, "OptimizeLoss", [loss, global_step]):
        if update_ops is None:
            update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        if update_ops:
            with tf.control_dependencies(list(update_ops)):
                loss = tf.identity(loss)

        summaries = ["loss", "learning_rate", "global_gradient_norm"] if summaries is None else summaries
        for summary in summaries:
            if summary not in OPTIMIZER_SUMMARIES:
                raise ValueError(
                    "optimize_loss: summaries must be of {}, got {!r}".format(", ".join(OPTIMIZER_SUMMARIES), summary)
                )
        rate = _learning_rate(learning_rate)
        if rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("optimize_loss: learning_rate_decay_fn needs a global_step")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in summaries:
                tf.summary.scalar("learning_rate", rate)

        train_optimizer = _optimizer(optimizer, rate)
        variables = tf.trainable_variables() if variables is None else variables
        gradients = train_optimizer.compute_gradients(
            loss, variables, colocate_gradients_with_ops=colocate_gradients_with_ops
        )
        if gradient_noise_scale is not None:
            gradients = [
                (g if g is None else g + tf.truncated_normal(v.shape) * gradient_noise_scale, v) for g, v in gradients
            ]
        if gradient_multipliers is not None:
            gradients = scaled_gradients(gradients, gradient_multipliers)
        norms = "global_gradient_norm" in summaries or "gradient_norm" in summaries
        if norms:
            tf.summary.scalar("global_norm/gradient_norm", tf.global_norm([g for g, _ in gradients]))
        if callable(clip_gradients):
            gradients = clip_gradients(gradients)
        elif isinstance(clip_gradients, float):
            clipped, _ = tf.clip_by_global_norm([g for g, _ in gradients], clip_gradients)
            gradients = list(zip(clipped, [v for _, v in gradients]))
        elif clip_gradients is not None:
            raise ValueError(f"optimize_loss: clip_gradients must be a float or a function, got {clip_gradients!r}")
        if "loss" in summaries:
            tf.summary.scalar("loss", loss)
        for gradient, variable in gradients:
            values = getattr(gradient, "values", gradient)
            if values is not None and "gradients" in summaries:
                tf.summary.histogram(f"gradients/{variable.name.replace(':', '_')}", values)
            if values is not None and "gradient_norm" in summaries:
                tf.summary.scalar(f"gradient_norm/{variable.name.replace(':', '_')}", tf.global_norm([values]))
        if clip_gradients is not None and norms:
            tf.summary.scalar("global_norm/clipped_gradient_norm", tf.global_norm([g for g, _ in gradients]))

        step = train_optimizer.apply_gradients(
            gradients, global_step=global_step if increment_global_step else None, name="train"
        )
        with tf.control_dependencies([step]):
            return tf.identity(loss)


def _learning_rate(learning_rate):
    """Returns a tensor, a variable for a float, or None."""
    if learning_rate is None or tf.is_tensor(learning_rate) and learning_rate.shape.ndims == 0:
        return learning_rate
    if not isinstance(learning_rate, float) or learning_rate < 0:
        raise ValueError(
            f"optimize_loss: learning_rate must be a scalar tensor or a float of at least 0, got {learning_rate!r}"
        )
    return tf.get_variable("learning_rate", [], trainable=False, initializer=tf.constant_initializer(learning_rate))


def _optimizer(optimizer, rate):
    """Returns the tf.train.Optimizer that a name, a class, a function or an optimizer stands for."""
    if isinstance(optimizer, tf.train.Optimizer):
        return optimizer
    named = isinstance(optimizer, str)
    if named and optimizer not in OPTIMIZER_CLS_NAMES:
        raise ValueError(
            "optimize_loss: optimizer must be one of {}, got {!r}".format(
                ", ".join(sorted(OPTIMIZER_CLS_NAMES)), optimizer
            )
        )
    if rate is None and (named or isinstance(optimizer, type)):
        raise ValueError(f"optimize_loss: optimizer {optimizer!r} needs a learning_rate")
    if not named and not callable(optimizer):
        raise ValueError(
            f"optimize_loss: optimizer must be a name, a class, a function or an optimizer, got {optimizer!r}"
        )
    make = OPTIMIZER_CLS_NAMES[optimizer] if named else optimizer
    return make() if rate is None else make(rate)


def scaled_gradients(gradients, multipliers):
    """Multiplies the gradients of [(gradient, variable)] by {variable or one of its names: float}."""
    scaled = []
    for gradient, variable in gradients:
        for key, factor in multipliers.items():
            if gradient is None or key is not variable and key not in (variable.name, variable.op.name):
                continue
            if isinstance(gradient, tf.IndexedSlices):
                gradient = tf.IndexedSlices(gradient.values * factor, gradient.indices, gradient.dense_shape)
            else:
                gradient *= tf.cast(factor, gradient.dtype)
        scaled.append((gradient, variable))
    return scaled


def adaptive_clipping_fn(
    std_factor=2.0, decay=0.95, static_max_norm=None, global_step=None, report_summary=False, epsilon=1e-8, name=None
):
    """Returns a function of [(gradient, variable)] that clips a norm far above its moving average.

    clipped where log(norm) > mean + std_factor * deviation, to exp(mean)
    """

    def clip(grads_and_vars):
        grads = [g for g, _ in grads_and_vars]
        norm = tf.global_norm(grads)
        with tf.variable_scope(name, "AdaptiveMaxNorm", [norm]):
            log_norm, current_decay = tf.log(norm + epsilon), decay
            if global_step is not None:
                count = tf.cast(global_step, tf.float32)
                current_decay = tf.minimum(decay, count / (count + 1.0))

            def average(name, value):
                moving = tf.get_variable(name, value.shape, value.dtype, tf.zeros_initializer(), trainable=False)
                return tf.assign_sub(moving, (moving - value) * (1.0 - current_decay))

            mean, square = average("mean", log_norm), average("sq_mean", tf.square(log_norm))
            deviation = tf.sqrt(tf.maximum(epsilon, square - tf.square(mean)))
            largest = tf.exp(mean + std_factor * deviation)
        if report_summary:
            tf.summary.scalar("global_norm/adaptive_max_gradient_norm", largest)
        factor = tf.where(norm < largest, tf.ones_like(norm), tf.exp(mean) / norm)
        if static_max_norm is not None:
            factor = tf.minimum(static_max_norm / norm, factor)
        return [(g if g is None else g * factor, v) for g, v in grads_and_vars]

    return clip
