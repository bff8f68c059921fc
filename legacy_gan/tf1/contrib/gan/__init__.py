"""tf.contrib.gan as TensorFlow 1.14 had it, the last with one: models, losses, training, features, eval, estimators.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

from legacy_gan.tf1.contrib.gan import estimator, eval, features, losses
from legacy_gan.tf1.contrib.gan.models import (
    acgan_model,
    as_tensors as _convert_tensor_or_l_or_d,  # noqa: F401  # programs import it
    cyclegan_model,
    gan_model,
    infogan_model,
    stargan_model,
)
from legacy_gan.tf1.contrib.gan.objectives import cyclegan_loss, gan_loss, stargan_loss
from legacy_gan.tf1.contrib.gan.training import (
    RunTrainOpsHook,
    gan_train,
    gan_train_ops,
    get_joint_train_hooks,
    get_sequential_train_hooks,
    get_sequential_train_steps,
)
from legacy_gan.tf1.contrib.gan.tuples import (
    ACGANModel,
    CycleGANLoss,
    CycleGANModel,
    GANLoss,
    GANModel,
    GANTrainOps,
    GANTrainSteps,
    InfoGANModel,
    StarGANModel,
)
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "ACGANModel",
    "CycleGANLoss",
    "CycleGANModel",
    "GANLoss",
    "GANModel",
    "GANTrainOps",
    "GANTrainSteps",
    "InfoGANModel",
    "RunTrainOpsHook",
    "StarGANModel",
    "acgan_model",
    "cyclegan_loss",
    "cyclegan_model",
    "estimator",
    "eval",
    "features",
    "gan_loss",
    "gan_model",
    "gan_train",
    "gan_train_ops",
    "get_joint_train_hooks",
    "get_sequential_train_hooks",
    "get_sequential_train_steps",
    "infogan_model",
    "losses",
    "stargan_loss",
    "stargan_model",
]

__getattr__ = refusal("tf.contrib.gan")
