"""Translates a file of Python 2 to a tree of Python 3 whose lines are those of the file.

fissix, the kept fork of lib2to3, has the grammar and translates statements and literals. What an operator, a method
or a class of Python 2 means is decided while the program runs: the tree calls operations.py for it, as __python2__.
"""

import ast
import functools
import re
from typing import Any, Dict, Iterable, Optional, Tuple

from legacy_gan.errors import CannotRun
from legacy_gan.porting import scan

__all__ = ["OPERATIONS", "require_fissix", "translated"]

OPERATIONS = "__python2__"  # what operations.py is called in the program's builtins

# Fixers of fissix for what Python 3 cannot parse, and for attributes; the rest is done at run time.
_FIXERS = (
    "except exec funcattrs methodattrs metaclass ne numliterals paren print raise repr standarderror sys_exc throw "
    "tuple_params xreadlines"
)


def require_fissix() -> None:
    """Raises CannotRun if fissix is not installed."""
    try:
        import fissix  # noqa: F401
    except ImportError:
        raise CannotRun(
            "--python2 needs fissix, which is not installed: pip install fissix (or the extra [programs])"
        ) from None


@functools.lru_cache(maxsize=None)
def _tool() -> Any:
    from fissix import refactor

    return refactor.RefactoringTool([f"fissix.fixes.fix_{name}" for name in _FIXERS.split()])


def translated(text: str, path: str, mode: str = "exec", future: Iterable[str] = ()) -> ast.AST:
    """Returns a program of Python 2 as a tree that Python 3 compiles; lines are those of the text.

    Args:
      text: str. path: of its file, for errors. mode: "exec", or "eval" for one expression.
      future: what holds in it of __future__, besides what it imports.
    Raises:
      SyntaxError: for what neither Python 2 nor Python 3 takes.
    """
    text = _without_tabs(text)
    if mode == "eval":
        text = text.strip()
    before = f"from __future__ import {', '.join(future)}\n" if future else ""
    try:
        tree, lines = _tree(before + text, path, mode)
    except SyntaxError as e:
        if before and e.lineno:
            e.lineno -= 1
        raise
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    }
    if before:
        tree.body.pop(0)
    meaning = _Meaning("division" not in imported, lines is not None and "print_function" not in imported)
    tree = ast.fix_missing_locations(meaning.visit(tree))
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            line = lines.get(node.lineno, node.lineno) if lines else node.lineno
            node.lineno = node.end_lineno = max(line - bool(before), 1)
            node.col_offset = node.end_col_offset = -1  # none: a traceback marks no part of the line
    return tree


def _tree(text: str, path: str, mode: str) -> Tuple[Any, Optional[Dict[int, int]]]:
    """Returns a tree of Python 3 and the text's line of each of its lines, None where they are the same."""
    try:
        new, lines = _by_fissix(text if text.endswith("\n") else f"{text}\n", path)
    except SyntaxError:
        try:  # print(x, file=f) is a file of Python 3
            return ast.parse(text, path, mode), None
        except SyntaxError:
            pass
        raise
    return ast.parse(new.strip() if mode == "eval" else new, path, mode), lines


def _without_tabs(text: str) -> str:
    """Returns the text with the tabs that lines begin with as Python 2 reads them: up to the next eighth column."""
    starts = {tokens[0].line for tokens in scan.logical_lines(text)}
    return "\n".join(
        re.sub(r"^[ \t\f]+", lambda space: space.group().expandtabs(8), line) if number in starts else line
        for number, line in enumerate(text.split("\n"), 1)
    )


