"""Recorded scripts of tf.contrib.opt: five steps on a dense matrix and, by rows, on an embedding."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

IDS = np.array([[0, 2, 2], [3, 0, 2], [1, 1, 4]], np.int32)


def _loss():
    embedding = tf.get_variable("embedding", initializer=draw((6, 4), 8) * 0.5)
    kernel = tf.get_variable("kernel", initializer=draw((12, 3), 9) * 0.5)
    rows = tf.reshape(tf.nn.embedding_lookup(embedding, IDS), [3, 12])
    return tf.reduce_mean(tf.square(tf.matmul(rows, kernel) - draw((3, 3), 1)))


def _steps(make, dense=False):
    def script(T):
        loss = _loss()
        step = tf.train.get_or_create_global_step()
        optimizer = make(T.contrib.opt, step)
        if dense:
            gradients = [(tf.convert_to_tensor(g), v) for g, v in optimizer.compute_gradients(loss)]
            train = optimizer.apply_gradients(gradients, step)
        else:
            gradients = optimizer.compute_gradients(loss)
            # What changes a variable before it needs the gradients (weight decay) races with them otherwise.
            with tf.control_dependencies([tf.convert_to_tensor(g) for g, _ in gradients]):
                train = optimizer.apply_gradients(gradients, step)
        return Case([loss], [train] * 5, [loss], scale=0)

    return script


def clip_by_global_norm(T):
    opt, loss = T.contrib.opt, _loss()
    unused = tf.get_variable("unused", initializer=[1.0, 2, 3])
    optimizer = opt.MultitaskOptimizerWrapper(tf.train.AdamOptimizer(0.1))
    gradients = [(tf.convert_to_tensor(g), v) for g, v in optimizer.compute_gradients(loss + tf.reduce_sum(unused * 0))]
    clipped, norm = opt.clip_gradients_by_global_norm(gradients, 0.5)
    return Case([norm], [optimizer.apply_gradients(clipped)] * 3, [loss], scale=0)


def decayed_variables(T):
    loss = _loss()
    optimizer = T.contrib.opt.AdamWOptimizer(0.1, learning_rate=0.05)
    gradients = optimizer.compute_gradients(loss)
    with tf.control_dependencies([tf.convert_to_tensor(g) for g, _ in gradients]):
        train = optimizer.apply_gradients(gradients, decay_var_list=tf.trainable_variables()[:1])
    return Case([loss], [train] * 3, [loss], scale=0)


def decayed_variables_of_minimize(T):
    loss = _loss()
    optimizer = T.contrib.opt.MomentumWOptimizer(0.1, learning_rate=0.05, momentum=0.9)
    train = optimizer.minimize(loss * 0, decay_var_list=tf.trainable_variables()[:1])
    return Case([loss], [train] * 3, [loss], scale=0)


def moving_average(T):
    loss = _loss()
    optimizer = T.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), 0.5)
    train = optimizer.minimize(loss)
    saved = optimizer.swapping_saver()._var_list
    names = tf.constant(sorted(f"{key} = {saved[key].op.name}" for key in saved))
    return Case([loss, tf.strings.length(names)], [train] * 3, [loss], scale=0)


def regularized_adagrad(T):
    loss = _loss()
    optimizer = T.contrib.opt.RegAdagradOptimizer(0.3)
    first = optimizer.minimize(loss)
    with optimizer.avoid_updating_slots():
        second = optimizer.minimize(tf.add_n([tf.nn.l2_loss(v) for v in tf.trainable_variables()]))
    return Case([loss], [first, second] * 3, [loss], scale=0)


def variable_clipping(T):
    loss = _loss()
    embedding, kernel = tf.trainable_variables()
    optimizer = T.contrib.opt.VariableClippingOptimizer(
        tf.train.GradientDescentOptimizer(0.3), {embedding: [1], kernel: [0]}, 0.8
    )
    return Case([loss], [optimizer.minimize(loss)] * 3, [loss], scale=0)


_MAKERS = {
    "adam_of_global_step": lambda opt, step: opt.AdamGSOptimizer(step, 0.05),
    "adam_with_decay": lambda opt, step: opt.AdamWOptimizer(0.02, 0.05),
    "adamax": lambda opt, step: opt.AdaMaxOptimizer(0.05),
    "add_sign": lambda opt, step: opt.AddSignOptimizer(
        0.05, 0.9, sign_decay_fn=lambda s: 1 / (1.0 + tf.cast(s, tf.float32))
    ),
    "decay_of_any": lambda opt, step: opt.extend_with_decoupled_weight_decay(tf.train.RMSPropOptimizer)(
        weight_decay=0.01, learning_rate=0.05
    ),
    "lars": lambda opt, step: opt.LARSOptimizer(
        0.5, weight_decay=0.01, eeta=0.1, skip_list=["embedding"], use_nesterov=True
    ),
    "lazy_adam": lambda opt, step: opt.LazyAdamOptimizer(0.05),
    "momentum_with_decay": lambda opt, step: opt.MomentumWOptimizer(0.02, 0.05, 0.9, use_nesterov=True),
    "nadam": lambda opt, step: opt.NadamOptimizer(0.05),
    "power_sign": lambda opt, step: opt.PowerSignOptimizer(0.05, 2.0, 0.8),
}
globals().update({name: _steps(make) for name, make in _MAKERS.items()})
dense_nadam = _steps(_MAKERS["nadam"], True)
dense_adamax = _steps(_MAKERS["adamax"], True)
dense_lars = _steps(_MAKERS["lars"], True)
dense_lazy_adam_of_global_step = _steps(lambda opt, step: opt.LazyAdamGSOptimizer(step, 0.05), True)
dense_power_sign = _steps(_MAKERS["power_sign"], True)

__all__ = sorted(_MAKERS) + [
    "clip_by_global_norm",
    "decayed_variables",
    "decayed_variables_of_minimize",
    "dense_adamax",
    "dense_lars",
    "dense_lazy_adam_of_global_step",
    "dense_nadam",
    "dense_power_sign",
    "moving_average",
    "regularized_adagrad",
    "variable_clipping",
]
