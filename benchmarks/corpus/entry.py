"""What a row of the tables of repositories.py holds."""

import zlib
from typing import Callable, NamedTuple, Tuple

__all__ = ["Entry"]


class Entry(NamedTuple):
    """A program of a repository.

    Attributes:
      repository: str, OWNER/NAME.
      command: str, what follows `legacy-gan run` and its flags.
      inputs: functions without arguments that write into the folder where the command is executed.
      edits: tuples (file, text, other text): what is replaced, in the whole file.
      package: str, under which name the repository lies in the folder from which it is executed; "" for itself.
      folder: str, where under the repository the command is executed.
      before: commands that are executed first, on TensorFlow 1.15.5 only.
      flags: flags of `legacy-gan run`.
      steps: int, the training steps of each run.
      line: str, a pattern whose group finds the first number in what a program prints that trains no step.
      note: str, what the page says of it.
    """

    repository: str
    command: str
    inputs: Tuple[Callable[[], None], ...] = ()
    edits: Tuple[Tuple[str, str, str], ...] = ()
    package: str = ""
    folder: str = ""
    before: Tuple[str, ...] = ()
    flags: Tuple[str, ...] = ()
    steps: int = 4
    line: str = ""
    note: str = ""

    @property
    def key(self):
        return self.repository, self.command

    @property
    def slug(self):
        """A name for files."""
        name = f"{self.repository} {self.command}"
        return "".join(c if c.isalnum() else "-" for c in name)[:90] + f"-{zlib.crc32(name.encode()):08x}"
