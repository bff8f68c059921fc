"""Recorded scripts of tf.contrib.gan: losses, models with steps of training, features, eval, names of summaries.

Random operations draw otherwise in another graph: where there are some, what they draw does not matter here.
"""

import functools

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

NOISE, REAL, LABELS = draw((5, 3), 1), draw((5, 7), 2), np.eye(4, dtype=np.float32)[[0, 3, 1, 1, 2]]
IMAGES = draw((5, 4, 6, 3), 3)
OPTIMIZER = functools.partial(tf.train.GradientDescentOptimizer, 0.1)


def _text(lines):
    """Returns lines as numbers, which are recorded as they are."""
    return tf.constant(np.frombuffer("\n".join(lines).encode(), np.uint8))


def _names(collection):
    return _text([each.op.name for each in tf.get_collection(collection)])


def _dense(inputs, units, name, **options):
    return tf.layers.dense(inputs, units, name=name, **options)


def _generator(noise, units=7):
    return tf.tanh(_dense(noise, units, "out", kernel_regularizer=lambda w: 0.01 * tf.nn.l2_loss(w)))


def _critic(data, _):
    """Linear, so that its slope is the same everywhere."""
    return _dense(data, 1, "out", kernel_regularizer=lambda w: 0.02 * tf.nn.l2_loss(w))


def _curved(data, _):
    return _dense(tf.nn.relu(_dense(data, 4, "hidden")), 1, "out")


def _model(T, discriminator=_critic):
    return T.contrib.gan.gan_model(_generator, discriminator, tf.constant(REAL), tf.constant(NOISE))


def _trained(T, model, loss, optimizer=None, outputs=(), count=2):
    ops = T.contrib.gan.gan_train_ops(model, loss, OPTIMIZER(), optimizer or OPTIMIZER())
    steps = [ops.generator_train_op, ops.discriminator_train_op, ops.global_step_inc_op] * count
    outputs = [loss, _names("losses"), _names("summaries"), _names("regularization_losses"), *outputs]
    return Case(outputs, steps, [loss])


def losses_of_tensors(T):
    wargs = T.contrib.gan.losses.wargs
    real, fake = tf.constant(draw((5, 1), 4)), tf.constant(draw((5, 1), 5))
    weights = tf.constant(np.float32([[1], [0], [2], [0.5], [1]]))
    outputs = []
    for kind in ("wasserstein", "minimax", "modified", "least_squares"):
        of_generator, of_discriminator = (
            getattr(wargs, f"{kind}_{network}_loss") for network in ("generator", "discriminator")
        )
        outputs += [
            of_generator(fake),
            of_generator(fake, weights=weights, add_summaries=True),
            of_discriminator(real, fake),
            of_discriminator(real, fake, real_weights=weights, generated_weights=0.3, add_summaries=True),
            of_generator(fake, loss_collection=None, scope="mine", reduction=tf.losses.Reduction.SUM),
        ]
    outputs += [
        wargs.modified_generator_loss(fake, label_smoothing=0.1),
        wargs.least_squares_discriminator_loss(real, fake, real_label=0.9, fake_label=-1),
        wargs.acgan_discriminator_loss(draw((5, 4), 6), draw((5, 4), 7), LABELS, label_smoothing=0.2),
        wargs.acgan_generator_loss(draw((5, 4), 7), LABELS, weights=0.5, add_summaries=True),
        wargs.cycle_consistency_loss(real, fake, fake * 2, real, add_summaries=True),
        wargs.mutual_information_penalty([real, fake], [tf.distributions.Normal(0.0, 2.0)] * 2, add_summaries=True),
    ]
    return Case([outputs, _names("losses"), _names("summaries")])


def modified(T):
    model, gan = _model(T, _curved), T.contrib.gan
    loss = gan.gan_loss(model, gan.losses.modified_generator_loss, gan.losses.modified_discriminator_loss)
    return _trained(T, model, loss)


def minimax_with_a_pool(T):
    model, gan = _model(T, _curved), T.contrib.gan
    pool = functools.partial(gan.features.tensor_pool, pool_size=3, pooling_probability=0.0)
    losses = (gan.losses.minimax_generator_loss, gan.losses.minimax_discriminator_loss)
    return _trained(T, model, gan.gan_loss(model, *losses, tensor_pool_fn=pool))


def clipped_critic(T):
    model, gan = _model(T), T.contrib.gan
    optimizer = gan.features.clip_discriminator_weights(tf.train.RMSPropOptimizer(0.3), model, 0.2)
    return _trained(T, model, gan.gan_loss(model), optimizer)


