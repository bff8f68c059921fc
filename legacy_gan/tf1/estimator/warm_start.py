"""tf.estimator.WarmStartSettings: the values of a checkpoint that a training begins with.

Source: the interface of tf.estimator in TensorFlow 1.15.
"""

import collections
import os

import tensorflow.compat.v1 as tf

__all__ = ["VocabInfo", "WarmStartSettings", "settings_of"]

VocabInfo = tf.train.VocabInfo


class WarmStartSettings(
    collections.namedtuple(
        "WarmStartSettings",
        ["ckpt_to_initialize_from", "vars_to_warm_start", "var_name_to_vocab_info", "var_name_to_prev_var_name"],
    )
):
    """Which variables begin with which values; the fields are the arguments of tf.train.warm_start."""

    def __new__(
        cls,
        ckpt_to_initialize_from,
        vars_to_warm_start=".*",
        var_name_to_vocab_info=None,
        var_name_to_prev_var_name=None,
    ):
        if not ckpt_to_initialize_from:
            raise ValueError("`ckpt_to_initialize_from` MUST be set in WarmStartSettings")
        renamed = (var_name_to_vocab_info or {}, var_name_to_prev_var_name or {})
        return super().__new__(cls, ckpt_to_initialize_from, vars_to_warm_start, *renamed)


def settings_of(warm_start_from):
    """Returns the WarmStartSettings of a path to a checkpoint, to an exported model, or of themselves; None of None."""
    if warm_start_from is None or isinstance(warm_start_from, WarmStartSettings):
        return warm_start_from
    if not isinstance(warm_start_from, (str, bytes)):
        raise ValueError(
            f"warm_start_from must be a string or a WarmStartSettings, instead got {type(warm_start_from)}"
        )
    path = tf.compat.as_str(warm_start_from)
    exported = os.path.join(path, "variables", "variables")
    return WarmStartSettings(exported if tf.train.checkpoint_exists(exported) else path)
