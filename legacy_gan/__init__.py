"""legacy_gan: the TensorFlow 1 GANs people learned from, corrected, on every TensorFlow since 1.15.

    import legacy_gan
    run = legacy_gan.train("conditional", epochs=20, run_dir="runs/demo", samples_dir="demo")
    images = legacy_gan.generate("runs/demo", digit=5, count=10)

Importing the package is quick: TensorFlow is loaded by the first call that needs it.
"""

from legacy_gan.version import __version__

__all__ = ["__version__", "generate", "train"]


def train(model, **options):
    """Trains a model and returns its run; see `legacy_gan.training.execute.train`."""
    from legacy_gan.training import execute

    return execute.train(model, **options)


def generate(run_dir, digit=None, count=10, seed=None):
    """Returns images of a trained run; see `legacy_gan.images.generate.generate`."""
    from legacy_gan.images import generate

    return generate.generate(run_dir, digit=digit, count=count, seed=seed)
