"""tf.contrib.gan.estimator: GANEstimator and its like, over tf.estimator.Estimator.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import enum
import functools

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import by_version
from legacy_gan.tf1.contrib.gan.eval import (
    add_gan_model_image_summaries,
    add_gan_model_summaries,
    add_image_comparison_summaries,
    add_stargan_image_summaries,
)
from legacy_gan.tf1.contrib.gan.models import as_tensors, gan_model, stargan_model
from legacy_gan.tf1.contrib.gan.training import gan_train_ops, get_sequential_train_hooks
from legacy_gan.tf1.contrib.gan.tuples import GANLoss, GANModel
from legacy_gan.tf1.estimator.inputs import arguments_of
from legacy_gan.tf1.namespace import refusal

__all__ = ["GANEstimator", "GANHead", "StarGANEstimator", "SummaryType", "gan_head", "get_latent_gan_estimator"]

__getattr__ = refusal("tf.contrib.gan.estimator")

_estimator = by_version.estimator()
_ModeKeys, _EstimatorSpec = _estimator.ModeKeys, _estimator.EstimatorSpec


class SummaryType(enum.IntEnum):
    """What an estimator's model writes for TensorBoard."""

    NONE = 0
    VARIABLES = 1
    IMAGES = 2
    IMAGE_COMPARISON = 3


_OF_A_GAN = {
    SummaryType.VARIABLES: add_gan_model_summaries,
    SummaryType.IMAGES: add_gan_model_image_summaries,
    SummaryType.IMAGE_COMPARISON: add_image_comparison_summaries,
}
_OF_A_STARGAN = {SummaryType.VARIABLES: add_gan_model_summaries, SummaryType.IMAGES: add_stargan_image_summaries}


class GANEstimator(_estimator.Estimator):
    """An Estimator of a GAN: features are the generator's inputs, labels the real data; it predicts generated data.

    Args:
      generator_fn, discriminator_fn: as for gan_model; a `mode` among their arguments is given.
      generator_loss_fn, discriminator_loss_fn: as for gan_loss.
      generator_optimizer, discriminator_optimizer: tf.train.Optimizer, or a function that makes it.
      get_hooks_fn: as for gan_train. get_eval_metric_ops_fn: function of the GANModel, returns a dict of metrics.
      add_summaries: SummaryType, or a list of them. use_loss_summaries: bool, the losses' add_summaries.
      The rest: as for tf.estimator.Estimator, and is_chief as for gan_train_ops.
    """

    def __init__(
        self,
        model_dir=None,
        generator_fn=None,
        discriminator_fn=None,
        generator_loss_fn=None,
        discriminator_loss_fn=None,
        generator_optimizer=None,
        discriminator_optimizer=None,
        get_hooks_fn=None,
        get_eval_metric_ops_fn=None,
        add_summaries=None,
        use_loss_summaries=True,
        config=None,
        warm_start_from=None,
        is_chief=True,
    ):
        _check("GANEstimator", use_loss_summaries, get_hooks_fn)
        for name, loss in (("generator_loss_fn", generator_loss_fn), ("discriminator_loss_fn", discriminator_loss_fn)):
            if not callable(loss):
                raise ValueError(f"GANEstimator: {name} must be a function, got {loss!r}")

        def model_fn(features, labels, mode):
            make, discriminate = (_in_mode(function, mode) for function in (generator_fn, discriminator_fn))
            if mode == _ModeKeys.PREDICT:
                if labels is not None:
                    raise ValueError(f"GANEstimator: labels must be None for predict, got {labels}")
                return _predicted(make, features)
            model = gan_model(make, discriminate, labels, features, check_shapes=False)
            _add(add_summaries, _OF_A_GAN, model)
            loss = GANLoss(
                generator_loss_fn(model, add_summaries=use_loss_summaries),
                discriminator_loss_fn(model, add_summaries=use_loss_summaries),
            )
            if mode == _ModeKeys.EVAL:
                return _evaluated(model, loss, get_eval_metric_ops_fn)
            optimizers = (_made(each) for each in (generator_optimizer, discriminator_optimizer))
            train_ops = gan_train_ops(model, loss, *optimizers, is_chief=is_chief)
            return _trained(train_ops, loss, get_hooks_fn)

        super().__init__(model_fn=model_fn, model_dir=model_dir, config=config, warm_start_from=warm_start_from)


