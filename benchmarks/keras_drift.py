"""How far the Keras DCGAN tutorial drifts from its own golden run with other kernels.

    python benchmarks/keras_drift.py              (TensorFlow 2.16 or later, with Keras 3)

Trains the tutorial's models as tests/golden/dcgan_synthetic.npz was made, with oneDNN's kernels,
with Eigen's and compiled by XLA, each in a process of its own, and prints the largest differences up
to step n. tests/test_other_traces.py derives its bounds from them.
"""

import os
import subprocess
import sys

import numpy as np

GOLDEN = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "golden",
    "dcgan_synthetic.npz",
)
KINDS = {"oneDNN": "1", "Eigen": "0", "XLA": "0"}  # and whether oneDNN is on


def differences(kind):
    """Returns (losses' differences [8], images' largest difference) of one run."""
    import tensorflow as tf
    from tensorflow.keras import layers

    generator = tf.keras.Sequential([
        layers.Input((100,)), layers.Dense(7 * 7 * 256, use_bias=False),
        layers.BatchNormalization(), layers.LeakyReLU(0.3), layers.Reshape((7, 7, 256)),
        layers.Conv2DTranspose(128, 5, 1, "same", use_bias=False),
        layers.BatchNormalization(), layers.LeakyReLU(0.3),
        layers.Conv2DTranspose(64, 5, 2, "same", use_bias=False),
        layers.BatchNormalization(), layers.LeakyReLU(0.3),
        layers.Conv2DTranspose(1, 5, 2, "same", use_bias=False, activation="tanh"),
    ])
    discriminator = tf.keras.Sequential([
        layers.Input((28, 28, 1)), layers.Conv2D(64, 5, 2, "same"), layers.LeakyReLU(0.3),
        layers.Conv2D(128, 5, 2, "same"), layers.LeakyReLU(0.3), layers.Flatten(), layers.Dense(1),
    ])
    d_variables, g_variables = discriminator.trainable_variables, generator.trainable_variables
    rng = np.random.RandomState(1234)
    for variable in g_variables + d_variables:
        if "kernel" in variable.path:
            shape = tuple(variable.shape)
            limit = np.sqrt(6.0 / (np.prod(shape[:-2]) * (shape[-2] + shape[-1])))
            variable.assign(rng.uniform(-limit, limit, shape).astype(np.float32))
    cost = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    d_adam, g_adam = tf.keras.optimizers.Adam(1e-4), tf.keras.optimizers.Adam(1e-4)

    @tf.function(jit_compile=kind == "XLA")
    def step(images, noise):
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            real = discriminator(images, training=True)
            fake = discriminator(generator(noise, training=True), training=True)
            g_loss = cost(tf.ones_like(fake), fake)
            d_loss = cost(tf.ones_like(real), real) + cost(tf.zeros_like(fake), fake)
        g_gradients = g_tape.gradient(g_loss, g_variables)
        d_gradients = d_tape.gradient(d_loss, d_variables)
        g_adam.apply_gradients(zip(g_gradients, g_variables))
        d_adam.apply_gradients(zip(d_gradients, d_variables))
        return d_loss, g_loss

    images = np.random.RandomState(7).uniform(-1, 1, (64, 28, 28, 1)).astype(np.float32)
    rng = np.random.RandomState(5678)
    losses = []
    for n in range(8):
        batch = images[n * 16 % 64 :][:16]
        losses.append(step(batch, rng.normal(size=(16, 100)).astype(np.float32)))
    noise = np.random.RandomState(99).normal(size=(4, 100)).astype(np.float32)
    made = generator(noise, training=False).numpy()
    with np.load(GOLDEN) as golden:
        expected = np.array([golden["loss_D"], golden["loss_G"]])
        apart = np.abs(np.array(losses, np.float32).T - expected).max(0)
        return apart, np.abs(made - golden["images"]).max()


def main():
    if len(sys.argv) > 1:
        apart, images = differences(sys.argv[1])
        print(" ".join("n={} {:.1e}".format(n, apart[:n].max()) for n in (1, 3, 5, 8)),
              "images {:.1e}".format(images))
        return
    for kind, onednn in KINDS.items():
        environment = dict(os.environ, TF_ENABLE_ONEDNN_OPTS=onednn, TF_CPP_MIN_LOG_LEVEL="3")
        answer = subprocess.run(
            [sys.executable, os.path.abspath(__file__), kind], env=environment, check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ).stdout.decode()
        print("{:<7} {}".format(kind, answer.strip()))


if __name__ == "__main__":
    main()
