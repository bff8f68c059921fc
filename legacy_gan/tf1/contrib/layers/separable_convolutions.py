"""tf.contrib.layers' convolutions of each channel on its own."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers as core
from legacy_gan.tf1.contrib.framework import add_arg_scope, model_variable
from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.contrib.layers.common import (
    ZEROS,
    collect_variables,
    core_data_format,
    finish,
    layer_scope,
    parameter_of,
)
from legacy_gan.tf1.contrib.layers.initializers import xavier_initializer
from legacy_gan.tf1.layers import base


@add_arg_scope
def separable_convolution2d(
    inputs,
    num_outputs,
    kernel_size,
    depth_multiplier=1,
    stride=1,
    padding="SAME",
    data_format="NHWC",
    rate=1,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    pointwise_initializer=None,
    weights_regularizer=None,
    biases_initializer=ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """Convolves each channel on its own, then, unless num_outputs is None, mixes the channels.

    Returns:
      float, laid out as the inputs. Variables: `SeparableConv2d/depthwise_weights`,
      `pointwise_weights`, `biases`.
    """
    renamed = {"bias": "biases", "depthwise_kernel": "depthwise_weights", "pointwise_kernel": "pointwise_weights"}
    layout = core_data_format(data_format)
    biased = not normalizer_fn and biases_initializer is not None
    with layer_scope(scope, "SeparableConv2d", inputs, reuse, renamed) as sc:
        inputs = tf.convert_to_tensor(inputs)
        if num_outputs is not None:
            layer = core.SeparableConv2D(
                num_outputs,
                kernel_size,
                stride,
                padding,
                layout,
                rate,
                depth_multiplier,
                use_bias=biased,
                depthwise_initializer=weights_initializer,
                pointwise_initializer=pointwise_initializer or weights_initializer,
                bias_initializer=biases_initializer,
                depthwise_regularizer=weights_regularizer,
                pointwise_regularizer=weights_regularizer,
                bias_regularizer=biases_regularizer,
                trainable=trainable,
                _scope=sc,
                _reuse=reuse,
            )
            outputs = layer(inputs)
            collect_variables(
                layer,
                variables_collections,
                [("depthwise_kernel", "weights"), ("pointwise_kernel", "weights"), ("bias", "biases")],
            )
        else:
            images = base.channels_last(inputs, layout, "separable_convolution2d")
            channels = base.known_size(images, -1, "separable_convolution2d")
            weights = model_variable(
                "depthwise_weights",
                list(utils.two_element_tuple(kernel_size)) + [channels, depth_multiplier],
                images.dtype,
                weights_initializer,
                weights_regularizer,
                trainable,
                utils.get_variable_collections(variables_collections, "weights"),
            )
            strides = [1] + list(utils.two_element_tuple(stride)) + [1]
            outputs = tf.nn.depthwise_conv2d(
                images, weights, strides, padding, rate=list(utils.two_element_tuple(rate))
            )
            if biased:
                outputs = tf.nn.bias_add(
                    outputs,
                    parameter_of(
                        "biases",
                        [depth_multiplier * channels],
                        images.dtype,
                        biases_initializer,
                        biases_regularizer,
                        trainable,
                        variables_collections,
                    ),
                )
            outputs = base.back_to(layout, outputs)
        return finish(sc, outputs, activation_fn, outputs_collections, normalizer_fn, normalizer_params)


@add_arg_scope
def convolution2d_in_plane(
    inputs,
    kernel_size,
    stride=1,
    padding="SAME",
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """Convolves every channel with the same kernel; variables `ConvInPlane/weights`, `biases`."""
    with layer_scope(scope, "ConvInPlane", inputs, reuse) as sc:
        channels = base.known_size(inputs, -1, "convolution2d_in_plane", min_rank=4)
        weights = parameter_of(
            "weights",
            list(utils.two_element_tuple(kernel_size)) + [1, 1],
            inputs.dtype.base_dtype,
            weights_initializer,
            weights_regularizer,
            trainable,
            variables_collections,
        )
        outputs = tf.nn.depthwise_conv2d(
            inputs, tf.tile(weights, [1, 1, channels, 1]), [1] + list(utils.two_element_tuple(stride)) + [1], padding
        )
        if not normalizer_fn and biases_initializer is not None:
            outputs = tf.nn.bias_add(
                outputs,
                parameter_of(
                    "biases",
                    [channels],
                    inputs.dtype.base_dtype,
                    biases_initializer,
                    biases_regularizer,
                    trainable,
                    variables_collections,
                ),
            )
        return finish(sc, outputs, activation_fn, outputs_collections, normalizer_fn, normalizer_params)


conv2d_in_plane = convolution2d_in_plane
separable_conv2d = separable_convolution2d