class StarGANEstimator(_estimator.Estimator):
    """An Estimator of a StarGAN: features are images, labels their one-hot domains; predict takes (images, domains).

    Args:
      loss_fn: function of a StarGANModel, returns a GANLoss.
      The rest: as for GANEstimator.
    """

    def __init__(
        self,
        model_dir=None,
        generator_fn=None,
        discriminator_fn=None,
        loss_fn=None,
        generator_optimizer=None,
        discriminator_optimizer=None,
        get_hooks_fn=None,
        get_eval_metric_ops_fn=None,
        add_summaries=None,
        use_loss_summaries=True,
        config=None,
    ):
        _check("StarGANEstimator", use_loss_summaries, get_hooks_fn)
        if not callable(loss_fn):
            raise ValueError(f"StarGANEstimator: loss_fn must be a function, got {loss_fn!r}")

        def model_fn(features, labels, mode):
            make, discriminate = (_in_mode(function, mode) for function in (generator_fn, discriminator_fn))
            if mode == _ModeKeys.PREDICT:
                return _predicted(make, features[0], features[1])
            model = stargan_model(make, discriminate, features, labels)
            _add(add_summaries, _OF_A_STARGAN, model)
            loss = loss_fn(model)
            if mode == _ModeKeys.EVAL:
                return _evaluated(model, loss, get_eval_metric_ops_fn)
            train_ops = gan_train_ops(model, loss, _made(generator_optimizer), _made(discriminator_optimizer))
            return _trained(train_ops, loss, get_hooks_fn)

        super().__init__(model_fn=model_fn, model_dir=model_dir, config=config)


def _check(who, use_loss_summaries, get_hooks_fn):
    if use_loss_summaries not in (True, False, None):
        raise ValueError(f"{who}: use_loss_summaries must be True, False or None, got {use_loss_summaries!r}")
    if get_hooks_fn is not None and not callable(get_hooks_fn):
        raise TypeError(f"{who}: get_hooks_fn must be a function, got {get_hooks_fn!r}")


def _in_mode(function, mode):
    """Returns a function without its argument `mode`, which is given, if it has one."""
    if function is not None and "mode" in arguments_of(function):
        return functools.partial(function, mode=mode)
    return function


def _made(optimizer):
    return optimizer() if callable(optimizer) else optimizer


def _add(summaries, functions, model):
    if summaries:
        with tf.name_scope(None):
            for kind in summaries if isinstance(summaries, (list, tuple)) else [summaries]:
                functions[kind](model)


def _predicted(generator_fn, *inputs):
    with tf.variable_scope("Generator"):
        generated = generator_fn(*map(as_tensors, inputs))
    return _EstimatorSpec(mode=_ModeKeys.PREDICT, predictions=generated)


def _evaluated(model, loss, get_eval_metric_ops_fn, name=None):
    end = f"/{name}" if name else ""
    with tf.name_scope(None, "metrics", list(loss)):
        metrics = {f"{field}{end}": tf.metrics.mean(value) for field, value in zip(loss._fields, loss)}
        if get_eval_metric_ops_fn is not None:
            own = get_eval_metric_ops_fn(model)
            if not isinstance(own, dict):
                raise TypeError(f"get_eval_metric_ops_fn must return a dict, got {own!r}")
            metrics.update(own)
    return _EstimatorSpec(
        mode=_ModeKeys.EVAL,
        predictions=model.generated_data,
        loss=loss.generator_loss + loss.discriminator_loss,
        eval_metric_ops=metrics,
    )


def _trained(train_ops, loss, get_hooks_fn):
    return _EstimatorSpec(
        mode=_ModeKeys.TRAIN,
        loss=loss.generator_loss + loss.discriminator_loss,
        train_op=train_ops.global_step_inc_op,
        training_hooks=(get_hooks_fn or get_sequential_train_hooks())(train_ops),
    )


