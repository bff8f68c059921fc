"""Checkpoints: whole folders in tf.train.Saver's format, from which a run goes on exactly.

`<run>/checkpoints/step-00005500/model.ckpt` holds, as float32 under the variables' names, the
model's weights, Adam's slots and powers; and under `training/`, as int64 and float64, the step and
the epoch, the RandomState that shuffles and draws noise, the order of the images and the place in
it. A folder is written under another name, brought to the disk and renamed, so it is there whole
or not at all.
"""

import collections
import os
import re
import shutil
import tempfile
from typing import Dict, List, Mapping, NamedTuple, Optional, Tuple

import numpy as np

from legacy_gan import console, files
from legacy_gan.data.dataset import Position
from legacy_gan.errors import UserError
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.session import session as open_session
from legacy_gan.training.batches import StreamState
from legacy_gan.training.run_files import CHECKPOINTS
from legacy_gan.training.rundir import RunDirectory

KEPT = 3  # checkpoints; older ones are removed
_MODEL = "model.ckpt"


class Checkpoint(NamedTuple):
    """What was read back."""

    step: int
    path: str  # of its folder
    arrays: Dict[str, np.ndarray]  # by name


# The state of a training beside its variables: name, dtype.
_TRAINING = collections.OrderedDict(
    [
        ("training/step", np.int64),
        ("training/epoch", np.int64),
        ("training/random/keys", np.int64),  # TF 1.15 places no uint32 variables
        ("training/random/position", np.int64),
        ("training/random/has_gauss", np.int64),
        ("training/random/cached_gaussian", np.float64),
        ("training/data/order", np.int64),  # -1 everywhere before the first shuffle
        ("training/data/index", np.int64),
        ("training/data/epochs_completed", np.int64),
    ]
)


def training_state(step: int, epoch: int, drawn: Tuple[StreamState, Position], examples: int) -> Dict[str, np.ndarray]:
    """Returns what a checkpoint holds beside variables, arrays by name.

    Args:
      step: training steps taken. epoch: epochs that are over.
      drawn: what legacy_gan.training.batches.Batches.state returns.
      examples: the number of training images.
    """
    (_, keys, position, has_gauss, cached_gaussian), (order, index, epochs_completed) = drawn
    values = [
        step,
        epoch,
        keys,
        position,
        has_gauss,
        cached_gaussian,
        np.full(examples, -1) if order is None else order,
        index,
        epochs_completed,
    ]
    return {name: np.asarray(v, kind) for (name, kind), v in zip(_TRAINING.items(), values)}


def drawn(arrays: Mapping[str, np.ndarray]) -> Tuple[StreamState, Position]:
    """Returns the `drawn` of `training_state` from what it wrote."""
    _, _, keys, position, has_gauss, cached, order, index, completed = (arrays[name] for name in _TRAINING)
    return (
        ("MT19937", keys.astype(np.uint32), int(position), int(has_gauss), float(cached)),
        (None if order[0] < 0 else order, int(index), int(completed)),
    )


