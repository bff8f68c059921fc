"""Which names the source of a module uses: what it imports, and every attribute that it asks for."""

import ast
import os


def used_names(module):
    """Returns a set of names; of a package, those of all its files."""
    folder = os.path.dirname(module.__file__)
    files = [module.__file__]
    if hasattr(module, "__path__"):
        files = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".py")]
    used = set()
    for path in files:
        with open(path, encoding="utf-8") as f:
            tree = ast.parse(f.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                used.add(node.attr)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                used.update(alias.name for alias in node.names)
                used.add(getattr(node, "module", None))
    return used - {None}