class GANHead:
    """A GAN's losses, optimizers and hooks, which make the EstimatorSpec of a GANModel; GANEstimator needs none.

    Args:
      name: str, the end of the names of the metrics. The rest: as for GANEstimator.
    """

    def __init__(
        self,
        generator_loss_fn,
        discriminator_loss_fn,
        generator_optimizer,
        discriminator_optimizer,
        use_loss_summaries=True,
        get_hooks_fn=None,
        get_eval_metric_ops_fn=None,
        name=None,
    ):
        _check("GANHead", use_loss_summaries, get_hooks_fn)
        for loss in (generator_loss_fn, discriminator_loss_fn):
            if not callable(loss):
                raise TypeError(f"GANHead: the losses must be functions, got {loss!r}")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"GANHead: name must be a string, got {name!r}")
        named = {} if use_loss_summaries is None else {"add_summaries": use_loss_summaries}
        self._losses = [functools.partial(loss, **named) for loss in (generator_loss_fn, discriminator_loss_fn)]
        self._optimizers = (generator_optimizer, discriminator_optimizer)
        self._get_hooks_fn, self._get_eval_metric_ops_fn, self._name = get_hooks_fn, get_eval_metric_ops_fn, name

    name = property(lambda self: self._name)
    logits_dimension = None

    def create_loss(self, features, mode, logits, labels):
        """Returns the GANLoss of a GANModel, which is given as the logits."""
        _check_model(logits, labels)
        return GANLoss(*(loss(logits) for loss in self._losses))

    def create_estimator_spec(self, features, mode, logits, labels=None, train_op_fn=gan_train_ops):
        """Returns the EstimatorSpec of a GANModel, which is given as the logits; features and labels are None."""
        _check_model(logits, labels)
        if features is not None:
            raise ValueError(f"GANHead: features must be None, got {features}")
        with tf.name_scope("GANHead"):
            if mode == _ModeKeys.PREDICT:
                outputs = {"predict": _estimator.export.PredictOutput(logits.generated_data)}
                return _EstimatorSpec(mode=mode, predictions=logits.generated_data, export_outputs=outputs)
            loss = self.create_loss(None, mode, logits, None)
            if mode == _ModeKeys.EVAL:
                return _evaluated(logits, loss, self._get_eval_metric_ops_fn, self._name)
            return _trained(train_op_fn(logits, loss, *self._optimizers), loss, self._get_hooks_fn)


def _check_model(logits, labels):
    if labels is not None:
        raise ValueError(f"GANHead: labels must be None, got {labels}")
    if not isinstance(logits, GANModel):
        raise ValueError(f"GANHead: logits must be a GANModel, got {type(logits)}")


def gan_head(
    generator_loss_fn,
    discriminator_loss_fn,
    generator_optimizer,
    discriminator_optimizer,
    use_loss_summaries=True,
    get_hooks_fn=get_sequential_train_hooks(),
    get_eval_metric_ops_fn=None,
    name=None,
):
    """Returns a GANHead of these arguments."""
    return GANHead(
        generator_loss_fn,
        discriminator_loss_fn,
        generator_optimizer,
        discriminator_optimizer,
        use_loss_summaries,
        get_hooks_fn,
        get_eval_metric_ops_fn,
        name,
    )


_INPUT, _OPTIMIZER = "new_var_z_input", "latent_gan_optimizer"  # scopes of what only this estimator has


def get_latent_gan_estimator(
    generator_fn, discriminator_fn, loss_fn, optimizer, params, config, ckpt_dir, warmstart_options=True
):
    """Returns an Estimator that trains the input of a trained GAN, and leaves the GAN as it is.

    Args:
      generator_fn, discriminator_fn: as for gan_model, with an argument `mode`.
      loss_fn: function of (GANModel, features, labels, add_summaries), returns a scalar.
      optimizer: a class of tf.train.Optimizer.
      params: dict with batch_size, z_shape (list), learning_rate, input_clip, add_summaries and, if wanted, opt_kwargs.
      ckpt_dir: str, the folder of the trained GAN.
      warmstart_options: True to begin with its values, False not to, or tf.estimator.WarmStartSettings.
    """

    def model_fn(features, labels, mode, params):
        clip = params["input_clip"]
        z = tf.get_variable(
            _INPUT,
            initializer=tf.truncated_normal([params["batch_size"]] + params["z_shape"]),
            constraint=lambda values: tf.clip_by_value(values, -clip, clip),
        )
        make, discriminate = (functools.partial(function, mode=mode) for function in (generator_fn, discriminator_fn))
        model = gan_model(make, discriminate, labels, z, check_shapes=False)
        loss = loss_fn(model, features, labels, params["add_summaries"])
        with tf.variable_scope(_OPTIMIZER):
            made = optimizer(learning_rate=params["learning_rate"], **params["opt_kwargs"])
            step = made.minimize(loss, tf.train.get_or_create_global_step(), var_list=[z])
        if params["add_summaries"]:
            tf.summary.scalar("z_loss/z_grads", tf.global_norm(tf.gradients(loss, z)))
            tf.summary.scalar("z_loss/loss", loss)
        return _EstimatorSpec(mode=mode, predictions=model.generated_data, loss=loss, train_op=step)

    params.setdefault("opt_kwargs", {})
    warm = warmstart_options or None
    if warm is not None and not isinstance(warm, _estimator.WarmStartSettings):
        others = f"^(?!.*({_INPUT}|{_OPTIMIZER}).*)"
        warm = _estimator.WarmStartSettings(ckpt_to_initialize_from=ckpt_dir, vars_to_warm_start=others)
    return _estimator.Estimator(model_fn=model_fn, config=config, params=params, warm_start_from=warm)
