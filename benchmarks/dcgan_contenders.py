"""What benchmarks/speed.py --models dcgan compares: one process a contender, as in contenders.py.

    python benchmarks/dcgan_contenders.py NAME dcgan

The TF2 tutorial's DCGAN on MNIST, whole batches of 256, both gradients from one forward pass; every
contender is written as its own users write it.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import numpy as np

from legacy_gan import input_data

BATCH, NOISE, RATE = 256, 100, 1e-4


def mnist():
    return input_data.read_data_sets(os.environ["LEGACY_GAN_MNIST"], one_hot=True, validation_size=0).train


def pictures():
    """All images in [-1, 1], float32 [60000, 28, 28, 1]."""
    return mnist().images.reshape(-1, 28, 28, 1) * 2 - 1


def ours(kind, precision="float32"):
    from legacy_gan import gan as contract, options, registry
    from legacy_gan.tf1 import tf
    from legacy_gan.tf1.backend.session import session as open_session
    from legacy_gan.training import batches, engines, pages, weights

    settings = options.Dcgan(precision=precision)
    module, data = pages.module(registry.model("dcgan")), mnist()
    gan = contract.build(module, settings)
    drawn = batches.Batches(data, module.get_noise, settings, gan.schedule, gan.last_batch, gan.masks)
    session = open_session()
    session.run(tf.global_variables_initializer())
    initial = module.initial_weights(gan.model_vars, np.random.RandomState(1))
    weights.assign(session, gan.named_vars, initial)
    engine = engines.ENGINES[kind](session, gan, data, drawn, settings, drawn.steps_per_epoch)
    return lambda steps: np.concatenate(list(engine.train(steps)), 1)[:2]


def keras_models(dropout):
    """Returns the tutorial's generator and discriminator, Keras models; dropout: float."""
    import tensorflow as tf
    from tensorflow.keras import layers

    generator = tf.keras.Sequential(
        [
            layers.Input((NOISE,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, (5, 5), strides=(1, 1), padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Conv2DTranspose(64, (5, 5), strides=(2, 2), padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Conv2DTranspose(1, (5, 5), strides=(2, 2), padding="same", use_bias=False, activation="tanh"),
        ]
    )
    discriminator = tf.keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(64, (5, 5), strides=(2, 2), padding="same"),
            layers.LeakyReLU(0.3),
            layers.Dropout(dropout),
            layers.Conv2D(128, (5, 5), strides=(2, 2), padding="same"),
            layers.LeakyReLU(0.3),
            layers.Dropout(dropout),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    return generator, discriminator


def keras_step(generator, discriminator):
    """Returns the tutorial's step, a function of images and noise that returns D's and G's loss."""
    import tensorflow as tf

    cost = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    g_adam, d_adam = tf.keras.optimizers.Adam(RATE), tf.keras.optimizers.Adam(RATE)

    def train_step(images, noise):
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated_images = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated_images, training=True)
            gen_loss = cost(tf.ones_like(fake_output), fake_output)
            disc_loss = cost(tf.ones_like(real_output), real_output) + cost(tf.zeros_like(fake_output), fake_output)
        g_variables, d_variables = generator.trainable_variables, discriminator.trainable_variables
        g_gradients = gen_tape.gradient(gen_loss, g_variables)
        d_gradients = disc_tape.gradient(disc_loss, d_variables)
        g_adam.apply_gradients(zip(g_gradients, g_variables))
        d_adam.apply_gradients(zip(d_gradients, d_variables))
        return disc_loss, gen_loss

    return train_step


def keras(jit_compile):
    import tensorflow as tf

    train_step = keras_step(*keras_models(dropout=0.3))
    data = iter(
        tf.data.Dataset.from_tensor_slices(pictures()).shuffle(60000).batch(BATCH, drop_remainder=True).repeat()
    )

    @tf.function(jit_compile=jit_compile)
    def step(images):
        return train_step(images, tf.random.normal([BATCH, NOISE]))

    def train(steps):
        losses = [step(next(data)) for _ in range(steps)]
        return np.array([[float(loss) for loss in pair] for pair in losses]).T

    return train


def torch_(bfloat16):
    import torch
    from torch import nn

    norm = {"eps": 1e-3, "momentum": 0.01}
    G = nn.Sequential(
        nn.Linear(NOISE, 7 * 7 * 256, bias=False),
        nn.BatchNorm1d(7 * 7 * 256, **norm),
        nn.LeakyReLU(0.3),
        nn.Unflatten(1, (256, 7, 7)),
        nn.ConvTranspose2d(256, 128, 5, 1, 2, bias=False),
        nn.BatchNorm2d(128, **norm),
        nn.LeakyReLU(0.3),
        nn.ConvTranspose2d(128, 64, 5, 2, 2, output_padding=1, bias=False),
        nn.BatchNorm2d(64, **norm),
        nn.LeakyReLU(0.3),
        nn.ConvTranspose2d(64, 1, 5, 2, 2, output_padding=1, bias=False),
        nn.Tanh(),
    ).to(memory_format=torch.channels_last)
    D = nn.Sequential(
        nn.Conv2d(1, 64, 5, 2, 2),
        nn.LeakyReLU(0.3),
        nn.Dropout(0.3),
        nn.Conv2d(64, 128, 5, 2, 2),
        nn.LeakyReLU(0.3),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(7 * 7 * 128, 1),
    ).to(memory_format=torch.channels_last)
    g_adam = torch.optim.Adam(G.parameters(), RATE, eps=1e-7)
    d_adam = torch.optim.Adam(D.parameters(), RATE, eps=1e-7)
    cost = nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)
    images = torch.from_numpy(pictures().reshape(-1, 1, 28, 28))
    state = {"order": torch.randperm(len(images)), "at": 0}

    def step():
        if state["at"] + BATCH > len(images):
            state["order"], state["at"] = torch.randperm(len(images)), 0
        real = images[state["order"][state["at"] : state["at"] + BATCH]]
        state["at"] += BATCH
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            fake_output = D(G(torch.randn(BATCH, NOISE)))
            d_loss = cost(D(real), ones) + cost(fake_output, zeros)
            g_loss = cost(fake_output, ones)
        g_gradients = torch.autograd.grad(g_loss, list(G.parameters()), retain_graph=True)
        d_gradients = torch.autograd.grad(d_loss, list(D.parameters()))
        for network, gradients, adam in ((G, g_gradients, g_adam), (D, d_gradients, d_adam)):
            for parameter, gradient in zip(network.parameters(), gradients):
                parameter.grad = gradient
            adam.step()
        return float(d_loss), float(g_loss)

    return lambda steps: np.array([step() for _ in range(steps)]).T


CONTENDERS = {
    "ours, feed engine": lambda: ours("feed"),
    "ours, compiled engine": lambda: ours("compiled"),
    "ours, compiled engine, bfloat16": lambda: ours("compiled", "bfloat16"),
    "Keras, tf.function": lambda: keras(False),
    "Keras, jit_compile": lambda: keras(True),
    "PyTorch, eager": lambda: torch_(False),
    "PyTorch, bfloat16 autocast": lambda: torch_(True),
}


def main():
    train = CONTENDERS[sys.argv[1]]()
    print("ready", flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        losses = train(int(line))
        print(
            json.dumps({"seconds": time.perf_counter() - begin, "losses": [float(part.mean()) for part in losses]}),
            flush=True,
        )


if __name__ == "__main__":
    main()
