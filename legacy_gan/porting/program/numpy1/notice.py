"""Says where a program does what NumPy 2 does otherwise, and arithmetic.py does not serve: in one line, once."""

import ast
import sys
from typing import Any, Iterator, List, Tuple

import numpy as np

from legacy_gan.porting.program.numpy1.arithmetic import HAS_NEP50

__all__ = ["differences", "say"]

_OPERATORS = {"add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "iadd", "isub", "imul", "eq", "lt", "le", "gt"}
_TYPES = (
    "{} computes with NumPy 2's types of scalars, and may come to other numbers than with NumPy 1: "
    'pip install "numpy<2", which is in the extra [programs] on Python 3.10 to 3.12'
)
_ORDER = '{} may put equal numbers in another order than NumPy 1 did; kind="stable" has one order everywhere'
_said: List[str] = []


def differences(tree: ast.AST) -> Iterator[Tuple[int, str]]:
    """Yields (line, what may differ and what to do) for a program's tree, as it was read.

    source.py sees neither the operators that the module operator has as functions nor the text that eval() computes.
    Equal numbers have no order of their own: NumPy 2 sorts by other instructions.
    """
    functions = {}  # name in the program to a function of the module operator
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "operator":
            functions.update((alias.asname or alias.name, f"operator.{alias.name}") for alias in node.names)
    for node in ast.walk(tree):
        name = _dotted(node, functions)
        if name.startswith("operator.") and name[9:] in _OPERATORS:
            yield node.lineno, _TYPES.format(name)
        if isinstance(node, ast.Call):
            called = _dotted(node.func, functions)
            if called == "eval" and node.args and not isinstance(node.args[0], ast.Constant):
                yield node.lineno, _TYPES.format("eval")
            last = getattr(node.func, "attr", None)
            if last in ("argsort", "argpartition") and not called.startswith(("tf.", "jnp.", "torch.")):
                if not any(keyword.arg in ("kind", "stable") for keyword in node.keywords):
                    yield node.lineno, _ORDER.format(last)


def _dotted(node: Any, functions: dict) -> str:
    """Returns "np.argsort", "eval", "operator.mul"; "" for anything else."""
    if isinstance(node, ast.Name):
        return functions.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{getattr(node.value, 'id', '')}.{node.attr}"
    return ""


def say(tree: ast.AST, path: str) -> None:
    """Writes the first difference of the first file that has one to standard error; nothing with NumPy 1."""
    if not HAS_NEP50 or _said:
        return
    for line, what in sorted(differences(tree)):
        _said.append(path)
        sys.stderr.write(f"legacy-gan: {path}:{line}: with NumPy {np.__version__}, {what}\n")
        return
