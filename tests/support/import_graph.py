"""What imports what in legacy_gan, read from its text: the modules themselves are not imported."""

import ast
import os

from tests.support.paths import ROOT

PACKAGE = os.path.join(ROOT, "legacy_gan")


def sources(folder=PACKAGE, package="legacy_gan"):
    """Returns the text of every module below a folder: dict of dotted name to str."""
    found = {}
    for here, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(here, name)
                parts = os.path.relpath(path, folder)[: -len(".py")].split(os.sep)
                with open(path, encoding="utf-8") as f:
                    found[".".join([package] + [part for part in parts if part != "__init__"])] = f.read()
    return found


def imported(source):
    """Returns the dotted names that a module's text imports, at the top and in functions: set of str.

    `from a import b` gives a.b, whether b is a module or a name in a. A call of importlib.import_module
    counts where it is given a literal.
    """
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "this package writes whole names"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            names.update(value for value in map(_literal, node.args) if value is not None)
    return names


def graph(texts):
    """Returns dict of module to the set of modules among `texts` that it imports.

    A package counts where a name that it defines is imported, not where one of its modules is.
    """
    edges = {}
    for module, text in texts.items():
        edges[module] = set()
        for name in imported(text):
            target = name if name in texts else name.rpartition(".")[0]
            if target in texts and target != module:
                edges[module].add(target)
    return edges


def cycles(edges):
    """Returns the groups of modules that import each other, directly or not: a set of frozensets."""
    reached = {module: _reached(module, edges) for module in edges}
    return {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in edges
        if module in reached[module]
    }


def _reached(module, edges):
    """Returns the modules that a module imports, directly or not."""
    found, ahead = set(), [module]
    while ahead:
        for target in edges[ahead.pop()] - found:
            found.add(target)
            ahead.append(target)
    return found


def _literal(node):
    """Returns the str that a node is, or None."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def used(source):
    """Returns the names and attributes that a module's text uses, strings and comments aside: set of str."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
