"""What `legacy-gan check` finds in a program: a Finding for each place, of one of eight kinds."""

from typing import NamedTuple

# The kinds. The first five do not stop `legacy-gan run`.
NEEDS_TF1 = "needs TensorFlow 1's tf"  # legacy_gan.tf1 serves it
CHANGED = "has another meaning in today's TensorFlow"
NEEDS_KERAS = "needs Keras 2, which is installed"
REMOVED_API = "is gone from its package, and served"
PRINTS_OTHERWISE = "prints otherwise than in Python 2"
NOT_SERVED = "not served"
PYTHON_2 = "Python 2"
NOT_PYTHON = "no Python"


class Finding(NamedTuple):
    """One place of a program.

    Attributes:
      line: its number, from 1.
      kind: one of the kinds above.
      what: a symbol, or a construct of Python 2.
      advice: what to write instead; "" if there is nothing to do.
    """

    line: int
    kind: str
    what: str
    advice: str = ""

    @property
    def stops(self) -> bool:
        """Whether the program must be changed here before `legacy-gan run` can run it."""
        return self.kind in (NOT_SERVED, PYTHON_2, NOT_PYTHON)
