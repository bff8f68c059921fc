"""A run directory: settings and versions in config.json, losses.csv, the trained model."""

import json
import os
import shutil
import tempfile

import numpy as np

from legacy_gan import files, options
from legacy_gan.errors import UserError

CONFIG = "config.json"
LOSSES = "losses.csv"
MODEL = "model"
CHECKPOINT = os.path.join(MODEL, "model.ckpt")
_HEADER = "step,epoch,d_loss,g_loss\n"


class RunDirectory(object):
    """One run's folder, `runs/<model>` by default.

    Args:
      path: of the folder; it need not exist.
    """

    def __init__(self, path):
        self.path = path

    def __str__(self):
        return self.path

    def file(self, name):
        return os.path.join(self.path, name)

    def config(self):
        """Returns what config.json holds (dict), or None where no run has begun.

        Raises:
          UserError: if the folder holds something else, or config.json cannot be used.
        """
        if not os.path.lexists(self.path):
            return None
        if not os.path.isdir(self.path):
            raise UserError(
                "--run-dir must be a folder, {} is a file; name another".format(self.path)
            )
        if not os.path.lexists(self.file(CONFIG)):
            try:
                empty = not os.listdir(self.path)
            except OSError as e:
                raise UserError("--run-dir {}: {}".format(self.path, e.strerror or e)) from None
            if empty:
                return None
            raise UserError(
                "--run-dir {} holds files but no config.json, so it is no run of this program; "
                "name another folder".format(self.path)
            )
        try:
            with open(self.file(CONFIG), encoding="utf-8") as f:
                config = json.load(f)
            kind = options.SETTINGS[config["model"]]
            config["settings"], _ = options.given_options(config["model"], config["settings"])
            kind(**config["settings"])
            options.given_options(config["model"], config["target"])
            for needed in ("steps_per_epoch", "initial_weights", "source_sha256", "pictures"):
                config[needed]
            config["data"]["sha256"], config["data"]["source"]
            config["target"]["epochs"], config["target"]["steps"]
            if config.get("completed"):
                config["completed"]["step"] + config["steps_per_epoch"]
            return config
        except (OSError, ValueError, KeyError, TypeError, AttributeError, UserError) as e:
            raise UserError(
                "{} is not a settings file of this program ({}: {}); move the folder away or name "
                "another --run-dir".format(self.file(CONFIG), type(e).__name__, e)
            ) from None

    def write_config(self, config):
        with files.replacing(self.file(CONFIG)) as temporary:
            with open(temporary, "w", encoding="utf-8") as f:
                json.dump(config, f, indent=2, ensure_ascii=False)
                f.write("\n")

    def move_aside(self, config):
        """Renames the folder to `<path>.1`, or the next free number, with its pictures.

        Args:
          config: what config() returned; the pictures that it names move along, so that the
            next run's do not mix with them.
        Returns:
          the new path.
        """
        number = 1
        while os.path.lexists("{}.{}".format(self.path, number)):
            number += 1
        aside = "{}.{}".format(self.path, number)
        os.rename(self.path, aside)
        pictures = [p for p in config.get("pictures", []) if os.path.isfile(p)]
        if pictures:
            os.makedirs(os.path.join(aside, "pictures"), exist_ok=True)
            for picture in pictures:
                shutil.move(picture, os.path.join(aside, "pictures", os.path.basename(picture)))
        return aside

    def start_losses(self):
        with open(self.file(LOSSES), "w", encoding="ascii") as f:
            f.write(_HEADER)

    def append_losses(self, first_step, epoch, d_losses, g_losses):
        """Adds one row a step; `first_step` counts from 1, `epoch` from 0."""
        with open(self.file(LOSSES), "a", encoding="ascii") as f:
            for i, (d_loss, g_loss) in enumerate(zip(d_losses, g_losses)):
                f.write("{},{},{:.9g},{:.9g}\n".format(first_step + i, epoch, d_loss, g_loss))

    def losses(self):
        """Returns (d_losses, g_losses), float32 [steps] each, with the listing's signs."""
        with open(self.file(LOSSES), encoding="ascii") as f:
            rows = [line.split(",")[2:] for line in f.read().splitlines()[1:]]
        d_losses, g_losses = np.array(rows, np.float32).reshape(-1, 2).T
        return d_losses, g_losses

    def save_model(self, session, saver):
        """Writes the model as a TensorFlow checkpoint; the folder appears whole."""
        temporary = tempfile.mkdtemp(prefix=".model", dir=self.path)
        try:
            saver.save(session, os.path.join(temporary, "model.ckpt"), write_meta_graph=False)
            # The list of checkpoints that Saver writes beside names the temporary folder.
            os.unlink(os.path.join(temporary, "checkpoint"))
            os.chmod(temporary, 0o755)
            os.rename(temporary, self.file(MODEL))
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
