"""What `legacy-gan export` does: a run's generator as a SavedModel, for TensorFlow 2 and TF Serving, or as ONNX."""

import contextlib
import os
import shutil
import tempfile
import types
from typing import Iterator, List, Optional, Sequence, Tuple

import numpy as np

from legacy_gan import files
from legacy_gan.errors import UserError
from legacy_gan.images import run_model
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.session import session as open_session
from legacy_gan.training import averages, weights
from legacy_gan.training.checkpoints import Checkpoint
from legacy_gan.training.model_graph import ModelGraph

IMAGES = "images"  # the signature's output
# How files of other formats end: no folder is meant.
_OTHER_FILES = (
    ".bin", ".ckpt", ".h5", ".hdf5", ".json", ".keras", ".npz", ".onx", ".pb", ".pkl", ".pt", ".pth", ".safetensors",
    ".tflite", ".zip",
)  # fmt: skip

_Shape = List[Optional[int]]
_Inputs = Sequence[Tuple[str, Tuple[str, _Shape]]]  # (name, (the tensor's name, its shape)) of each


def export(source: str, path: str) -> Tuple[str, List[Tuple[str, _Shape]]]:
    """Writes a run's generator, as its newest checkpoint has it, as a SavedModel or an ONNX file.

    The signature `serving_default`, or the ONNX graph, takes `noise`, float32 [n, noise], and of a
    conditional model `labels`, float32 [n, 10] one-hot, and returns `images`, float32 [n, 784] in 0..1. D,
    Adam and all else of the training are left out.

    Args:
      source: path of a run's folder, or a model's name for runs/NAME.
      path: of the new folder for a SavedModel; of the new file for ONNX, ending in .onnx.
    Returns:
      path, and the inputs' names and shapes.
    Raises:
      UserError: if there is no such run, `path` ends as files of other formats do, something is there already (a
        folder may be there if it is empty), it cannot be written, or the converter is missing.
    """
    path = os.path.normpath(path)
    is_onnx = path.endswith(".onnx")
    if os.path.splitext(path)[1].lower() in _OTHER_FILES:
        raise UserError(
            f"{path}: expected a folder for a SavedModel, or a file that ends in .onnx; other formats are not written"
        )
    if os.path.lexists(path) and (is_onnx or not os.path.isdir(path) or os.listdir(path)):
        raise UserError(
            "{}: expected a new {}, found something there; name another".format(
                path, "file" if is_onnx else "folder for the SavedModel"
            )
        )
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as e:
        raise UserError(f"{path}: {e.strerror or e}; name another") from None
    converter = _onnx_converter() if is_onnx else None
    model_graph, checkpoint = run_model.read_newest(source)
    parent = os.path.dirname(os.path.abspath(path))
    files.prove_writable(parent, f"the parent of {path}" if is_onnx else "DIR's parent")
    meta, inputs, output, kept = _generator(model_graph)
    with _restored(meta, kept, checkpoint) as (session, saver):
        if converter is not None:
            _save_onnx(path, session, inputs, output, converter)
        else:
            _save_whole(path, parent, session, saver, inputs, output)
    return path, [(name, shape) for name, (_, shape) in inputs]


@contextlib.contextmanager
def _restored(
    meta: tf.MetaGraphDef, kept: Sequence[str], checkpoint: Checkpoint
) -> Iterator[Tuple[tf.Session, tf.train.Saver]]:
    """Yields a session of a generator's graph with a checkpoint's weights, and its tf.train.Saver."""
    with tf.Graph().as_default() as graph:
        saver = tf.train.import_meta_graph(meta)
        with open_session(graph, use_gpu=False) as session:
            variables = {v.op.name: v for v in tf.global_variables()}
            arrays = averages.applied(checkpoint.arrays)
            weights.assign(session, variables, {name: arrays[name] for name in kept})
            yield session, saver


def _generator(model_graph: ModelGraph) -> Tuple[tf.MetaGraphDef, _Inputs, str, List[str]]:
    """Returns what of a model's graph makes images.

    Returns:
      (the graph, its inputs, the output tensor's name, names of the variables).
    """
    gan = model_graph.gan
    with model_graph.graph.as_default():
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
        needed += [
            name.split(":")[0]
            for name in (proto.variable_name, proto.initializer_name, proto.snapshot_name, proto.initial_value_name)
            if name
        ]
    meta = tf.MetaGraphDef()
    meta.graph_def.CopyFrom(tf.graph_util.extract_sub_graph(model_graph.graph.as_graph_def(), needed))
    for key, some in ((tf.GraphKeys.GLOBAL_VARIABLES, protos), (tf.GraphKeys.TRAINABLE_VARIABLES, trained)):
        meta.collection_def[key].bytes_list.value.extend(proto.SerializeToString() for proto in some)
    return (
        meta,
        [(name, (tensor.name, tensor.shape.as_list())) for name, tensor in inputs],
        output.name,
        [v.op.name for v in list(gan.g_vars) + list(gan.state_vars)],
    )


def _save_whole(
    folder: str, parent: str, session: tf.Session, saver: tf.train.Saver, inputs: _Inputs, output: str
) -> None:
    """Writes the SavedModel under a temporary name, then gives it its own."""
    temporary = tempfile.mkdtemp(prefix=files.temporary_prefix(), dir=parent)
    try:
        _save(os.path.join(temporary, "model"), session, saver, inputs, output)
        if os.path.isdir(folder):
            os.rmdir(folder)
        os.rename(os.path.join(temporary, "model"), folder)
    except tf.errors.OpError as e:  # a full disk comes as one of several types
        raise OSError(0, files.why(e), folder) from e
    finally:
        shutil.rmtree(temporary)


def _save(folder: str, session: tf.Session, saver: tf.train.Saver, inputs: _Inputs, output: str) -> None:
    """Writes the SavedModel of the session's graph."""
    graph = session.graph
    signature = tf.saved_model.predict_signature_def(
        {name: graph.get_tensor_by_name(tensor) for name, (tensor, _) in inputs},
        {IMAGES: graph.get_tensor_by_name(output)},
    )
    builder = tf.saved_model.Builder(folder)
    builder.add_meta_graph_and_variables(
        session,
        [tf.saved_model.tag_constants.SERVING],
        {tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature},
        saver=saver,
        strip_default_attrs=True,
    )
    builder.save()


def _onnx_converter() -> types.ModuleType:
    """Returns the module tf2onnx.convert."""
    try:
        from tf2onnx import convert
    except ImportError as e:
        raise UserError(
            f"ONNX needs the package tf2onnx ({e}); install it: pip install tf2onnx (Python 3.10 or "
            "later), or name a folder for a SavedModel"
        ) from None
    converter: types.ModuleType = convert
    return converter


def _save_onnx(path: str, session: tf.Session, inputs: _Inputs, output: str, converter: types.ModuleType) -> None:
    """Writes the session's graph, its variables as constants, with the signature's names."""
    frozen = tf.graph_util.convert_variables_to_constants(session, session.graph.as_graph_def(), [output.split(":")[0]])
    names = {tensor: name for name, (tensor, _) in inputs}
    model, _ = converter.from_graph_def(frozen, "generator", list(names), [output])
    names[output] = IMAGES
    for node in model.graph.node:
        for some in (node.input, node.output):
            some[:] = [names.get(name, name) for name in some]
    for value in list(model.graph.input) + list(model.graph.output):
        value.name = names[value.name]
        value.type.tensor_type.shape.dim[0].dim_param = "n"
    with files.replacing(path) as temporary, open(temporary, "wb") as f:
        f.write(model.SerializeToString())
