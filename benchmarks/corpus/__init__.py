"""The public repositories that repositories.py tries: what is executed, and on which made input.

An entry holds no code of its repository but the few words that an edit replaces.
"""

from corpus.agents import AGENTS
from corpus.language import LANGUAGE
from corpus.not_had import NOT_HAD
from corpus.others import OTHERS
from corpus.pictures import PICTURES

__all__ = ["ENTRIES", "NOT_HAD"]

ENTRIES = (*LANGUAGE, *PICTURES, *OTHERS, *AGENTS)