def gradient_penalty(T):
    model, gan = _model(T), T.contrib.gan
    loss = gan.gan_loss(model, gradient_penalty_weight=tf.constant(10.0), gradient_penalty_target=0.7)
    one_sided = gan.losses.wasserstein_gradient_penalty(model, one_sided=True, target=5.0)
    return _trained(T, model, loss, outputs=[one_sided])


def batch_norm_updates(T):
    """In the generator, which sees one batch: of the discriminator's two, either's update may be the first."""

    def normalized(noise):
        return tf.tanh(tf.layers.batch_normalization(_dense(noise, 7, "out"), training=True, momentum=0.5))

    model = T.contrib.gan.gan_model(normalized, _critic, tf.constant(REAL), tf.constant(NOISE))
    return _trained(T, model, T.contrib.gan.gan_loss(model))


def infogan(T):
    def discriminator(data, _):
        hidden = tf.nn.relu(_dense(data, 4, "hidden"))
        return _dense(hidden, 1, "out"), [
            tf.distributions.Categorical(_dense(hidden, 3, "kind")),
            tf.distributions.Normal(_dense(hidden, 1, "mean"), 1.0),
        ]

    def generator(inputs):
        noise, kind, size = inputs
        return _generator(tf.concat([noise, tf.one_hot(kind, 3), size], 1))

    structured = [tf.constant([0, 1, 2, 1, 0]), tf.constant(draw((5, 1), 8))]
    model = T.contrib.gan.infogan_model(generator, discriminator, tf.constant(REAL), [tf.constant(NOISE)], structured)
    return _trained(T, model, T.contrib.gan.gan_loss(model, mutual_information_penalty_weight=0.7))


def acgan(T):
    def discriminator(data, _):
        hidden = tf.nn.relu(_dense(data, 4, "hidden"))
        return _dense(hidden, 1, "out"), _dense(hidden, 4, "classes")

    gan, labels = T.contrib.gan, tf.constant(LABELS)
    model = gan.acgan_model(_generator, discriminator, tf.constant(REAL), tf.constant(NOISE), labels)
    pool = functools.partial(gan.features.tensor_pool, pool_size=3, pooling_probability=0.0)
    loss = gan.gan_loss(model, aux_cond_generator_weight=0.3, aux_cond_discriminator_weight=0.6, tensor_pool_fn=pool)
    return _trained(T, model, loss, outputs=[_text([model.discriminator_real_outputs.name])])


def cyclegan(T):
    gan = T.contrib.gan
    model = gan.cyclegan_model(lambda x: _generator(x, 7), _curved, tf.constant(REAL), tf.constant(draw((5, 7), 9)))
    loss = gan.cyclegan_loss(model, cycle_consistency_loss_weight=3.0)
    return _trained(T, model, loss)


def stargan(T):
    def generator(data, domains):
        return _generator(tf.concat([data, tf.reduce_sum(domains, 1, keepdims=True)], 1))

    def discriminator(data, domains):
        return _dense(data, 1, "source"), _dense(data, domains, "domain")

    gan = T.contrib.gan
    model = gan.stargan_model(generator, discriminator, tf.constant(REAL), tf.constant(LABELS))
    model = model._replace(generated_data_domain_target=tf.constant(LABELS[::-1].copy()))
    return _trained(T, model, gan.stargan_loss(model))


def combined_losses(T):
    gan = T.contrib.gan
    model = _model(T)
    loss = gan.gan_loss(model)
    other = tf.reduce_mean(tf.square(model.generated_data - REAL))
    combine = functools.partial(gan.losses.combine_adversarial_loss, loss, model, other)
    combined = [combine(weight_factor=0.3), combine(gradient_ratio=2.0), combine(weight_factor=0.0)]
    return Case([[each.generator_loss for each in combined], _names("summaries")])


def conditions(T):
    features, layer = T.contrib.gan.features, tf.constant(IMAGES)
    with tf.variable_scope("one"):
        by_tensor = features.condition_tensor(layer, tf.constant(NOISE))
    with tf.variable_scope("two"):
        by_label = features.condition_tensor_from_onehot(layer, tf.constant(LABELS), embedding_size=5)
    return Case([by_tensor, by_label])


def virtual_batch_norm(T):
    outputs = []
    for reference, inputs, options in (
        (draw((6, 7), 10), REAL, {}),
        (draw((6, 4, 6, 3), 11), IMAGES, {"epsilon": 0.01}),
        (draw((3, 6, 4), 12), draw((5, 6, 4), 13), {"axis": 1, "name": "mine"}),
    ):
        vbn = T.contrib.gan.features.VBN(tf.constant(reference), **options)
        outputs += [vbn(tf.constant(inputs)), vbn.reference_batch_normalization()]
    return Case(outputs)


