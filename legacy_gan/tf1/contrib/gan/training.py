"""tf.contrib.gan's training: train ops of both networks, and the hooks and steps that run them.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib import slim, training
from legacy_gan.tf1.contrib.gan.tuples import CycleGANModel, GANTrainOps, GANTrainSteps

__all__ = [
    "RunTrainOpsHook",
    "gan_train",
    "gan_train_ops",
    "get_joint_train_hooks",
    "get_sequential_train_hooks",
    "get_sequential_train_steps",
]


def gan_train_ops(
    model, loss, generator_optimizer, discriminator_optimizer, check_for_unused_update_ops=True, is_chief=True, **kwargs
):
    """Makes the training step of each network, after the UPDATE_OPS of its own scope.

    Args:
      model: GANModel or its like; of a CycleGANModel, both models are trained by the same optimizers.
      loss: GANLoss, or CycleGANLoss.
      check_for_unused_update_ops: bool, whether UPDATE_OPS in neither scope are an error.
      is_chief: bool, for tf.train.SyncReplicasOptimizer.
      kwargs: more of tf.contrib.training.create_train_op.
    Returns:
      GANTrainOps. Its training steps leave the global step alone, global_step_inc_op counts.
    """
    if isinstance(model, CycleGANModel):
        named = dict(kwargs, check_for_unused_update_ops=check_for_unused_update_ops, is_chief=is_chief)
        optimizers = (generator_optimizer, discriminator_optimizer)
        with tf.name_scope("cyclegan_x2y_train"):
            x2y = gan_train_ops(model.model_x2y, loss.loss_x2y, *optimizers, **named)
        with tf.name_scope("cyclegan_y2x_train"):
            y2x = gan_train_ops(model.model_y2x, loss.loss_y2x, *optimizers, **named)
        return GANTrainOps(
            (x2y.generator_train_op, y2x.generator_train_op),
            (x2y.discriminator_train_op, y2x.discriminator_train_op),
            tf.train.get_or_create_global_step().assign_add(1),
        )
    global_step = tf.train.get_or_create_global_step()
    count = global_step.assign_add(1)
    updates = list(kwargs.pop("update_ops", tf.get_collection(tf.GraphKeys.UPDATE_OPS)))
    of_generator = _in_scope(updates, model.generator_scope)
    of_discriminator = _in_scope(updates, model.discriminator_scope)
    unused = _without(updates, of_generator + of_discriminator)
    if check_for_unused_update_ops and unused:
        raise ValueError(
            f"gan_train_ops: update ops in neither {model.generator_scope.name} nor {model.discriminator_scope.name}: "
            f"{[each.name for each in unused]}; check_for_unused_update_ops=False leaves them out"
        )
    hooks = []
    train_ops = []
    for name, optimizer, total_loss, variables, update_ops in (
        ("generator", generator_optimizer, loss.generator_loss, model.generator_variables, of_generator),
        (
            "discriminator",
            discriminator_optimizer,
            loss.discriminator_loss,
            model.discriminator_variables,
            of_discriminator,
        ),
    ):
        own_step = None
        if isinstance(optimizer, tf.train.SyncReplicasOptimizer):  # it counts: in a variable of its own
            own_step = tf.get_variable(
                f"dummy_global_step_{name}",
                [],
                global_step.dtype.base_dtype,
                tf.zeros_initializer(),
                trainable=False,
                collections=[tf.GraphKeys.GLOBAL_VARIABLES],
            )
            update_ops.append(own_step.assign(global_step))
            hooks.append(optimizer.make_session_run_hook(is_chief))
        with tf.name_scope(f"{name}_train"):
            train_ops.append(
                training.create_train_op(
                    total_loss,
                    optimizer,
                    global_step=own_step,
                    update_ops=update_ops,
                    variables_to_train=variables,
                    **kwargs,
                )
            )
    return GANTrainOps(train_ops[0], train_ops[1], count, hooks)


def _in_scope(updates, scope):
    there = tf.get_collection(tf.GraphKeys.UPDATE_OPS, scope.name)
    return [each for each in updates if any(each is other for other in there)]


def _without(updates, others):
    return [each for each in updates if all(each is not other for other in others)]


class RunTrainOpsHook(tf.train.SessionRunHook):
    """Runs training operations before each step of the session.

    Args:
      train_ops: an operation or tensor, or a list of them that run together.
      train_steps: int, how many times.
    """

    def __init__(self, train_ops, train_steps):
        self._train_ops = train_ops if isinstance(train_ops, (list, tuple)) else [train_ops]
        self._train_steps = train_steps

    def before_run(self, run_context):
        """Runs them."""
        for _ in range(self._train_steps):
            run_context.session.run(self._train_ops)


def get_sequential_train_hooks(train_steps=GANTrainSteps(1, 1)):
    """Returns a function of GANTrainOps that gives hooks: the generator's steps, then the discriminator's."""

    def get_hooks(train_ops):
        return [
            RunTrainOpsHook(train_ops.generator_train_op, train_steps.generator_train_steps),
            RunTrainOpsHook(train_ops.discriminator_train_op, train_steps.discriminator_train_steps),
        ] + list(train_ops.train_hooks)

    return get_hooks


def get_joint_train_hooks(train_steps=GANTrainSteps(1, 1)):
    """Returns a function of GANTrainOps that gives hooks: as many steps of both at once as there are, then the rest."""
    generator_steps, discriminator_steps = train_steps.generator_train_steps, train_steps.discriminator_train_steps
    together = min(generator_steps, discriminator_steps)

    def get_hooks(train_ops):
        of_generator, of_discriminator = train_ops.generator_train_op, train_ops.discriminator_train_op
        return [
            RunTrainOpsHook([of_generator, of_discriminator], together),
            RunTrainOpsHook(of_generator, generator_steps - together),
            RunTrainOpsHook(of_discriminator, discriminator_steps - together),
        ] + list(train_ops.train_hooks)

    return get_hooks


def gan_train(
    train_ops,
    logdir,
    get_hooks_fn=get_sequential_train_hooks(),
    master="",
    is_chief=True,
    scaffold=None,
    hooks=None,
    chief_only_hooks=None,
    save_checkpoint_secs=600,
    save_summaries_steps=100,
    config=None,
):
    """Trains until a hook stops it, in a tf.train.MonitoredTrainingSession; returns the last global step.

    Args:
      train_ops: GANTrainOps.
      logdir: str, the folder of checkpoints and summaries.
      get_hooks_fn: function of train_ops that gives the hooks which take the steps.
      hooks: more hooks, before them.
      The rest: as for tf.contrib.training.train.
    """
    return training.train(
        train_ops.global_step_inc_op,
        logdir,
        master=master,
        is_chief=is_chief,
        scaffold=scaffold,
        hooks=list(hooks or ()) + list(get_hooks_fn(train_ops)),
        chief_only_hooks=chief_only_hooks,
        save_checkpoint_secs=save_checkpoint_secs,
        save_summaries_steps=save_summaries_steps,
        config=config,
    )


def get_sequential_train_steps(train_steps=GANTrainSteps(1, 1)):
    """Returns a train_step_fn for tf.contrib.slim.learning.train, whose train_op is then GANTrainOps.

    Its loss is the sum of the losses of all steps of both networks.
    """

    def sequential_train_steps(sess, train_ops, global_step, train_step_kwargs):
        inner = {key: value for key, value in train_step_kwargs.items() if key != "should_stop"}

        def taken(train_op, steps):
            return sum(slim.learning.train_step(sess, train_op, global_step, inner)[0] for _ in range(steps))

        of_generator = taken(train_ops.generator_train_op, train_steps.generator_train_steps)
        of_discriminator = taken(train_ops.discriminator_train_op, train_steps.discriminator_train_steps)
        sess.run(train_ops.global_step_inc_op)
        stop = "should_stop" in train_step_kwargs and sess.run(train_step_kwargs["should_stop"])
        return of_generator + of_discriminator, stop

    return sequential_train_steps
