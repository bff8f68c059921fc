"""tf.contrib.gan.losses.wargs: the losses as functions of tensors.

Each loss has the arguments of tf.losses: `weights` (for the discriminator `real_weights` and `generated_weights`),
tensors or floats that broadcast to the outputs; `scope`, the name scope; `loss_collection`, where the loss is kept,
None for nowhere; `reduction`; and `add_summaries`, whether scalars are written for TensorBoard.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.framework import get_trainable_variables
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "acgan_discriminator_loss",
    "acgan_generator_loss",
    "combine_adversarial_loss",
    "cycle_consistency_loss",
    "least_squares_discriminator_loss",
    "least_squares_generator_loss",
    "minimax_discriminator_loss",
    "minimax_generator_loss",
    "modified_discriminator_loss",
    "modified_generator_loss",
    "mutual_information_penalty",
    "wasserstein_discriminator_loss",
    "wasserstein_generator_loss",
    "wasserstein_gradient_penalty",
]

__getattr__ = refusal("tf.contrib.gan.losses.wargs")

_LOSSES = tf.GraphKeys.LOSSES
_MEAN = tf.losses.Reduction.SUM_BY_NONZERO_WEIGHTS


def _floats(*values):
    return [tf.cast(value, tf.float32) for value in values]


def _summaries(wanted, **values):
    if wanted:
        for name, value in values.items():
            tf.summary.scalar(name, value)


def wasserstein_generator_loss(
    discriminator_gen_outputs, weights=1.0, scope=None, loss_collection=_LOSSES, reduction=_MEAN, add_summaries=False
):
    """Wasserstein loss of the generator: mean(-D(G(z)))."""
    with tf.name_scope(scope, "generator_wasserstein_loss", (discriminator_gen_outputs, weights)) as scope:
        (fake,) = _floats(discriminator_gen_outputs)
        loss = tf.losses.compute_weighted_loss(-fake, weights, scope, loss_collection, reduction)
        _summaries(add_summaries, generator_wass_loss=loss)
    return loss


def wasserstein_discriminator_loss(
    discriminator_real_outputs,
    discriminator_gen_outputs,
    real_weights=1.0,
    generated_weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """Wasserstein loss of the discriminator: mean(D(G(z))) - mean(D(x))."""
    with tf.name_scope(
        scope,
        "discriminator_wasserstein_loss",
        (discriminator_real_outputs, discriminator_gen_outputs, real_weights, generated_weights),
    ) as scope:
        real, fake = _floats(discriminator_real_outputs, discriminator_gen_outputs)
        real.shape.assert_is_compatible_with(fake.shape)
        of_fake = tf.losses.compute_weighted_loss(fake, generated_weights, scope, None, reduction)
        of_real = tf.losses.compute_weighted_loss(real, real_weights, scope, None, reduction)
        loss = of_fake - of_real
        tf.losses.add_loss(loss, loss_collection)
        _summaries(
            add_summaries,
            discriminator_gen_wass_loss=of_fake,
            discriminator_real_wass_loss=of_real,
            discriminator_wass_loss=loss,
        )
    return loss


def acgan_discriminator_loss(
    discriminator_real_classification_logits,
    discriminator_gen_classification_logits,
    one_hot_labels,
    label_smoothing=0.0,
    real_weights=1.0,
    generated_weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """ACGAN's loss of the discriminator: the cross entropies of the classes of real and of generated data.

    Args:
      label_smoothing: float, for the real data.
    """
    real, fake = discriminator_real_classification_logits, discriminator_gen_classification_logits
    with tf.name_scope(scope, "acgan_discriminator_loss", (real, fake, one_hot_labels)) as scope:
        of_fake = tf.losses.softmax_cross_entropy(
            one_hot_labels, fake, generated_weights, scope=scope, loss_collection=None, reduction=reduction
        )
        of_real = tf.losses.softmax_cross_entropy(
            one_hot_labels, real, real_weights, label_smoothing, scope, loss_collection=None, reduction=reduction
        )
        loss = of_fake + of_real
        tf.losses.add_loss(loss, loss_collection)
        _summaries(
            add_summaries,
            discriminator_gen_ac_loss=of_fake,
            discriminator_real_ac_loss=of_real,
            discriminator_ac_loss=loss,
        )
    return loss


def acgan_generator_loss(
    discriminator_gen_classification_logits,
    one_hot_labels,
    weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """ACGAN's loss of the generator: the cross entropy of the classes of generated data."""
    fake = discriminator_gen_classification_logits
    with tf.name_scope(scope, "acgan_generator_loss", (fake, one_hot_labels)) as scope:
        loss = tf.losses.softmax_cross_entropy(
            one_hot_labels, fake, weights, scope=scope, loss_collection=loss_collection, reduction=reduction
        )
        _summaries(add_summaries, generator_ac_loss=loss)
    return loss


