"""A run directory: config.json, losses.csv, health.csv, checkpoints/, and the lock on it all."""

import json
import os
import shutil
from typing import IO, Any, List, Mapping, Optional, Tuple

import numpy as np

from legacy_gan import console, files
from legacy_gan.errors import UserError
from legacy_gan.training import config as run_config
from legacy_gan.training.request import Config
from legacy_gan.training.run_files import CHECKPOINTS, CONFIG, HEALTH, LOCK, LOSSES

_HERE = "{run}/"  # begins a picture's path in config.json that is relative to the folder
_HEADERS = {LOSSES: b"step,epoch,d_loss,g_loss\n", HEALTH: b"step,epoch,d_real,d_fake,spread\n"}


class RunDirectory:
    """One run's folder, `runs/<model>` by default.

    Args:
      path: of the folder; it need not exist.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def __str__(self) -> str:
        return self.path

    def file(self, *names: str) -> str:
        """Returns the path of a file in the folder; names: of the folders on the way, and its own."""
        return os.path.join(self.path, *names)

    def config(self) -> Optional[Config]:
        """Returns what config.json holds, or None where no run has begun.

        Raises:
          UserError: if the folder holds something else, or config.json cannot be used.
        """
        if not os.path.lexists(self.path):
            return None
        if not os.path.isdir(self.path):
            raise UserError(f"--run-dir must be a folder, {self.path} is a file; name another")
        if not os.path.lexists(self.file(CONFIG)):
            try:
                if self._is_unused():
                    return None
            except OSError as e:
                raise UserError(f"--run-dir {self.path}: {e.strerror or e}") from None
            raise UserError(
                f"--run-dir {self.path} holds files but no config.json, so it is no run of this program; "
                "name another folder"
            )
        try:
            with open(self.file(CONFIG), encoding="utf-8") as f:
                config: Config = json.load(f)
            run_config.check(config)
            return config
        except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError, UserError) as e:
            raise UserError(
                f"{self.file(CONFIG)} is not a settings file of this program ({type(e).__name__}: {e}); "
                "move the folder away or name another --run-dir"
            ) from None

    def _is_unused(self) -> bool:
        """Whether there are no files but those of a process that died before it wrote config.json.

        There may be empty folders: pictures and weights may go into the run's own.
        """
        for name in os.listdir(self.path):
            path = self.file(name)
            holds_files = not os.path.isdir(path) or any(found for _, _, found in os.walk(path))
            if name != LOCK and holds_files and not files.is_unfinished(name):
                return False
        return True

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Writes config.json, whole or not at all; OSError where it cannot."""
        text = json.dumps(config, indent=2, ensure_ascii=False)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:  # a path on the way to this folder has bytes that are not UTF-8
            text = json.dumps(config, indent=2)
        with files.replacing(self.file(CONFIG)) as temporary:
            with open(temporary, "w", encoding="utf-8") as f:
                f.write(f"{text}\n")

    def record_picture(self, config: Config, path: str) -> bool:
        """Adds a picture to a config, if it is not there; one in this folder relative to it.

        Returns:
          whether it was not there.
        """
        folder = os.path.join(os.path.abspath(self.path), "")
        if os.path.abspath(path).startswith(folder):
            path = _HERE + os.path.abspath(path)[len(folder) :].replace(os.sep, "/")
        if path in config["pictures"]:
            return False
        config["pictures"].append(path)
        return True

    def pictures(self, config: Config) -> List[str]:
        """Returns the paths of the pictures that a config of this run names."""
        return [
            self.file(*path[len(_HERE) :].split("/")) if path.startswith(_HERE) else path
            for path in config.get("pictures", [])
        ]

    def move_aside(self, config: Config) -> str:
        """Renames the folder to `<path>.1`, or the next free number, with its pictures.

        Args:
          config: what config() returned; the pictures that it names move along, so that the
            next run's do not mix with them.
        Returns:
          the new path.
        """
        # Those in the folder itself move with it.
        elsewhere = [path for path in config.get("pictures", []) if not path.startswith(_HERE) and os.path.isfile(path)]
        number = 1
        while os.path.lexists(f"{self.path}.{number}"):
            number += 1
        aside = f"{self.path}.{number}"
        os.rename(self.path, aside)
        if elsewhere:
            moved = RunDirectory(aside)
            os.makedirs(moved.file("pictures"), exist_ok=True)
            kept = [path for path in config["pictures"] if path not in elsewhere]
            config = dict(config, pictures=kept)
            for picture in elsewhere:
                path = moved.file("pictures", os.path.basename(picture))
                shutil.move(picture, path)
                moved.record_picture(config, path)
            moved.write_config(config)
        return aside

    def check(self) -> None:
        """Raises UserError if something else than a file or folder of a run has its name."""
        for name, right, kind in (
            (LOCK, os.path.isfile, "file"),
            (LOSSES, os.path.isfile, "file"),
            (HEALTH, os.path.isfile, "file"),
            (CHECKPOINTS, os.path.isdir, "folder"),
        ):
            if os.path.lexists(self.file(name)) and not right(self.file(name)):
                raise UserError(f"{self.file(name)}: expected a {kind}, got something else; move it away")

    def start(self) -> None:
        """Begins losses.csv and health.csv, without rows."""
        for name, header in _HEADERS.items():
            with open(self.file(name), "wb") as f:
                f.write(header)

    def append_losses(self, first_step: int, epoch: int, d_losses: np.ndarray, g_losses: np.ndarray) -> None:
        """Adds one row a step; `first_step` counts from 1, `epoch` from 0."""
        rows = enumerate(zip(d_losses, g_losses), first_step)
        self._append(LOSSES, "".join("{},{},{:.9g},{:.9g}\n".format(step, epoch, *pair) for step, pair in rows))

    def append_health(self, step: int, epoch: int, health: Tuple[float, float, float]) -> None:
        """Adds the row of an epoch; `step` counts from 1, `epoch` from 0; health: a listeners.Health."""
        self._append(HEALTH, "{},{},{:.9g},{:.9g},{:.9g}\n".format(step, epoch, *health))

    def _append(self, name: str, text: str) -> None:
        with open(self.file(name), "ab") as f:
            f.write(text.encode("ascii"))

    def sync(self) -> None:
        """Brings losses.csv and health.csv to the disk."""
        for name in _HEADERS:
            files.sync(self.file(name))

    def losses(self) -> Tuple[np.ndarray, np.ndarray]:
        """Returns (d_losses, g_losses), float32 [steps] each, with the listing's signs."""
        values = self._rows(LOSSES)[0][:, 2:].astype(np.float32)
        return values[:, 0], values[:, 1]

    def health(self) -> np.ndarray:
        """Returns the rows of health.csv, float64 [epochs, 5]: step, epoch, and the fields of listeners.Health."""
        return self._rows(HEALTH)[0]

    def cut(self, step: int) -> None:
        """Takes what is later than a step out of losses.csv and health.csv, and what is broken."""
        for name, header in _HEADERS.items():
            rows, ends, damaged = self._rows(name)
            if damaged:
                console.warn(
                    f"{self.file(name)}: row {len(rows) + 1} cannot be read; it and those after it are left out"
                )
            whole = int((rows[:, 0] <= step).sum())
            with open(self.file(name), "ab") as f:
                f.truncate(ends[whole])
                if not ends[whole]:
                    f.write(header)

    def _rows(self, name: str) -> Tuple[np.ndarray, List[int], bool]:
        """Returns the leading rows that are whole, where each ends, and if there are damaged ones.

        The rows are float64 [n, columns]. The ends, in bytes, have one entry more, that of
        the header. A last row that was only begun is not damaged.
        """
        try:
            with open(self.file(name), "rb") as f:
                lines = f.read().splitlines(True)
        except OSError:
            lines = []
        columns = _HEADERS[name].count(b",") + 1
        rows: List[List[float]] = []
        ends = [0]
        if lines and lines[0] == _HEADERS[name]:
            ends = [len(lines[0])]
            for line in lines[1:]:
                try:
                    row = [float(part) for part in line.split(b",")]
                except ValueError:
                    break
                if not (len(row) == columns and row[0].is_integer() and row[1].is_integer()):
                    break
                # Steps are counted without a gap; an epoch may be hundreds of steps later.
                in_order = row[0] == len(rows) + 1 if name == LOSSES else not rows or row[0] > rows[-1][0]
                if not line.endswith(b"\n") or not in_order:
                    break
                rows.append(row)
                ends.append(ends[-1] + len(line))
        damaged = any(line.endswith(b"\n") for line in lines[len(rows) + 1 :])
        return np.array(rows, np.float64).reshape(-1, columns), ends, damaged

    def tidy(self) -> None:
        """Removes what a process that died left unfinished; the folder is locked."""
        for folder in (self.path, self.file(CHECKPOINTS)):
            files.tidy(folder, shared=False)


