"""What `--tensorboard` writes: a run's losses, health, pictures and weights, for TensorBoard."""

import numpy as np

from legacy_gan.tf1 import tf

FOLDER = "tensorboard"  # in a run's folder
EVERY = 10  # steps between two points of a loss
BINS = 30  # of a histogram
_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}  # of a PNG's kinds of colour


class Board(object):
    """Watches a training; see loop.Training's `watchers`.

    Args:
      folder: path. built: legacy_gan.training.built.Built.
    """

    def __init__(self, folder, built):
        self._writer = tf.summary.FileWriter(folder, built.graph)
        self._variables = built.gan.named_vars

    def begin(self, step):
        """What an earlier writer has of later steps is no more: TensorBoard drops it."""
        started = tf.SessionLog(status=tf.SessionLog.START)
        self._writer.add_session_log(started, global_step=step)

    def steps(self, first, d_losses, g_losses):
        """Writes every tenth step's losses, with the listing's signs.

        Args:
          first: int, the number of the first step, from 1. d_losses, g_losses: float [steps].
        """
        for n in range(-first % EVERY, len(d_losses), EVERY):
            self._add(first + n, [("loss/D", d_losses[n]), ("loss/G", g_losses[n])])
        self._writer.flush()

    def epoch(self, session, step, health):
        """Writes the health of a run and how its weights are distributed.

        Args:
          step: int. health: legacy_gan.training.health.Health.
        """
        self._add(step, [("health/D(x)", health.d_real), ("health/D(G(z))", health.d_fake),
                         ("health/spread", health.spread)])
        values = session.run(list(self._variables.values()))
        self._write(step, [tf.Summary.Value(tag="weights/" + name, histo=_histogram(value))
                           for name, value in zip(self._variables, values)])

    def picture(self, step, path):
        """Writes a picture that was drawn, a PNG."""
        if path.endswith(".png"):
            with open(path, "rb") as f:
                png = f.read()
            width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
            image = tf.Summary.Image(
                encoded_image_string=png, width=width, height=height, colorspace=_CHANNELS[png[25]])
            self._write(step, [tf.Summary.Value(tag="pictures", image=image)])

    def close(self):
        self._writer.close()

    def _add(self, step, numbers):
        self._write(step, [tf.Summary.Value(tag=tag, simple_value=value) for tag, value in numbers])

    def _write(self, step, values):
        self._writer.add_summary(tf.Summary(value=values), step)


def _histogram(values):
    counts, edges = np.histogram(values, BINS)
    values = np.asarray(values, np.float64)
    return tf.HistogramProto(
        min=values.min(), max=values.max(), num=values.size, sum=values.sum(),
        sum_squares=(values**2).sum(), bucket_limit=edges[1:].tolist(), bucket=counts.tolist())