def wasserstein_gradient_penalty(
    real_data,
    generated_data,
    generator_inputs,
    discriminator_fn,
    discriminator_scope,
    epsilon=1e-10,
    target=1.0,
    one_sided=False,
    weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """The penalty on the discriminator's slope between real and generated data.

        mean((|dD/dx| / target - 1)^2) at x = real + alpha * (generated - real), each example's alpha uniform in [0, 1)

    Args:
      real_data, generated_data: tensors [batch, ...] of known rank.
      discriminator_fn: function of (data, generator_inputs); of a tuple that it returns the first counts.
      discriminator_scope: str or tf.VariableScope, in which it finds its variables.
      epsilon: float, added to the squared slope under the root.
      one_sided: bool, whether a slope below the target costs nothing.
    """
    with tf.name_scope(scope, "wasserstein_gradient_penalty", (real_data, generated_data)) as scope:
        real, fake = tf.convert_to_tensor(real_data), tf.convert_to_tensor(generated_data)
        for name, data in (("real_data", real), ("generated_data", fake)):
            if data.shape.ndims is None:
                raise ValueError(f"wasserstein_gradient_penalty: {name} needs a known rank, got {data}")
        way = fake - real
        batch = way.shape.as_list()[0] or tf.shape(way)[0]
        alpha = tf.random_uniform([batch] + [1] * (way.shape.ndims - 1))
        between = real + alpha * way
        with tf.name_scope(None), tf.variable_scope(discriminator_scope, "gpenalty_dscope", reuse=tf.AUTO_REUSE):
            outputs = discriminator_fn(between, generator_inputs)
        if isinstance(outputs, tuple):
            outputs = outputs[0]
        gradient = tf.gradients(outputs, between)[0]
        squares = tf.reduce_sum(tf.square(gradient), axis=list(range(1, gradient.shape.ndims)))
        if isinstance(batch, int):
            squares.set_shape([batch] + squares.shape.as_list()[1:])
        excess = tf.sqrt(squares + epsilon) / target - 1.0
        if one_sided:
            excess = tf.maximum(0.0, excess)
        penalty = tf.losses.compute_weighted_loss(tf.square(excess), weights, scope, loss_collection, reduction)
        _summaries(add_summaries, gradient_penalty_loss=penalty)
        return penalty


def minimax_discriminator_loss(
    discriminator_real_outputs,
    discriminator_gen_outputs,
    label_smoothing=0.25,
    real_weights=1.0,
    generated_weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """The discriminator's loss of the first GANs: mean(-log sigmoid(D(x))) + mean(-log(1 - sigmoid(D(G(z))))).

    Args:
      label_smoothing: float, how far the labels of real data are moved towards 0.5.
    """
    real, fake = discriminator_real_outputs, discriminator_gen_outputs
    with tf.name_scope(
        scope, "discriminator_minimax_loss", (real, fake, real_weights, generated_weights, label_smoothing)
    ) as scope:
        of_real = tf.losses.sigmoid_cross_entropy(
            tf.ones_like(real), real, real_weights, label_smoothing, scope, loss_collection=None, reduction=reduction
        )
        of_fake = tf.losses.sigmoid_cross_entropy(
            tf.zeros_like(fake), fake, generated_weights, scope=scope, loss_collection=None, reduction=reduction
        )
        loss = of_real + of_fake
        tf.losses.add_loss(loss, loss_collection)
        _summaries(
            add_summaries,
            discriminator_gen_minimax_loss=of_fake,
            discriminator_real_minimax_loss=of_real,
            discriminator_minimax_loss=loss,
        )
    return loss


def minimax_generator_loss(
    discriminator_gen_outputs,
    label_smoothing=0.0,
    weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """The generator's saturating loss: minus the discriminator's, whose real outputs are taken to be 1.

    What joins the collection is the discriminator's loss, without the minus, as in TensorFlow 1.
    """
    fake = discriminator_gen_outputs
    with tf.name_scope(scope, "generator_minimax_loss") as scope:
        loss = -minimax_discriminator_loss(
            tf.ones_like(fake), fake, label_smoothing, weights, weights, scope, loss_collection, reduction
        )
    _summaries(add_summaries, generator_minimax_loss=loss)
    return loss


def modified_discriminator_loss(
    discriminator_real_outputs,
    discriminator_gen_outputs,
    label_smoothing=0.25,
    real_weights=1.0,
    generated_weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """minimax_discriminator_loss, for modified_generator_loss."""
    return minimax_discriminator_loss(
        discriminator_real_outputs,
        discriminator_gen_outputs,
        label_smoothing,
        real_weights,
        generated_weights,
        scope or "discriminator_modified_loss",
        loss_collection,
        reduction,
        add_summaries,
    )


def modified_generator_loss(
    discriminator_gen_outputs,
    label_smoothing=0.0,
    weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """The generator's non-saturating loss: mean(-log sigmoid(D(G(z))))."""
    fake = discriminator_gen_outputs
    with tf.name_scope(scope, "generator_modified_loss", [fake]) as scope:
        loss = tf.losses.sigmoid_cross_entropy(
            tf.ones_like(fake), fake, weights, label_smoothing, scope, loss_collection, reduction
        )
        _summaries(add_summaries, generator_modified_loss=loss)
    return loss


def least_squares_generator_loss(
    discriminator_gen_outputs,
    real_label=1,
    weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """LSGAN's loss of the generator: mean((D(G(z)) - real_label)^2 / 2)."""
    with tf.name_scope(scope, "lsq_generator_loss", (discriminator_gen_outputs, real_label)) as scope:
        (fake,) = _floats(discriminator_gen_outputs)
        losses = tf.squared_difference(fake, real_label) / 2.0
        loss = tf.losses.compute_weighted_loss(losses, weights, scope, loss_collection, reduction)
    _summaries(add_summaries, generator_lsq_loss=loss)
    return loss


def least_squares_discriminator_loss(
    discriminator_real_outputs,
    discriminator_gen_outputs,
    real_label=1,
    fake_label=0,
    real_weights=1.0,
    generated_weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """LSGAN's loss of the discriminator: mean((D(x) - real_label)^2 / 2) + mean((D(G(z)) - fake_label)^2 / 2)."""
    with tf.name_scope(scope, "lsq_discriminator_loss", (discriminator_gen_outputs, real_label)) as scope:
        real, fake = _floats(discriminator_real_outputs, discriminator_gen_outputs)
        real.shape.assert_is_compatible_with(fake.shape)
        real_losses = tf.squared_difference(real, real_label) / 2.0
        fake_losses = tf.squared_difference(fake, fake_label) / 2.0
        of_real = tf.losses.compute_weighted_loss(real_losses, real_weights, scope, None, reduction)
        of_fake = tf.losses.compute_weighted_loss(fake_losses, generated_weights, scope, None, reduction)
        loss = of_real + of_fake
        tf.losses.add_loss(loss, loss_collection)
    _summaries(
        add_summaries,
        discriminator_gen_lsq_loss=of_fake,
        discriminator_real_lsq_loss=of_real,
        discriminator_lsq_loss=loss,
    )
    return loss


def mutual_information_penalty(
    structured_generator_inputs,
    predicted_distributions,
    weights=1.0,
    scope=None,
    loss_collection=_LOSSES,
    reduction=_MEAN,
    add_summaries=False,
):
    """InfoGAN's penalty: minus the mean log probability of the structured noise under its prediction.

    Args:
      structured_generator_inputs: list of tensors.
      predicted_distributions: list of as many distributions, with a `log_prob`.
    """
    noise, predicted = structured_generator_inputs, predicted_distributions
    if not isinstance(predicted, (list, tuple)) or not all(callable(getattr(p, "log_prob", None)) for p in predicted):
        raise ValueError(
            "mutual_information_penalty: predicted_distributions must be a list of distributions with log_prob, "
            f"got {predicted!r}"
        )
    if len(noise) != len(predicted):
        raise ValueError(
            "mutual_information_penalty: expected a distribution for each of structured_generator_inputs, "
            f"got {len(predicted)} for {len(noise)}"
        )
    with tf.name_scope(scope, "mutual_information_loss") as scope:
        likely = [tf.reduce_mean(each.log_prob(values)) for each, values in zip(predicted, noise)]
        loss = -1 * tf.losses.compute_weighted_loss(likely, weights, scope, loss_collection, reduction)
        _summaries(add_summaries, mutual_information_penalty=loss)
    return loss


def combine_adversarial_loss(
    main_loss,
    adversarial_loss,
    weight_factor=None,
    gradient_ratio=None,
    gradient_ratio_epsilon=1e-6,
    variables=None,
    scalar_summaries=True,
    gradient_summaries=True,
    scope=None,
):
    """Returns main_loss + c * adversarial_loss, with c = weight_factor or from the norms of the two gradients.

    Args:
      weight_factor: float, c itself. gradient_ratio: float, |main gradient| / |c * adversarial gradient|.
        One of the two.
      variables: list, of which the gradients are; None for all trained ones.
    """
    for loss in (main_loss, adversarial_loss):
        loss.shape.assert_is_compatible_with([])
    if (weight_factor is None) == (gradient_ratio is None):
        raise ValueError(
            "combine_adversarial_loss: expected one of weight_factor and gradient_ratio, "
            f"got {weight_factor!r} and {gradient_ratio!r}"
        )
    variables = get_trainable_variables() if variables is None else variables
    with tf.name_scope(scope, "adversarial_loss", [main_loss, adversarial_loss]):
        if gradient_summaries or gradient_ratio is not None:
            of_main, of_adversarial = (_norm(tf.gradients(loss, variables)) for loss in (main_loss, adversarial_loss))
        _summaries(scalar_summaries, main_loss=main_loss, adversarial_loss=adversarial_loss)
        if gradient_summaries:
            _summaries(True, main_loss_gradients=of_main, adversarial_loss_gradients=of_adversarial)
        factor = weight_factor if gradient_ratio is None else gradient_ratio
        if tf.get_static_value(tf.convert_to_tensor(factor)) == 0:
            return main_loss
        if gradient_ratio is not None:
            factor = of_main / (of_adversarial + gradient_ratio_epsilon) / gradient_ratio
            _summaries(True, adversarial_coefficient=factor)
        return main_loss + tf.stop_gradient(factor) * adversarial_loss


def _norm(gradients):
    """Returns the norm of all gradients together, divided by the largest before they are squared."""
    there = [gradient for gradient in gradients if gradient is not None]
    if not there:
        return 0.0
    largest = tf.reduce_max([tf.reduce_max(tf.abs(gradient)) for gradient in there])
    return largest * tf.global_norm([gradient / largest for gradient in there])


def cycle_consistency_loss(data_x, reconstructed_data_x, data_y, reconstructed_data_y, scope=None, add_summaries=False):
    """CycleGAN's loss: (mean|x - G(F(x))| + mean|y - F(G(y))|) / 2; its two halves join tf.GraphKeys.LOSSES."""
    values = [data_x, reconstructed_data_x, data_y, reconstructed_data_y]
    with tf.name_scope(scope, "cycle_consistency_loss", values):
        of_x = tf.losses.absolute_difference(data_x, reconstructed_data_x)
        of_y = tf.losses.absolute_difference(data_y, reconstructed_data_y)
        loss = (of_x + of_y) / 2.0
        _summaries(
            add_summaries, cycle_consistency_loss_x2x=of_x, cycle_consistency_loss_y2y=of_y, cycle_consistency_loss=loss
        )
    return loss