class Lock:
    """Keeps a second process out of a run directory while this one lives.

    The operating system holds it and lets it go with the process, however that ends.

    Args:
      directory: whose.
    """

    def __init__(self, directory: RunDirectory) -> None:
        self._directory = directory
        self._file: Optional[IO[bytes]] = None

    def take(self) -> None:
        """Takes the lock of the folder, which is there.

        Raises:
          UserError: if another process has it.
        """
        self.release()
        self._directory.check()
        try:
            self._file = open(self._directory.file(LOCK), "a+b")
        except OSError as e:
            if os.access(self._directory.path, os.W_OK):
                raise UserError(
                    f"{self._directory.file(LOCK)}: {e.strerror or e}; it keeps a second process out, "
                    "so it must be writable"
                ) from None
            return  # a folder that may only be read: nothing will be changed
        try:
            _lock(self._file)
        except OSError:
            self._file.seek(0)
            owner = self._file.read(20).decode("ascii", "replace").strip()
            self.release()
            raise UserError(
                "{} is in use by another process{}; wait until it ends, or name another --run-dir".format(
                    self._directory, f" ({owner})" if owner else ""
                )
            ) from None
        self._file.truncate(0)
        self._file.write(b"%d\n" % os.getpid())
        self._file.flush()

    def release(self) -> None:
        """Lets a second process in, if the lock is held."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> "Lock":
        if os.path.exists(self._directory.file(CONFIG)):  # else it is not ours to write in
            self.take()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


def _lock(file: IO[bytes]) -> None:
    """Locks an open file for this process or raises OSError if another has it locked."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(1 << 20)  # beyond the number that others want to read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
