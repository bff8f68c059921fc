"""tf.contrib.layers' regularizers: penalties of weights."""

import numbers
from typing import Callable, List, Optional

import tensorflow.compat.v1 as tf

Regularizer = Callable[[tf.Tensor], Optional[tf.Tensor]]


def _is_not_zero(name: str, scale: float) -> bool:
    """Whether a regularizer's scale, a float of at least 0, is not 0."""
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"{name}: scale must be a float, got {scale!r}")
    if isinstance(scale, numbers.Real) and scale < 0:
        raise ValueError(f"{name}: scale must be at least 0, got {scale}")
    return not (isinstance(scale, numbers.Real) and scale == 0)


def _regularizer(name, scale, scope, penalty):
    if not _is_not_zero(name, scale):
        return lambda weights: None

    def regularize(weights):
        with tf.name_scope(scope, name, [weights]) as whole:
            factor = tf.convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
            return tf.multiply(factor, penalty(weights), name=whole)

    return regularize


def l1_regularizer(scale: float, scope: Optional[str] = None) -> Regularizer:
    """Returns a function of weights: scale * sum(|weights|); None if scale is 0.0."""
    return _regularizer("l1_regularizer", scale, scope, lambda weights: tf.reduce_sum(tf.abs(weights)))


def l2_regularizer(scale: float, scope: Optional[str] = None) -> Regularizer:
    """Returns a function of weights: scale * sum(weights ** 2) / 2; None if scale is 0.0."""
    return _regularizer("l2_regularizer", scale, scope, tf.nn.l2_loss)


def l1_l2_regularizer(
    scale_l1: float = 1.0, scale_l2: float = 1.0, scope: Optional[str] = None
) -> Optional[Regularizer]:
    """Returns the sum of both regularizers."""
    scope = scope or "l1_l2_regularizer"
    if not _is_not_zero("l1_l2_regularizer", scale_l1):
        return l2_regularizer(scale_l2, scope)
    if not _is_not_zero("l1_l2_regularizer", scale_l2):
        return l1_regularizer(scale_l1, scope)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope)


def sum_regularizer(
    regularizer_list: List[Optional[Regularizer]], scope: Optional[str] = None
) -> Optional[Regularizer]:
    """Returns the sum of the regularizers that are not None; None if there are none."""
    regularizers = [each for each in regularizer_list if each is not None]
    if not regularizers:
        return None

    def regularize(weights):
        with tf.name_scope(scope, "sum_regularizer", [weights]) as whole:
            penalties = [each(weights) for each in regularizers]
            penalties = [penalty for penalty in penalties if penalty is not None]
            return tf.add_n(penalties, name=whole) if penalties else None

    return regularize


def apply_regularization(regularizer, weights_list=None):
    """Returns the sum of the regularizer over the weights, which joins REGULARIZATION_LOSSES.

    Args:
      weights_list: list of variables; None for the collection WEIGHTS.
    Raises:
      ValueError: if there are none, or the regularizer gives no scalar.
    """
    weights_list = weights_list or tf.get_collection(tf.GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("apply_regularization: no weights to regularize")
    with tf.name_scope("get_regularization_penalty", values=weights_list) as scope:
        penalties = [regularizer(weights) for weights in weights_list]
        penalties = [tf.constant(0.0) if penalty is None else penalty for penalty in penalties]
        for penalty in penalties:
            if penalty.shape.ndims != 0:
                raise ValueError(f"apply_regularization: the regularizer must give a scalar, got shape {penalty.shape}")
        total = tf.add_n(penalties, name=scope)
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, total)
        return total