def _by_fissix(text: str, path: str) -> Tuple[str, Dict[int, int]]:
    """Returns the text in the syntax of Python 3, and the program's line of each of its lines."""
    from fissix.pgen2 import parse, tokenize

    try:
        tree = _tool().refactor_string(text, path)
    except parse.ParseError as e:
        line = e.context[1][0] if e.context else 1
        raise SyntaxError("invalid syntax in Python 2", (path, line, None, _line(text, line))) from None
    except (tokenize.TokenError, IndentationError) as e:
        line = e.lineno if isinstance(e, IndentationError) else e.args[1][0]
        raise SyntaxError(str(e.args[0]), (path, line, None, _line(text, line))) from None
    lines: Dict[int, int] = {}
    at = 1
    for leaf in tree.leaves():
        if re.match(r"(?i)ur['\"]", leaf.value):
            leaf.value = re.sub(r"\\u([\da-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), leaf.value[1:])
        at += leaf.prefix.count("\n")
        if leaf.lineno and leaf.value.strip():
            lines.setdefault(at, leaf.lineno)
        at += leaf.value.count("\n")
    for number in range(2, at + 1):
        lines.setdefault(number, lines.get(number - 1, 1))
    return str(tree), lines


def _line(text: str, number: int) -> Optional[str]:
    found = text.split("\n")[number - 1 : number]
    return f"{found[0]}\n" if found else None


class _Meaning(ast.NodeTransformer):
    """Has operations.py decide what differs between the two: x / y, x < y, d.keys(), classes.

    Args:
      floors: bool, whether x / y of whole numbers is a whole number. has_print: bool, whether print is a statement.
    """

    _ORDER = {ast.Lt: "less", ast.LtE: "less_equal", ast.Gt: "greater", ast.GtE: "greater_equal"}
    _COMPARISONS = {**_ORDER, ast.Eq: "equal", ast.NotEq: "not_equal"}
    # Methods that are called with so many arguments, and what calls them instead
    _METHODS = {
        "keys": (0, 0),
        "values": (0, 0),
        "items": (0, 0),
        "iterkeys": (0, 0),
        "itervalues": (0, 0),
        "iteritems": (0, 0),
        "viewkeys": (0, 0),
        "viewvalues": (0, 0),
        "viewitems": (0, 0),
        "has_key": (1, 1),
        "next": (0, 0),
        "sort": (0, 3),
        "decode": (0, 2),
        "encode": (0, 2),
    }

    def __init__(self, floors: bool, has_print: bool):
        self._floors, self._has_print = floors, has_print

    @staticmethod
    def _call(name, *args):
        function = ast.Attribute(ast.Name(OPERATIONS, ast.Load()), name, ast.Load())
        return ast.Call(function, list(args), [])

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if self._floors and isinstance(node.op, ast.Div):
            return ast.copy_location(self._call("divide", node.left, node.right), node)
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if self._floors and isinstance(node.op, ast.Div):
            node.value = ast.copy_location(self._call("Divisor", node.value), node)
        return node

    def visit_Compare(self, node):
        self.generic_visit(node)
        between = node.comparators[:-1]
        if not all(type(op) in self._COMPARISONS for op in node.ops) or not all(map(_is_plain, between)):
            return node
        sides = [node.left] + node.comparators
        parts = [
            ast.copy_location(self._call(self._COMPARISONS[type(op)], sides[i], sides[i + 1]), node)
            for i, op in enumerate(node.ops)
        ]
        return parts[0] if len(parts) == 1 else ast.copy_location(ast.BoolOp(ast.And(), parts), node)

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "print" and self._has_print:
            for keyword in node.keywords:
                if keyword.arg == "end":  # the comma at the end of a statement, as fissix writes it
                    keyword.arg, keyword.value = "comma", ast.copy_location(ast.parse("True", mode="eval").body, node)
            return node
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        low, high = self._METHODS.get(method, (0, -1))
        if low <= len(node.args) + len(node.keywords) <= high:
            call = self._call(method, node.func.value, *node.args)
            call.keywords = node.keywords
            return ast.copy_location(call, node)
        return node

    def visit_ClassDef(self, node):
        self.generic_visit(node)
        node.decorator_list.append(
            ast.copy_location(ast.Attribute(ast.Name(OPERATIONS, ast.Load()), "methods_of", ast.Load()), node)
        )
        return node


def _is_plain(node: ast.AST) -> bool:
    """Whether an expression may be evaluated twice."""
    while isinstance(node, (ast.Attribute, ast.UnaryOp)):
        node = node.value if isinstance(node, ast.Attribute) else node.operand
    return type(node).__name__ in ("Name", "Constant", "Num", "Str")  # the last two until Python 3.7
