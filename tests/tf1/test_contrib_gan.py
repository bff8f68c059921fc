"""tf.contrib.gan of legacy_gan.tf1: loops, estimators, random parts, errors; test_contrib_recorded.py has figures."""

import functools
import importlib

import numpy as np
import pytest

from legacy_gan.errors import NotServed
from legacy_gan.porting import symbols
from legacy_gan.porting.finding import NEEDS_TF1
from legacy_gan.tf1 import keras2, namespace, tf
from tests.support.graphs import close, draw, session

pytestmark = pytest.mark.newest

NOISE, REAL = draw((5, 3), 1), draw((5, 2), 2)


def dense(inputs, units, seed):
    shape = (inputs.shape.as_list()[1], units)
    return tf.layers.dense(inputs, units, kernel_initializer=tf.constant_initializer(draw(shape, seed)))


def generator(noise, mode=None):
    return tf.tanh(dense(noise, 2, 3)) * (2.0 if mode == "infer" else 1.0)


def discriminator(data, conditions, mode=None):
    return dense(tf.tanh(dense(data, 4, 4)), 1, 5)


def train_ops(gan):
    model = gan.gan_model(generator, discriminator, tf.constant(REAL), tf.constant(NOISE))
    loss = gan.gan_loss(model, gan.losses.modified_generator_loss, gan.losses.modified_discriminator_loss)
    return gan.gan_train_ops(model, loss, tf.train.GradientDescentOptimizer(0.3), tf.train.AdamOptimizer(0.1))


class AtEnd(tf.train.SessionRunHook):
    """Keeps the sums of all variables when the session ends."""

    def begin(self):
        self._sums = [tf.reduce_sum(tf.cast(v, tf.float32)) for v in tf.global_variables()]

    def end(self, session):
        self.sums = session.run(self._sums)


def by_hooks(gan, get_hooks_fn):
    with tf.Graph().as_default():
        ops, at_end = train_ops(gan), AtEnd()
        hooks = [tf.train.StopAtStepHook(num_steps=2), at_end]
        last = gan.gan_train(ops, None, get_hooks_fn, hooks=hooks, save_checkpoint_secs=None, save_summaries_steps=None)
        return [float(last)] + [float(value) for value in at_end.sums]


def by_slim(gan, slim):
    with tf.Graph().as_default():
        steps = gan.get_sequential_train_steps(gan.GANTrainSteps(1, 2))
        return [float(slim.learning.train(train_ops(gan), None, train_step_fn=steps, number_of_steps=2))]


def by_estimator(gan, folder):
    def inputs(labels=True):
        return tf.data.Dataset.from_tensors((NOISE, REAL) if labels else NOISE).repeat(3)

    estimator = gan.estimator.GANEstimator(
        folder,
        generator,
        discriminator,
        gan.losses.wasserstein_generator_loss,
        gan.losses.least_squares_discriminator_loss,
        tf.train.GradientDescentOptimizer(0.3),
        lambda: tf.train.AdamOptimizer(0.1),
        get_eval_metric_ops_fn=lambda model: {"mean": tf.metrics.mean(model.generated_data)},
        add_summaries=gan.estimator.SummaryType.VARIABLES,
    )
    estimator.train(inputs, steps=2)
    evaluated = estimator.evaluate(inputs, steps=1)
    predicted = np.array(list(estimator.predict(functools.partial(inputs, labels=False))))[:5]
    return [float(evaluated[key]) for key in sorted(evaluated)] + predicted.ravel().tolist()


# What TensorFlow 1.14's own tf.contrib.gan gives, on 1.15.5.
OF_1_14 = {
    "sequential": [
        float(value)
        for value in """
        2 -0.1081554 -0.2796824 -1.81771 -0.000625819 1.961351 -0.1982632 2 0.7289999 0.9970031
        -0.0948313 0.0003573837 0.07707918 0.0003694619 0.03971025 0.0003444531 0.0842103 0.0004066726
    """.split()
    ],
    "slim": [3.605945],
    "estimator": [
        float(value)
        for value in """
        1.763997 0.0276566 1 1.791653 -0.009194416 1.987558 1.930579 -1.944707 -1.696309 1.991533
        1.929638 -1.168509 -1.937506 -1.345703 0.06953703
    """.split()
    ],
}