def spectral_norms(T):
    features = T.contrib.gan.features
    weights = tf.get_variable("w", initializer=draw((2, 3, 4), 14))
    outputs = [
        features.compute_spectral_norm(weights, 60),
        features.spectral_normalize(weights, 60, name="mine"),
        features.spectral_norm_regularizer(0.3, 60)(weights),
    ]
    getter = features.spectral_normalization_custom_getter(power_iteration_rounds=60)
    with tf.variable_scope("scope", custom_getter=getter):
        outputs.append(_dense(tf.constant(NOISE), 2, "a"))
        outputs.append(T.contrib.layers.fully_connected(tf.constant(NOISE), 2, scope="b"))
    return Case(outputs)


def pool_of_one(T):
    count = tf.get_variable("count", initializer=0.0, trainable=False, use_resource=True)
    value = count.assign_add(1.0)
    one, (two,) = T.contrib.gan.features.tensor_pool((value * 10, [value]), pool_size=1, pooling_probability=1.0)
    return Case([one, two], [one, two], [one, two])


def eval_of_activations(T):
    metrics = T.contrib.gan.eval
    real, fake = tf.constant(draw((9, 3), 15)), tf.constant(draw((9, 3), 16) * 1.3 + 0.2)
    images, kernel = tf.constant(draw((6, 2, 2, 3), 17)), draw((12, 4), 18)

    def classifier(batch):
        return tf.matmul(tf.reshape(batch, [-1, 12]), tf.constant(kernel))

    more = tf.constant(draw((11, 3), 19))
    outputs = [
        metrics.frechet_classifier_distance_from_activations(real, fake),
        metrics.mean_only_frechet_classifier_distance_from_activations(real, fake),
        metrics.diagonal_only_frechet_classifier_distance_from_activations(real, fake),
        metrics.kernel_classifier_distance_from_activations(real, fake),
        metrics.kernel_classifier_distance_and_std_from_activations(more, fake, max_block_size=4),
        metrics.classifier_score_from_logits(real),
        metrics.classifier_score(images, classifier, num_batches=2),
        metrics.frechet_classifier_distance(images, images[::-1] * 0.5, classifier, num_batches=3),
        metrics.kernel_classifier_distance(images, images * 0.5, classifier, dtype=tf.float64),
    ]
    return Case(outputs)


def eval_of_images(T):
    metrics, images = T.contrib.gan.eval, tf.constant(draw((6, 7, 7, 3), 20))
    outputs = [
        metrics.image_grid(images, (2, 3), (7, 7), 3),
        metrics.image_grid(tf.reshape(images, [6, -1]), (3, 2), (7, 7), 3),
        metrics.image_reshaper(images[:5]),
        metrics.image_reshaper(tf.unstack(images), num_cols=4),
        metrics.preprocess_image(tf.constant(np.arange(27).reshape(3, 3, 3).astype(np.uint8)), 4, 5),
        metrics.sliced_wasserstein_distance(images, images * images, patches_per_image=2, use_svd=True),
    ]
    return Case(outputs)


def summaries(T):
    gan = T.contrib.gan
    images = tf.constant(IMAGES)

    def same(data):
        return data * tf.get_variable("scale", initializer=2.0, regularizer=lambda w: 0.1 * tf.square(w))

    def flat(data, _):
        return _dense(tf.layers.flatten(data), 1, "out")

    model = gan.gan_model(same, flat, images, images)
    cycle = gan.cyclegan_model(same, flat, images, images)
    gan.eval.add_gan_model_image_summaries(model, grid_size=2)
    gan.eval.add_image_comparison_summaries(model, display_diffs=True)
    gan.eval.add_regularization_loss_summaries(model)
    gan.eval.add_cyclegan_image_summaries(cycle)
    gan.eval.add_gan_model_summaries(cycle)
    gan.eval.add_regularization_loss_summaries(cycle)
    star = gan.stargan_model(
        lambda data, _: same(data),
        lambda data, n: (flat(data, n),) * 2,
        images,
        tf.constant(LABELS),
        "StarGenerator",
        "StarDiscriminator",
    )
    gan.eval.add_stargan_image_summaries(star, display_diffs=True)
    return Case([_names("summaries")], gradients=False)


__all__ = [
    "acgan",
    "batch_norm_updates",
    "clipped_critic",
    "combined_losses",
    "conditions",
    "cyclegan",
    "eval_of_activations",
    "eval_of_images",
    "gradient_penalty",
    "infogan",
    "losses_of_tensors",
    "minimax_with_a_pool",
    "modified",
    "pool_of_one",
    "spectral_norms",
    "stargan",
    "summaries",
    "virtual_batch_norm",
]
