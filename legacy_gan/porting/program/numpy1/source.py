"""Has a program's text call NumPy 1's arithmetic (arithmetic.py) for its operators.

`avg += loss / n` becomes `avg = __numpy1_iadd__(avg, __numpy1_truediv__(loss, n))`: with anything but NumPy's arrays
and scalars these functions are the operators. Lines keep their numbers, files are left as they are.
"""

import ast
import sys
from typing import Any, List, Mapping, Optional, Set

from legacy_gan.porting.program.numpy1 import arithmetic
from legacy_gan.porting.program.numpy1.plain_names import Scopes

__all__ = ["builtin_names", "transformed"]

_BINARY = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
}
_COMPARE = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
_FUNCTIONS = {"float", "int", "complex", "bool", "sum", "divmod", "pow"}
_INTEGERS = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
_DEEPEST = 10000
_NEVER_NUMPY = (ast.Dict, ast.DictComp, ast.JoinedStr, ast.Lambda, ast.Set, ast.SetComp)


def builtin_names() -> Mapping[str, Any]:
    """Returns what a program's builtins need for `transformed`."""
    return {f"__numpy1_{name}__": function for name, function in arithmetic.OPERATORS.items()}


def transformed(tree: ast.AST) -> ast.AST:
    """Returns the tree of a program, changed, in which NumPy's operators are NumPy 1's."""
    if not arithmetic.OPERATORS:
        return tree
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEPEST))  # a sum of a thousand terms is a thousand expressions deep
    try:
        result = _Transformer(_names_of_lists(tree), Scopes(tree)).visit(tree)
        return ast.fix_missing_locations(result)
    finally:
        sys.setrecursionlimit(limit)