@pytest.mark.usefixtures("tf1_defaults")
def test_loops_train_as_those_of_tensorflow_1_did(tmp_path):
    gan = tf.contrib.gan
    three_to_one = gan.GANTrainSteps(3, 1)
    close(by_hooks(gan, gan.get_sequential_train_hooks(three_to_one)), OF_1_14["sequential"])
    close(by_hooks(gan, gan.get_joint_train_hooks(three_to_one))[0], OF_1_14["sequential"][0])
    close(by_slim(gan, tf.contrib.slim), OF_1_14["slim"])
    close(by_estimator(gan, str(tmp_path)), OF_1_14["estimator"])


def test_joint_hooks_run_both_steps_at_once_as_often_as_they_can():
    calls = []

    class Context:
        class session:
            run = staticmethod(lambda ops: calls.append(tuple(ops)))

    ops = tf.contrib.gan.GANTrainOps("g", "d", "count", ["of an optimizer"])
    for hook in tf.contrib.gan.get_joint_train_hooks(tf.contrib.gan.GANTrainSteps(1, 3))(ops)[:-1]:
        hook.before_run(Context)
    assert calls == [("g", "d"), ("d",), ("d",)]


@pytest.mark.usefixtures("own_graph")
def test_gradient_penalty_is_taken_between_real_and_generated_data():
    """D(x) = x^2 / 2 has the slope x = alpha between 0 and 1: (alpha - 1)^2 is 1/3 on average."""
    wargs = tf.contrib.gan.losses.wargs
    zeros = tf.zeros([20000, 1])
    penalty = wargs.wasserstein_gradient_penalty(zeros, zeros + 1, None, lambda x, _: tf.square(x) / 2, "D")
    with session() as sess:
        close(sess.run(penalty), 1 / 3, atol=0.01)  # 4 deviations of the mean of 20,000


@pytest.mark.usefixtures("own_graph")
def test_tensor_pool_returns_what_it_was_given_in_some_order():
    count = tf.get_variable("count", initializer=0.0, use_resource=True)
    pooled = tf.contrib.gan.features.tensor_pool(count.assign_add(1.0), pool_size=4)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [float(sess.run(pooled)) for _ in range(40)]
    assert found[:4] == [1, 2, 3, 4]
    own = sum(value == number for number, value in enumerate(found[4:], 5))
    assert 4 < own < 32 and all(value <= number for number, value in enumerate(found, 1))  # half of 36, 4 deviations


@pytest.mark.usefixtures("own_graph")
def test_levels_of_the_pyramid_of_sliced_wasserstein_add_up_to_the_images():
    module = importlib.import_module("legacy_gan.tf1.contrib.gan.eval.sliced_wasserstein")
    images = draw((2, 16, 16, 3), 6)
    fine, middle, coarse = module._pyramid(tf.constant(images), 3)
    with session() as sess:
        assert sess.run(coarse).shape == (2, 4, 4, 3)
        close(sess.run(fine + module._doubled(middle + module._doubled(coarse))), images)
        near, far = sess.run(
            tf.contrib.gan.eval.sliced_wasserstein_distance(tf.constant(images), tf.constant(images**3), 8)[-1]
        )
        assert 0 < near < far


