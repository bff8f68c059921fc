"""What `legacy-gan export` does: a run's generator as a SavedModel, for TensorFlow 2 and TF Serving."""

import os
import shutil
import tempfile

import numpy as np

from legacy_gan import files
from legacy_gan.errors import UserError
from legacy_gan.tf1 import session as open_session, tf
from legacy_gan.training import averages, generating, weights

IMAGES = "images"  # the signature's output


def export(source, folder):
    """Writes a run's generator, as its newest checkpoint has it, as a SavedModel.

    The signature `serving_default` takes `noise`, float32 [n, noise], and of a conditional model
    `labels`, float32 [n, 10] one-hot, and returns `images`, float32 [n, 784] in 0..1. D, Adam and all else
    of the training are left out.

    Args:
      source: path of a run's folder, or a model's name for runs/NAME.
      folder: path of the new folder.
    Returns:
      folder, and the inputs' names and shapes: (str, list of (str, list of int or None)).
    Raises:
      UserError: if there is no such run, or the folder is there and not empty, or cannot be written.
    """
    folder = os.path.normpath(folder)
    if os.path.lexists(folder) and not (os.path.isdir(folder) and not os.listdir(folder)):
        raise UserError("{}: expected a new folder for the SavedModel, found something there; name "
                        "another".format(folder))
    try:
        os.lstat(folder)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as e:
        raise UserError("{}: {}; name another".format(folder, e.strerror or e)) from None
    built, checkpoint = generating.newest(source)
    parent = os.path.dirname(os.path.abspath(folder))
    files.prove_writable(parent, "DIR's parent")
    meta, inputs, output, kept = _generator(built)
    temporary = tempfile.mkdtemp(prefix=files.temporary_prefix(), dir=parent)
    try:
        with tf.Graph().as_default() as graph:
            saver = tf.train.import_meta_graph(meta)
            with open_session(graph, use_gpu=False) as session:
                variables = {v.op.name: v for v in tf.global_variables()}
                arrays = averages.applied(checkpoint.arrays)
                weights.assign(session, variables, {name: arrays[name] for name in kept})
                _save(os.path.join(temporary, "model"), session, saver, inputs, output)
        if os.path.isdir(folder):
            os.rmdir(folder)
        os.rename(os.path.join(temporary, "model"), folder)
    except tf.errors.OpError as e:  # a full disk comes as one of several types
        raise OSError(0, files.why(e), folder) from e
    finally:
        shutil.rmtree(temporary)
    return folder, [(name, shape) for name, (_, shape) in inputs]


def _generator(built):
    """Returns what of a model's graph makes images.

    Returns:
      (MetaGraphDef, inputs: list of (name, (tensor's name, shape)), output tensor's name, names of the
      variables).
    """
    gan = built.gan
    with built.graph.as_default():
        # `denormalize` is of arrays, a straight line in every model, cut off at 0 and 1.
        dark, bright = (float(gan.denormalize(np.float64(x))) for x in (0, 0.5))
        images = tf.clip_by_value(gan.sample * (2 * (bright - dark)) + dark, 0.0, 1.0)
        output = tf.identity(images, name=IMAGES)
        inputs = [("noise", gan.sample_noise)]
        if gan.sample_labels is not None:
            inputs.append(("labels", gan.sample_labels))
    trained = [v.to_proto() for v in gan.g_vars]
    protos = trained + [v.to_proto() for v in gan.state_vars]
    needed = [output.op.name] + [tensor.op.name for _, tensor in inputs]
    for proto in protos:
        needed += [name.split(":")[0] for name in (
            proto.variable_name, proto.initializer_name, proto.snapshot_name, proto.initial_value_name)
            if name]
    meta = tf.MetaGraphDef()
    meta.graph_def.CopyFrom(tf.graph_util.extract_sub_graph(built.graph.as_graph_def(), needed))
    for key, some in ((tf.GraphKeys.GLOBAL_VARIABLES, protos), (tf.GraphKeys.TRAINABLE_VARIABLES, trained)):
        meta.collection_def[key].bytes_list.value.extend(proto.SerializeToString() for proto in some)
    return (meta, [(name, (tensor.name, tensor.shape.as_list())) for name, tensor in inputs], output.name,
            [v.op.name for v in list(gan.g_vars) + list(gan.state_vars)])


def _save(folder, session, saver, inputs, output):
    """Writes the SavedModel of the session's graph."""
    graph = session.graph
    signature = tf.saved_model.predict_signature_def(
        {name: graph.get_tensor_by_name(tensor) for name, (tensor, _) in inputs},
        {IMAGES: graph.get_tensor_by_name(output)})
    builder = tf.saved_model.Builder(folder)
    builder.add_meta_graph_and_variables(
        session, [tf.saved_model.tag_constants.SERVING],
        {tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature},
        saver=saver, strip_default_attrs=True)
    builder.save()
