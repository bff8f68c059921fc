"""tf.contrib.gan.eval's classifiers: a frozen graph that images are shown to. Nothing is downloaded.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

__all__ = [
    "INCEPTION_DEFAULT_IMAGE_SIZE",
    "get_graph_def_from_disk",
    "preprocess_image",
    "run_image_classifier",
    "run_inception",
]

INCEPTION_DEFAULT_IMAGE_SIZE = 299
INCEPTION_INPUT, INCEPTION_OUTPUT = "Mul:0", "logits:0"


def preprocess_image(images, height=INCEPTION_DEFAULT_IMAGE_SIZE, width=INCEPTION_DEFAULT_IMAGE_SIZE, scope=None):
    """Returns images of 0 to 255, one or a batch, as float32 of -1 to 1 in another size."""
    single = images.shape.ndims == 3
    with tf.name_scope(scope, "preprocess", [images, height, width]):
        if not images.dtype.is_floating:
            images = tf.cast(images, tf.float32)
        images = tf.expand_dims(images, 0) if single else images
        resized = (tf.image.resize_bilinear(images, [height, width]) - 128.0) / 128.0
        return tf.squeeze(resized, 0) if single else resized


def get_graph_def_from_disk(filename):
    """Returns the GraphDef of a .pb file."""
    with tf.gfile.GFile(filename, "rb") as f:
        return tf.GraphDef.FromString(f.read())


def run_image_classifier(tensor, graph_def, input_tensor, output_tensor, scope="RunClassifier"):
    """Returns the outputs of a frozen graph for a tensor.

    Args:
      graph_def: tf.GraphDef. input_tensor, output_tensor: str, names of its tensors; output_tensor may be a list.
    """
    wanted = [output_tensor] if isinstance(output_tensor, str) else output_tensor
    outputs = tf.import_graph_def(graph_def, {input_tensor: tensor}, wanted, name=scope)
    return outputs[0] if isinstance(output_tensor, str) else outputs


def run_inception(
    images,
    graph_def=None,
    default_graph_def_fn=None,
    image_size=INCEPTION_DEFAULT_IMAGE_SIZE,
    input_tensor=INCEPTION_INPUT,
    output_tensor=INCEPTION_OUTPUT,
):
    """Returns what a frozen Inception says of images, flat: [batch, numbers].

    Args:
      images: tensor [batch, image_size, image_size, channels] of -1 to 1.
      graph_def: tf.GraphDef; without one, default_graph_def_fn() gives it. TensorFlow 1's own default
        downloaded it, which this package does not.
    """
    images = tf.convert_to_tensor(images)
    images.shape.with_rank(4).assert_is_compatible_with([None, image_size, image_size, None])
    if graph_def is None and default_graph_def_fn is None:
        raise ValueError(
            "run_inception: no graph is downloaded; give graph_def, as get_graph_def_from_disk(file) reads it"
        )
    outputs = run_image_classifier(images, graph_def or default_graph_def_fn(), input_tensor, output_tensor)
    if isinstance(outputs, list):
        return [tf.layers.flatten(each) for each in outputs]
    return tf.layers.flatten(outputs)
