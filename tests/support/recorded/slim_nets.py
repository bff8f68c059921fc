"""Recorded scripts of tf.contrib.slim.nets: small residual networks, and the variables of large ones."""

import importlib

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

PICTURES = (2, 21, 17, 3)


def _nets(T):
    """Returns slim.nets, which 1.15 has once it is imported."""
    if T is tf:
        return T.contrib.slim.nets
    return importlib.import_module("tensorflow.contrib.slim.nets")


def _small(version, **options):
    """Two blocks."""

    def script(T):
        nets, slim = _nets(T), T.contrib.slim
        module = getattr(nets, f"resnet_v{version}")
        block = getattr(module, f"resnet_v{version}_block")
        with slim.arg_scope(nets.resnet_utils.resnet_arg_scope(0.01)):
            outputs, ends = getattr(module, f"resnet_v{version}")(
                tf.constant(draw(PICTURES, 1)), [block("one", 2, 2, 2), block("two", 3, 2, 2)], **options
            )
        names = tf.strings.length(tf.constant(sorted(ends)))
        losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
        return Case([outputs, names, losses, [ends[name] for name in sorted(ends)]], gradients=False)

    return script


def _graph(network, shape=PICTURES, **options):
    """The variables of a network, whose sizes take too long to be computed; a line for each."""

    def script(T):
        module, _, name = network.partition(".")
        nets = _nets(T)
        with T.contrib.slim.arg_scope(
            nets.resnet_utils.resnet_arg_scope() if "resnet" in name else nets.vgg.vgg_arg_scope()
        ):
            outputs, ends = getattr(getattr(nets, module), name)(tf.placeholder(tf.float32, shape), **options)
        for end in sorted(ends):  # their names are recorded as those of variables
            tf.get_variable(f"ends/{end}".replace(":", "_"), [1])
        tf.get_variable("outputs", outputs.shape.as_list())
        return Case([], initialize=False)

    return script


_SCRIPTS = {
    "resnet_v1": _small(1, num_classes=5, is_training=False),
    "resnet_v1_50": _graph("resnet_v1.resnet_v1_50", num_classes=7),
    "resnet_v1_features": _small(1, is_training=False, global_pool=False, include_root_block=False, output_stride=2),
    "resnet_v2": _small(2, num_classes=5, output_stride=8),
    "resnet_v2_101": _graph("resnet_v2.resnet_v2_101", output_stride=16, global_pool=False),
    "vgg_16": _graph("vgg.vgg_16", (2, 224, 224, 3), num_classes=7),
    "vgg_19": _graph("vgg.vgg_19", (2, 256, 224, 3), spatial_squeeze=False),
    "vgg_a": _graph("vgg.vgg_a", (2, 224, 224, 3), is_training=False),
}
globals().update(_SCRIPTS)
__all__ = sorted(_SCRIPTS)