def _names_of_lists(tree) -> Set[str]:
    """Returns the names and attributes to which the program somewhere assigns a list, or appends."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (
            isinstance(node.value, (ast.List, ast.ListComp)) or _called(node.value) == "list"
        ):
            found.update(name for name in map(_name, node.targets) if name)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            found.add(_name(node.func.value) or "")
    return found


def _name(node) -> Optional[str]:
    return getattr(node, "id", None) or getattr(node, "attr", None)


def _called(node) -> Optional[str]:
    return getattr(node.func, "id", None) if isinstance(node, ast.Call) else None


def _is_constant(node):
    return isinstance(node, ast.Constant) or isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)


def _is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))


class _Transformer(ast.NodeTransformer):
    """Replaces operators by calls.

    Args:
      lists: names that may hold lists. scopes: of the tree, which it follows.
    """

    def __init__(self, lists: Set[str], scopes: Scopes):
        self._lists = lists
        self._scopes = scopes

    def visit(self, node):
        for field in ("annotation", "returns"):  # not computed with, and read as text by some
            kept = getattr(node, field, None)
            if isinstance(kept, ast.AST):
                setattr(node, field, None)
                result = super().visit(node)
                setattr(node, field, kept)
                return result
        return super().visit(node)

    def _in_scope(self, node):
        self._scopes.enter(node)
        result = self.generic_visit(node)
        self._scopes.leave()
        return result

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _in_scope

    def _call(self, name, args: List[Any], node) -> Any:
        function = ast.Name(id=f"__numpy1_{name}__", ctx=ast.Load())
        return ast.copy_location(ast.Call(func=ast.copy_location(function, node), args=args, keywords=[]), node)

    def visit_BinOp(self, node):
        name = _BINARY.get(type(node.op))
        is_plain = name not in arithmetic.OPERATORS or self._is_plain(node.left, node.right, name)
        self.generic_visit(node)
        if is_plain:
            return node
        return self._call(name, [node.left, node.right], node)

    def _is_plain(self, left, right, name):
        """Whether neither can be NumPy's."""
        if self._scopes.is_plain(left) and self._scopes.is_plain(right):
            formats = name == "mod" and (_is_text(left) or isinstance(right, (ast.Tuple, ast.Dict)))
            return not formats or isinstance(right, ast.Constant)
        if isinstance(left, _NEVER_NUMPY) or isinstance(right, _NEVER_NUMPY):
            return True
        return name != "mod" and (_is_text(left) or _is_text(right))

    def visit_Compare(self, node):
        name = _COMPARE.get(type(node.ops[0]))
        is_plain = self._scopes.is_plain(node) or _called(node.left) == "type" or _name(node.left) == "__name__"
        self.generic_visit(node)
        if is_plain or len(node.ops) > 1 or name not in arithmetic.OPERATORS:
            return node
        return self._call(name, [node.left, node.comparators[0]], node)

    def visit_AugAssign(self, node):
        name = "i" + _BINARY.get(type(node.op), "").rstrip("_")
        is_plain = self._scopes.is_plain(node.target) and self._scopes.is_plain(node.value)
        self.generic_visit(node)
        if is_plain or name not in arithmetic.OPERATORS or _is_text(node.value) and name != "imod":
            return node
        target = node.target
        if isinstance(target, ast.Name):
            loaded = ast.copy_location(ast.Name(id=target.id, ctx=ast.Load()), target)
            return self._assign(target, self._call(name, [loaded, node.value], node), node)
        statements = [self._assign(self._temporary("object", node, ast.Store()), target.value, node)]
        target.value = self._temporary("object", node, ast.Load())
        if isinstance(target, ast.Attribute):
            loaded = ast.copy_location(ast.Attribute(value=target.value, attr=target.attr, ctx=ast.Load()), target)
            return statements + [self._assign(target, self._call(name, [loaded, node.value], node), node)]
        index = self._temporary("index", node, ast.Load())
        statements.append(self._assign(self._temporary("index", node, ast.Store()), _as_index(target.slice), node))
        loaded = ast.copy_location(ast.Subscript(value=target.value, slice=index, ctx=ast.Load()), target)
        value = self._call(name, [self._call("item", [loaded.value, index], node), node.value], node)
        statements.append(self._expression(self._call("set_item", [value, target.value, index], node), node))
        return statements

    def _temporary(self, name, node, ctx):
        return ast.copy_location(ast.Name(id=f"__numpy1_{name}__", ctx=ctx), node)

    def _assign(self, target, value, node):
        return ast.copy_location(ast.Assign(targets=[target], value=value, type_comment=None), node)

    def _expression(self, value, node):
        return ast.copy_location(ast.Expr(value=value), node)

    def visit_Assign(self, node):
        places = [target for target in node.targets if self._may_be_array(target)]
        is_text = _is_text(node.value)
        self.generic_visit(node)
        if not places or is_text:
            return node
        if len(node.targets) > 1:
            value = self._temporary("value", node, ast.Load())
            statements = [self._assign(self._temporary("value", node, ast.Store()), node.value, node)]
            return statements + [self._set(target, value, node) for target in node.targets]
        target = node.targets[0]
        if isinstance(target, ast.Subscript):
            return self._set(target, node.value, node)
        names = [f"{place}" for place in range(len(target.elts))]
        left = ast.Tuple(elts=[self._temporary(name, node, ast.Store()) for name in names], ctx=ast.Store())
        statements = [self._assign(ast.copy_location(left, target), node.value, node)]
        for part, name in zip(target.elts, names):
            statements.append(self._set(part, self._temporary(name, node, ast.Load()), node))
        return statements

    def _may_be_array(self, target):
        """Whether one element of an array may be assigned to."""
        if isinstance(target, (ast.Tuple, ast.List)):
            if any(isinstance(part, (ast.Starred, ast.Tuple, ast.List)) for part in target.elts):
                return False
            return any(map(self._may_be_array, target.elts))
        return isinstance(target, ast.Subscript) and not self._scopes.is_plain(target.value)

    def _set(self, target, value, node):
        if not isinstance(target, ast.Subscript):
            return self._assign(target, value, node)
        return self._expression(self._call("set_item", [value, target.value, _as_index(target.slice)], node), node)

    def visit_Subscript(self, node):
        self.generic_visit(node)
        index = node.slice
        if not isinstance(node.ctx, ast.Load) or not (
            isinstance(index, (ast.List, ast.ListComp)) or _called(index) == "list" or _name(index) in self._lists
        ):
            return node
        return self._call("item", [node.value, index], node)

    def visit_Call(self, node):
        self.generic_visit(node)
        if "call" not in arithmetic.OPERATORS or not node.args:
            return node
        if isinstance(node.func, ast.Attribute) and node.func.attr == "clip":
            call = self._call("clip", [node.func.value] + node.args, node)
            call.keywords = node.keywords
            return call
        name = _name(node.func)
        if isinstance(node.func, ast.Name) and name == "map" and _name(node.args[0]) in _FUNCTIONS:
            node.args[0] = self._call("caller", [node.args[0]], node)
        if (
            isinstance(node.func, ast.Name)
            and name in _FUNCTIONS
            and not (_is_constant(node.args[0]) and len(node.args) == 1)
            or isinstance(node.func, ast.Attribute)
            and (name in _INTEGERS or _name(node.func.value) == "math")
        ):
            call = self._call("call", [node.func] + node.args, node)
            call.keywords = node.keywords
            return call
        return node

    def _test(self, node):
        """Lets an empty array be False."""
        field = "operand" if isinstance(node, ast.UnaryOp) else "test"
        is_plain = self._scopes.is_plain(getattr(node, field))
        self.generic_visit(node)
        test = getattr(node, field)
        if (
            not is_plain
            and "truth" in arithmetic.OPERATORS
            and isinstance(test, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))
        ):
            setattr(node, field, self._call("truth", [test], node))
        return node

    visit_If = visit_While = visit_IfExp = visit_Assert = _test

    def visit_UnaryOp(self, node):
        return self._test(node) if isinstance(node.op, ast.Not) else self.generic_visit(node)


def _as_index(node):
    """Returns the expression of an index: a:b as slice(a, b)."""
    if isinstance(node, ast.Slice):
        parts = [part or ast.Constant(value=None) for part in (node.lower, node.upper, node.step)]
        function = ast.Name(id="__numpy1_slice__", ctx=ast.Load())
        return ast.copy_location(ast.Call(func=function, args=parts, keywords=[]), node)
    if isinstance(node, ast.Tuple):
        return ast.copy_location(ast.Tuple(elts=[_as_index(part) for part in node.elts], ctx=ast.Load()), node)
    return node
