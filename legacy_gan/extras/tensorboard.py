"""What `--tensorboard` writes: a run's losses, health, pictures and weights, for TensorBoard."""

import importlib.util
import os
import socket
import time
from typing import Any, Callable, List, Sequence, Tuple, TypeVar

import numpy as np

from legacy_gan import console, files
from legacy_gan.tf1 import tf
from legacy_gan.training.listeners import EpochEnd, Health, Listener, Steps
from legacy_gan.training.model_graph import ModelGraph

EVERY = 10  # steps between two points of a loss
BINS = 30  # of a histogram
_Returned = TypeVar("_Returned")
_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}  # of a PNG's kinds of colour


def advise_installing(run: str) -> None:
    """Says how to install TensorBoard where it is missing: TensorFlow 2.21 no longer brings it.

    Args:
      run: path of the run's folder.
    """
    if importlib.util.find_spec("tensorboard") is None:
        console.note(
            f"TensorBoard is not installed; to look at {run}: pip install tensorboard, then tensorboard --logdir "
            f"{os.path.dirname(run) or run}"
        )


class Board(Listener):
    """Writes what it is told of a training. Each of its methods may raise OSError.

    (Not by tf.summary.FileWriter, which writes in a thread: what fails there, on a full disk, is printed
    and goes on.)

    Args:
      folder: path of a folder that is there. model_graph: the model, built.
    """

    def __init__(self, folder: str, model_graph: ModelGraph) -> None:
        # Sorted by name, one that is begun later comes later.
        self._path = os.path.join(
            folder, f"events.out.tfevents.{time.time():017.6f}.{socket.gethostname()}.{os.getpid()}"
        )
        self._writer = self._tried(tf.io.TFRecordWriter, self._path)
        self._variables = model_graph.gan.named_vars
        self._add_event(file_version="brain.Event:2")
        self._add_event(graph_def=model_graph.graph.as_graph_def(add_shapes=True).SerializeToString())

    def begin(self, losses: np.ndarray) -> None:
        """Tells TensorBoard to drop what an earlier writer has of later steps."""
        started = tf.SessionLog(status=tf.SessionLog.START)
        self._add_event(losses.shape[1], session_log=started)

    def steps(self, steps: Steps) -> None:
        """Writes every tenth step's losses, with the listing's signs."""
        for n in range(-steps.first % EVERY, len(steps.d_losses), EVERY):
            self._add(steps.first + n, [("loss/D", steps.d_losses[n]), ("loss/G", steps.g_losses[n])])
        self._tried(self._writer.flush)

    def health(self, end: EpochEnd, health: Health) -> None:
        """Writes the health of a run and how its weights are distributed."""
        session, step = end.session, end.step
        self._add(
            step, [("health/D(x)", health.d_real), ("health/D(G(z))", health.d_fake), ("health/spread", health.spread)]
        )
        values = session.run(list(self._variables.values()))
        self._write(
            step,
            [
                tf.Summary.Value(tag=f"weights/{name}", histo=_histogram(value))
                for name, value in zip(self._variables, values)
            ],
        )

    def picture(self, step: int, path: str) -> None:
        """Writes a picture that was drawn, a PNG."""
        if path.endswith(".png"):
            with open(path, "rb") as f:
                png = f.read()
            width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
            image = tf.Summary.Image(
                encoded_image_string=png, width=width, height=height, colorspace=_CHANNELS[png[25]]
            )
            self._write(step, [tf.Summary.Value(tag="pictures", image=image)])

    def close(self) -> None:
        self._tried(self._writer.close)

    def _add(self, step: int, numbers: Sequence[Tuple[str, float]]) -> None:
        self._write(step, [tf.Summary.Value(tag=tag, simple_value=value) for tag, value in numbers])

    def _write(self, step: int, values: List[tf.Summary.Value]) -> None:
        self._add_event(step, summary=tf.Summary(value=values))

    def _add_event(self, step: int = 0, **what: Any) -> None:
        event = tf.Event(wall_time=time.time(), step=step, **what)
        self._tried(self._writer.write, event.SerializeToString())

    def _tried(self, function: Callable[..., _Returned], *args: Any) -> _Returned:
        """Calls a function that writes; OSError where it cannot."""
        try:
            return function(*args)
        except tf.errors.OpError as e:  # a full disk comes as one of several types
            raise OSError(0, files.why(e), self._path) from e


def _histogram(values: np.ndarray) -> tf.HistogramProto:
    """Returns the histogram of those that are finite numbers."""
    values = np.asarray(values, np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return tf.HistogramProto()
    middle = (values.min() + values.max()) / 2
    half = max(values.max() - middle, 0.5)
    if middle + half / BINS > middle:
        counts, edges = np.histogram(values, BINS)
    else:  # so large and near to each other that no number is between them
        counts, edges = np.array([values.size]), np.array([values.min(), values.max()])
    return tf.HistogramProto(
        min=values.min(),
        max=values.max(),
        num=values.size,
        sum=values.sum(),
        sum_squares=(values**2).sum(),
        bucket_limit=edges[1:].tolist(),
        bucket=counts.tolist(),
    )
