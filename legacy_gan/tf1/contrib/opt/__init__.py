"""tf.contrib.opt as TensorFlow 1.15 had it: optimizers beside those of tf.train.

Source: the interface and formulas of tf.contrib.opt in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.contrib.opt.adam import (
    AdaMaxOptimizer,
    AdamGSOptimizer,
    LazyAdamGSOptimizer,
    LazyAdamOptimizer,
    NadamOptimizer,
)
from legacy_gan.tf1.contrib.opt.around import (
    MovingAverageOptimizer,
    MultitaskOptimizerWrapper,
    VariableClippingOptimizer,
    clip_gradients_by_global_norm,
)
from legacy_gan.tf1.contrib.opt.external import ExternalOptimizerInterface, ScipyOptimizerInterface
from legacy_gan.tf1.contrib.opt.rates import LARSOptimizer, RegAdagradOptimizer
from legacy_gan.tf1.contrib.opt.signs import AddSignOptimizer, PowerSignOptimizer
from legacy_gan.tf1.contrib.opt.weight_decay import (
    AdamWOptimizer,
    DecoupledWeightDecayExtension,
    MomentumWOptimizer,
    extend_with_decoupled_weight_decay,
)
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "AdaMaxOptimizer",
    "AdamGSOptimizer",
    "AdamWOptimizer",
    "AddSignOptimizer",
    "DecoupledWeightDecayExtension",
    "ExternalOptimizerInterface",
    "LARSOptimizer",
    "LazyAdamGSOptimizer",
    "LazyAdamOptimizer",
    "MomentumWOptimizer",
    "MovingAverageOptimizer",
    "MultitaskOptimizerWrapper",
    "NadamOptimizer",
    "PowerSignOptimizer",
    "RegAdagradOptimizer",
    "ScipyOptimizerInterface",
    "VariableClippingOptimizer",
    "clip_gradients_by_global_norm",
    "extend_with_decoupled_weight_decay",
]

__getattr__ = refusal("tf.contrib.opt")