def save(directory: RunDirectory, arrays: Mapping[str, np.ndarray]) -> str:
    """Writes a checkpoint, whole, and removes all but the last ones.

    Args:
      directory: the run's, locked.
      arrays: by name, `training/step` among them.
    Returns:
      the path of the checkpoint's folder.
    Raises:
      OSError: if it cannot be written; what was there before is untouched.
    """
    folder = directory.file(CHECKPOINTS)
    os.makedirs(folder, exist_ok=True)
    final = path_of(directory, int(arrays["training/step"]))
    temporary = tempfile.mkdtemp(prefix=files.temporary_prefix(), dir=folder)
    try:
        _write(os.path.join(temporary, _MODEL), arrays)
        for name in os.listdir(temporary):
            files.sync(os.path.join(temporary, name))
        os.chmod(temporary, 0o755)
        files.sync(temporary)
        if os.path.lexists(final):  # one that was passed over
            _remove(final)
        os.rename(temporary, final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    files.sync(folder)
    for step in steps(directory)[:-KEPT]:
        _remove(path_of(directory, step))
    return final


def steps(directory: RunDirectory) -> List[int]:
    """Returns the steps of a run's checkpoints, whole or not, in order."""
    try:
        names = os.listdir(directory.file(CHECKPOINTS))
    except OSError:
        return []
    return sorted(int(name[5:]) for name in names if re.match(r"step-\d{8,}$", name))


def path_of(directory: RunDirectory, step: int) -> str:
    """Returns the folder of a step's checkpoint."""
    return os.path.join(directory.file(CHECKPOINTS), f"step-{step:08d}")


def remove_after(directory: RunDirectory, step: int) -> None:
    """Removes checkpoints of later steps than the one that a run goes on from."""
    for later in steps(directory):
        if later > step:
            _remove(path_of(directory, later))


def newest(
    directory: RunDirectory, kept: Mapping[str, tf.Variable], examples: Optional[int] = None
) -> Optional[Checkpoint]:
    """Reads the newest checkpoint that is whole; names those that are not.

    Args:
      directory: the run's.
      kept: variables by name, what it must hold (see `model_graph.ModelGraph`).
      examples: the number of training images it must have the order of; None for any.
    Returns:
      the checkpoint, or None where the run has none.
    Raises:
      UserError: if there are checkpoints and none can be used.
    """
    found = steps(directory)[::-1]
    rows = len(directory.losses()[0]) if found else 0
    for step in found:
        path = path_of(directory, step)
        try:
            arrays = _read(os.path.join(path, _MODEL))
            _check(arrays, step, kept, examples)
            if rows < step:
                raise ValueError(f"the run's losses.csv has only {rows} whole rows")
        except ValueError as e:
            console.warn(f"{path}: passed over, it does not read back whole: {e}")
        else:
            return Checkpoint(step, path, arrays)
    if found:
        raise UserError(
            f"{directory.file(CHECKPOINTS)}: expected a whole checkpoint, got {len(found)} that cannot be used; "
            "--restart begins anew and moves them aside"
        )
    return None


def _check(
    arrays: Mapping[str, np.ndarray], step: int, kept: Mapping[str, tf.Variable], examples: Optional[int]
) -> None:
    """Raises ValueError for arrays that are not this run's."""
    shapes = {name: tuple(v.shape.as_list()) for name, v in kept.items()}
    shapes.update(dict.fromkeys(_TRAINING, ()))
    shapes["training/random/keys"] = (624,)
    order = arrays.get("training/data/order", np.zeros(0))
    shapes["training/data/order"] = order.shape if examples is None else (examples,)
    if set(arrays) != set(shapes):
        raise ValueError(
            "expected the variables of this model, got others: {}".format(
                ", ".join(sorted(set(arrays) ^ set(shapes))[:4])
            )
        )
    for name, array in sorted(arrays.items()):
        kind = _TRAINING.get(name, np.float32)
        if array.shape != shapes[name] or array.dtype != kind or not np.isfinite(array).all():
            raise ValueError(
                f"expected {name} as finite {np.dtype(kind)} {list(shapes[name])}, "
                f"got {array.dtype} {list(array.shape)}"
            )
    if arrays["training/step"] != step:
        raise ValueError(f"it is of step {arrays['training/step']}")
    for name, most in (
        ("training/random/position", 624),
        ("training/random/has_gauss", 1),
        ("training/data/index", len(order)),
        ("training/data/epochs_completed", 2**62),
        ("training/epoch", step),
    ):
        if not 0 <= arrays[name] <= most:
            raise ValueError(f"expected {name} from 0 to {most}, got {arrays[name]}")
    if order[0] >= 0 and not np.array_equal(np.sort(order), np.arange(len(order))):
        raise ValueError("training/data/order is no permutation")


def _write(prefix: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Writes arrays by name as tf.train.Saver does."""
    names = sorted(arrays)
    with tf.Graph().as_default() as graph:
        inputs = [tf.placeholder(arrays[name].dtype, arrays[name].shape) for name in names]
        written = tf.raw_ops.SaveV2(
            prefix=prefix, tensor_names=names, shape_and_slices=[""] * len(names), tensors=inputs
        )
        try:
            with open_session(graph, use_gpu=False) as session:
                session.run(written, dict(zip(inputs, [arrays[name] for name in names])))
        except tf.errors.OpError as e:  # a full disk comes as one of several types
            raise OSError(0, files.why(e), os.path.dirname(os.path.dirname(prefix))) from e


def _read(prefix: str) -> Dict[str, np.ndarray]:
    """Returns every array of a checkpoint by name; TensorFlow checks their sums as it reads."""
    try:
        reader = tf.train.load_checkpoint(prefix)
        return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    except Exception as e:  # TensorFlow's own error types differ between versions
        raise ValueError(str(e).splitlines()[0] if str(e) else type(e).__name__) from None


def _remove(path: str) -> None:
    """Removes a checkpoint in such a way that none is ever there half."""
    doomed = tempfile.mkdtemp(prefix=files.temporary_prefix(), dir=os.path.dirname(path))
    os.rename(path, os.path.join(doomed, "old"))
    shutil.rmtree(doomed, ignore_errors=True)
