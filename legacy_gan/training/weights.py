"""Weights in and out of files: .npz with one array a variable, and TensorFlow checkpoints."""

import hashlib
import os
import re
import zipfile
from typing import Any, Dict, List, Mapping, Sequence, Union

import numpy as np

from legacy_gan import files, options
from legacy_gan.errors import UserError
from legacy_gan.tf1 import tf

# What a checkpoint holds beside the model's variables: optimizers' slots and powers, averages, step counters.
_PASSED_OVER = re.compile(
    r"(.*/(Adam|Momentum)(_\d+)?|(.*/)?beta[12]_power(_\d+)?|global_step|(training|average|decay)/.*)$"
)


def assign(session: tf.Session, variables: Mapping[str, tf.Variable], arrays: Mapping[str, np.ndarray]) -> None:
    """Sets variables by name to the float32 arrays that `arrays` has under the same names."""
    feeds = {v.initializer.inputs[1]: arrays[name] for name, v in variables.items()}
    session.run([v.initializer for v in variables.values()], feeds)


def fetch(session: tf.Session, variables: Mapping[str, tf.Variable]) -> Dict[str, np.ndarray]:
    """Returns the values of variables by name, float32 arrays."""
    return dict(zip(variables, session.run(list(variables.values()))))


def fingerprint(arrays: Mapping[str, np.ndarray]) -> str:
    """Returns the SHA-256 of arrays by name, the same for the same content in any file."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()


def save_npz(path: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Writes arrays by name to an .npz, whole or not at all."""
    with files.replacing(path, ".npz") as temporary:
        named: Any = arrays  # else a type checker takes a name for np.savez's own argument
        np.savez(temporary, **named)


def load(
    path: "Union[str, os.PathLike[str]]", variables: Sequence[tf.Variable], settings: options.Settings
) -> Dict[str, np.ndarray]:
    """Reads --initial-weights, one array a variable, from an .npz or a TensorFlow checkpoint.

    Args:
      path: of an .npz, or the prefix of a checkpoint, also of one that the original listing wrote
        on TF 1.15: there `Variable`, `Variable_1`, ... stand for listing 1's variables in order.
      variables: the model's variables, in the order in which the listing makes them.
      settings: the run's; an error names its sizes.
    Returns:
      float32 arrays by name, in the variables' order.
    Raises:
      UserError: for a file that cannot be read, or with a missing, extra, wrongly shaped or
        non-finite array.
    """
    path = os.fspath(path)
    who = f"--initial-weights {path}"
    arrays = (read_npz if path.endswith(".npz") else _read_checkpoint)(path, who)
    arrays = _by_name(arrays, [v.op.name for v in variables], who)
    sizes = " and ".join(f"--{size}" for size in ("hidden", "filters", "noise") if hasattr(settings, size))
    return {v.op.name: _weight(arrays[v.op.name], v, who, sizes) for v in variables}


def _by_name(arrays: Dict[str, np.ndarray], names: List[str], who: str) -> Dict[str, np.ndarray]:
    """Returns the arrays of a file under the variables' names; UserError where one is missing or unknown."""
    # A listing that did not name its variables had them numbered in the order of their making.
    numbered = ["Variable" if i == 0 else f"Variable_{i}" for i in range(len(names))]
    if set(arrays) == set(numbered):
        arrays = {name: arrays[number] for name, number in zip(names, numbered)}
    missing = [name for name in names if name not in arrays]
    extra = sorted(set(arrays) - set(names))
    if missing or extra:
        raise UserError(
            "{}: expected the variables {}; missing {}, unknown {}".format(
                who, ", ".join(names), ", ".join(missing) or "none", ", ".join(extra) or "none"
            )
        )
    return arrays


def _weight(array: np.ndarray, v: tf.Variable, who: str, sizes: str) -> np.ndarray:
    """Returns a variable's array as float32, checked.

    Args:
      who: what an error begins with. sizes: the flags that set the shape, for an error.
    """
    name, shape = v.op.name, v.shape.as_list()
    if not isinstance(array, np.ndarray):  # a member of an .npz that is no .npy
        raise UserError(f"{who}: expected an .npz of arrays, cannot read it: {name} is none")
    if list(array.shape) != shape:
        raise UserError(
            f"{who}: expected {name} of shape {shape}, got {list(array.shape)}; give the {sizes} it was trained with"
        )
    if array.dtype.kind != "f":
        raise UserError(f"{who}: expected finite floating-point numbers in {name}, got {array.dtype}")
    with np.errstate(over="ignore"):
        weight = array.astype(np.float32)
    if not np.isfinite(weight).all():
        raise UserError(f"{who}: expected finite floating-point numbers in {name}, got NaN or infinity")
    return weight


def read_npz(path: str, who: str) -> Dict[str, np.ndarray]:
    """Reads an .npz; returns its arrays by name.

    Args:
      path: of the file. who: what an error begins with.
    Raises:
      UserError: if it cannot be read, or holds something else than arrays of numbers or text.
    """
    try:
        if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
            raise ValueError("it is no ordinary file")  # a pipe would block
        with open(path, "rb") as f:
            if not f.read(2) == b"PK":
                raise ValueError("it is no .npz")
            zipfile.ZipFile(f).close()  # of a broken archive NumPy 1 prints a traceback
            f.seek(0)
            with np.load(f, allow_pickle=False) as npz:
                # Names may end in the ":0" of the tensor, as v.name has it.
                return {re.sub(":0$", "", name): npz[name] for name in npz.files}
    except Exception as e:  # zipfile, zlib and NumPy raise a dozen types for a broken file
        raise UserError(
            f"{who}: expected an .npz of arrays, cannot read it: {getattr(e, 'strerror', None) or e}"
        ) from None


def _read_checkpoint(prefix: str, who: str) -> Dict[str, np.ndarray]:
    """Reads what a checkpoint has of a model, arrays by name; prefix: its path, or that of one of its files."""
    for ending in (".index", ".meta"):
        if prefix.endswith(ending):
            prefix = prefix[: -len(ending)]
    prefix = re.sub(r"\.data-\d{5}-of-\d{5}$", "", prefix)
    if not os.path.exists(f"{prefix}.index"):
        raise UserError(
            f"{who}: expected an .npz file or the prefix of a TensorFlow checkpoint (there is no {prefix}.index)"
        )
    try:
        reader = tf.train.load_checkpoint(prefix)
        stored = reader.get_variable_to_shape_map()
        return {name: reader.get_tensor(name) for name in stored if not _PASSED_OVER.match(name)}
    except Exception as e:  # TensorFlow's own error types differ between versions
        raise UserError(
            f"{who}: expected a whole TensorFlow checkpoint, cannot read it: {str(e).splitlines()[0]}"
        ) from None
