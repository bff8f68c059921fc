"""How far the Keras DCGAN tutorial drifts from its own golden run with other kernels.

    python benchmarks/keras_drift.py              (TensorFlow 2.16 or later, with Keras 3)

Trains the tutorial's models as tests/golden/dcgan_synthetic.npz was made, with oneDNN's kernels,
with Eigen's and compiled by XLA, each in a process of its own, and prints the largest differences up
to step n. tests/book/test_other_traces.py derives its bounds from them.
"""

import os
import subprocess
import sys

import dcgan_contenders
import numpy as np

GOLDEN = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "golden", "dcgan_synthetic.npz"
)
KINDS = {"oneDNN": "1", "Eigen": "0", "XLA": "0"}  # and whether oneDNN is on


def differences(kind):
    """Returns (losses' differences [8], images' largest difference) of one run."""
    import tensorflow as tf

    generator, discriminator = dcgan_contenders.keras_models(dropout=0.0)
    d_variables, g_variables = discriminator.trainable_variables, generator.trainable_variables
    rng = np.random.RandomState(1234)
    for variable in g_variables + d_variables:
        if "kernel" in variable.path:
            shape = tuple(variable.shape)
            limit = np.sqrt(6.0 / (np.prod(shape[:-2]) * (shape[-2] + shape[-1])))
            variable.assign(rng.uniform(-limit, limit, shape).astype(np.float32))
    step = tf.function(dcgan_contenders.keras_step(generator, discriminator), jit_compile=kind == "XLA")
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
        print(" ".join(f"n={n} {apart[:n].max():.1e}" for n in (1, 3, 5, 8)), f"images {images:.1e}")
        return
    for kind, onednn in KINDS.items():
        environment = dict(os.environ, TF_ENABLE_ONEDNN_OPTS=onednn, TF_CPP_MIN_LOG_LEVEL="3")
        answer = subprocess.run(
            [sys.executable, os.path.abspath(__file__), kind],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ).stdout.decode()
        print(f"{kind:<7} {answer.strip()}")


if __name__ == "__main__":
    main()