@pytest.mark.usefixtures("own_graph")
def test_what_cannot_be_is_one_line_with_what_was_expected():
    gan = tf.contrib.gan
    noise, real = tf.constant(NOISE), tf.constant(REAL)
    model = gan.gan_model(generator, discriminator, real, noise)
    with pytest.raises(ValueError, match=r"generated data must have the shape of real data, \(5, 3\), got \(5, 2\)"):
        gan.gan_model(generator, lambda data, _: data, noise, noise, "Other", "AnotherD")
    with pytest.raises(ValueError, match="gradient_penalty_weight: expected a number >= 0, got -1"):
        gan.gan_loss(model, gradient_penalty_weight=-1)
    with pytest.raises(ValueError, match="needs an InfoGANModel, the model is a GANModel"):
        gan.gan_loss(model, mutual_information_penalty_weight=1.0)
    with pytest.raises(ValueError, match="need an ACGANModel, the model is a GANModel"):
        gan.gan_loss(model, aux_cond_generator_weight=1.0)
    with pytest.raises(ValueError, match="discriminator_gen_outputs are the model's, and must not be given"):
        gan.losses.wasserstein_generator_loss(model, discriminator_gen_outputs=real)
    with pytest.raises(ValueError, match="expected a CycleGANModel, got"):
        gan.cyclegan_loss(model)
    with pytest.raises(ValueError, match="a grid of 2 x 2 takes 4 images, got 5"):
        gan.eval.image_grid(real, (2, 2))
    with pytest.raises(ValueError, match="no graph is downloaded; give graph_def"):
        gan.eval.run_inception(tf.zeros([1, 299, 299, 3]))
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.no_op("elsewhere"))
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    with pytest.raises(ValueError, match=r"update ops in neither Generator nor Discriminator: \['elsewhere'\]"):
        gan.gan_train_ops(model, gan.gan_loss(model), optimizer, optimizer)
    with pytest.raises(NotServed, match="use GANEstimator"):
        gan.estimator.TPUGANEstimator
    assert symbols.classify("tf.contrib.gan.estimator.TPUGANEstimator")[2] == "use GANEstimator"
    assert "nothing is downloaded" in symbols.classify("tf.contrib.gan.eval.inception_score")[2]
    inner = "tf.contrib.gan.python.eval.python.classifier_metrics_impl"
    assert "nothing is downloaded" in symbols.classify(f"{inner}.frechet_inception_distance")[2]
    assert symbols.classify(f"{inner}.frechet_classifier_distance")[0] == NEEDS_TF1


def test_inner_modules_are_the_same():
    """As programs import them: tensorflow.contrib.gan.python.train, losses.python.losses_impl, ..."""
    gan = tf.contrib.gan
    for inner, usual in (
        ("train.gan_train_ops", gan.gan_train_ops),
        ("namedtuples.GANModel", gan.GANModel),
        ("losses.python.losses_impl.minimax_generator_loss", gan.losses.wargs.minimax_generator_loss),
        ("losses.python.tuple_losses_impl.minimax_generator_loss", gan.losses.minimax_generator_loss),
        ("losses.wargs", gan.losses.wargs),
        ("features.python.conditioning_utils.condition_tensor", gan.features.condition_tensor),
        ("features.python.virtual_batchnorm_impl.VBN", gan.features.VBN),
        ("eval.python.summaries.add_gan_model_summaries", gan.eval.add_gan_model_summaries),
        ("estimator.python.gan_estimator_impl.GANEstimator", gan.estimator.GANEstimator),
    ):
        assert namespace.look_up(f"tf.contrib.gan.python.{inner}") is usual, inner


@pytest.mark.usefixtures("own_graph")
def test_keras_spectral_normalization_gives_kernels_the_norm_1_or_says_what_it_needs():
    normalized = tf.contrib.gan.features.keras_spectral_normalization(power_iteration_rounds=60)
    if keras2.installed() is None:
        with pytest.raises(NotServed, match="install Keras 2|TF_USE_LEGACY_KERAS"), normalized:
            pass
    else:
        with normalized:
            layer = tf.keras.layers.Dense(2)
            layer(tf.constant(NOISE))
        assert "kernel/spectral_normalize/spectral_norm/spectral_norm_u" in [v.op.name for v in tf.global_variables()]
        with session() as sess:
            sess.run(tf.global_variables_initializer())
            close(np.linalg.norm(sess.run(layer.kernel), 2), 1.0)
