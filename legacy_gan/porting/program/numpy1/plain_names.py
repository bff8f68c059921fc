"""Which names of a program certainly hold no array and no scalar of NumPy: counters, lengths, texts, new lists.

Their operators stay as they are written, so that a loop over numbers of Python is as quick as it was.
"""

import ast
from typing import Any, Dict, List, Optional, Set

__all__ = ["Scopes"]

_FUNCTIONS = {"dict", "float", "int", "len", "list", "ord", "range", "set", "str"}  # what they return is Python's
_DISPLAYS = (
    ast.Constant,
    ast.JoinedStr,
    ast.List,
    ast.ListComp,
    ast.Dict,
    ast.DictComp,
    ast.Set,
    ast.SetComp,
    ast.Tuple,
    ast.GeneratorExp,
    ast.Lambda,
)
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_Bindings = Dict[str, List[Optional[ast.AST]]]  # None for a value of which nothing is known


class Scopes:
    """The scopes around the place of a program that is looked at.

    Args:
      tree: of the whole program.
    """

    def __init__(self, tree: ast.AST):
        self._shared: Set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                self._shared.update(node.names)
        self._stack: List[Dict[str, bool]] = []
        self._is_class: List[bool] = []
        self.enter(tree)

    def enter(self, node: Any) -> None:
        """Goes into a module, a class or a function."""
        bindings = _bindings(node)
        scope = {name: None not in values and name not in self._shared for name, values in bindings.items()}
        self._stack.append(scope)
        self._is_class.append(isinstance(node, ast.ClassDef))
        changed = True
        while changed:
            changed = False
            for name, values in bindings.items():
                if scope[name] and not all(self.is_plain(value) for value in values):
                    scope[name], changed = False, True

    def leave(self) -> None:
        """Goes back to the scope around it."""
        self._stack.pop()
        self._is_class.pop()

    def is_plain(self, node: Any) -> bool:
        """Whether an expression's value is certainly Python's own."""
        if isinstance(node, _DISPLAYS):
            return True
        if isinstance(node, ast.Name):
            return self._is_plain_name(node.id)
        if isinstance(node, ast.BinOp):
            return self.is_plain(node.left) and self.is_plain(node.right)
        if isinstance(node, ast.UnaryOp):
            return self.is_plain(node.operand)
        if isinstance(node, ast.IfExp):
            return self.is_plain(node.body) and self.is_plain(node.orelse)
        if isinstance(node, ast.Compare):
            return self.is_plain(node.left) and all(self.is_plain(part) for part in node.comparators)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None)
            return name in _FUNCTIONS and not any(name in scope for scope in self._stack)
        return False

    def _is_plain_name(self, name):
        for depth, scope in enumerate(reversed(self._stack)):
            if name in scope and not (depth and self._is_class[-1 - depth]):  # methods do not see a class's names
                return scope[name]
        return False


def _bindings(scope) -> _Bindings:
    """Returns what is assigned to the names of a scope."""
    found: _Bindings = {}

    def bind(target, value):
        if isinstance(target, ast.Name):
            found.setdefault(target.id, []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values: List[Optional[ast.AST]] = [None] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(values):
                values = list(value.elts)
            for part, one in zip(target.elts, values):
                bind(part, one)
        elif isinstance(target, ast.Starred):
            bind(target.value, None)

    if isinstance(scope, _FUNCTION):
        arguments = scope.args
        for argument in arguments.args + arguments.kwonlyargs + getattr(arguments, "posonlyargs", []):
            found[argument.arg] = [None]
        for more in (arguments.vararg, arguments.kwarg):
            if more:
                found[more.arg] = [None]
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node: Any = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.setdefault(node.name, []).append(None)
            continue  # a scope of its own
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Assign):
            for target in node.targets:
                bind(target, node.value)
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            bind(node.target, node.value)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            _bind_loop(bind, node.target, node.iter)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                found.setdefault((alias.asname or alias.name).split(".")[0], []).append(None)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id, [])  # with, except, :=, match; what binds it above says more
        if isinstance(node, ast.withitem) and node.optional_vars is not None:
            bind(node.optional_vars, None)
        if type(node).__name__ in ("NamedExpr", "MatchAs", "MatchStar", "ExceptHandler", "MatchMapping"):
            for name in (getattr(node, "name", None), getattr(node, "rest", None), _id(getattr(node, "target", None))):
                if name:
                    found.setdefault(name, []).append(None)
        todo += ast.iter_child_nodes(node)
    return found


def _id(node):
    return getattr(node, "id", None)


def _bind_loop(bind, target, values):
    """for target in values: range() gives integers, enumerate() one beside what it enumerates."""
    called = _id(values.func) if isinstance(values, ast.Call) else None
    if called == "range":
        bind(target, ast.Constant(value=0))
    elif called == "enumerate" and isinstance(target, ast.Tuple) and len(target.elts) == 2:
        bind(target.elts[0], ast.Constant(value=0))
        bind(target.elts[1], None)
    else:
        bind(target, None)
