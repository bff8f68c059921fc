"""Finds in one file what needs TensorFlow 1's tf, what is not served, what is Python 2.

The program is read, not run, and TensorFlow is not loaded: what TensorFlow had and has, and what legacy_gan.tf1
serves, is in symbols.txt (symbols.py). The program is read as tokens (scan.py), not by Python's parser, which
refuses Python 2 (python2.py).
"""

import ast
import warnings
from typing import Any, Dict, List, Optional

from legacy_gan.porting import python2, scan, symbols
from legacy_gan.porting.finding import NEEDS_TF1, NOT_PYTHON, NOT_SERVED, PYTHON_2, REMOVED_API, Finding

__all__ = ["ProgramReader", "findings"]

_EMPTIED = ("scipy.misc",)  # of these only what symbols.txt lists is there
_NOTEBOOK = "remove the notebook's line"


def _is_number(token, _):
    return token.kind == "number"


def _by_position(token, after):
    return not (token.kind == "name" and after and after[0].text == "=")


# Functions whose arguments stood in another order, and how a call shows it: its first token, the next.
_OLD_ORDER = {
    "tf.concat": _is_number,
    "tf.split": _is_number,
    "tf.nn.softmax_cross_entropy_with_logits": _by_position,
    "tf.nn.sparse_softmax_cross_entropy_with_logits": _by_position,
    "tf.nn.sigmoid_cross_entropy_with_logits": _by_position,
}


def findings(text: str) -> List[Finding]:
    """Returns what is found in the text of a program that has one file, in order of lines."""
    return ProgramReader(text).read()


class ProgramReader:
    """Goes through a file of a program once and collects what it finds.

    Args:
      text: str. modules: the program's OwnModules, None for a text that stands alone. path: str, of the file.
      lines: its logical lines, None where nobody has them yet.
    Attributes:
      found: list of Finding; findings: the same in order of lines, each once.
      meaning: dict of a name of the file to the dotted name that it stands for: {"tf": "tensorflow"}.
      own: set of the names that the file binds itself.
    """

    def __init__(self, text: str, modules: Any = None, path: str = "", lines: Optional[List[List[scan.Token]]] = None):
        self.text, self.modules, self.path = text, modules, path
        self.lines = list(scan.logical_lines(text)) if lines is None else lines
        self.found: List[Finding] = []
        self.findings: List[Finding] = []
        self.prints_by_function = False  # from __future__ import print_function
        self.meaning: Dict[str, str] = {}
        self.own = self._own_names()
        self.own_attributes = self._own_attributes()
        self.indents = scan.indents(text)
        self.guards: List[int] = []  # indents of the blocks that may fail, or are for one version of Python
        self.guarding: Dict[int, bool] = {}  # indent of the last `if` or `try` -> whether its blocks are such

    def add(self, line, kind, what, advice=""):
        self.found.append(Finding(line, kind, what, advice))

    def _own_names(self):
        """Returns the names that the program binds itself."""
        own = set()
        for tokens in self.lines:
            words = [token.text for token in tokens]
            if words[0] in ("import", "from"):
                own.update(token.text for token in tokens[1:] if token.kind == "name")
                continue
            for i, token in enumerate(tokens):
                before = words[i - 1] if i else ""
                after = words[i + 1] if i + 1 < len(words) else ""
                in_header = words[0] in ("def", "class", "for", "with", "except") and token.depth <= 1
                if (
                    token.kind == "name"
                    and before != "."
                    and (
                        before in ("def", "class", "for", "as", "import")
                        or in_header
                        and words[0] == "def"
                        or after == "="
                        and token.depth == 0
                    )
                ):
                    own.add(token.text)
        return own

    def read(self):
        """Returns the findings, in order of lines."""
        self.found += python2.mixed_indents(self.text, {tokens[0].line for tokens in self.lines})
        for place, tokens in enumerate(self.lines):
            indent = self.indents[tokens[0].line]
            self.guards = [guard for guard in self.guards if guard < indent]
            self._statement(place, tokens, indent)
        if self.prints_by_function:  # which Python 2 refuses as well
            self.found = [
                finding._replace(kind=NOT_PYTHON) if finding.what in python2.PRINTS else finding
                for finding in self.found
            ]
        self._syntax()
        self.findings = sorted(set(self.found), key=lambda finding: (finding.line, finding.kind, finding.what))
        return self.findings

    def _own_attributes(self):
        """Returns the dotted names that the program gives values, as in tf.model = Sequential()."""
        found = set()
        for tokens in self.lines:
            for part in scan.statements(tokens):
                size = 1
                while size + 1 < len(part) and part[size].text == "." and part[size + 1].kind == "name":
                    size += 2
                if 1 < size < len(part) and part[size].text == "=":
                    found.add("".join(token.text for token in part[:size]))
        return found

    def _statement(self, place, tokens, indent):
        words = [token.text for token in tokens]
        if words[0] in ("if", "try"):
            self.guarding[indent] = self._about_versions(words) if words[0] == "if" else (self._guards(place, indent))
        if words[0] in ("if", "elif", "else", "try", "except") and self.guarding.get(indent):
            self.guards.append(indent)
        for part in scan.statements(tokens):
            head = part[0].text
            if head == "import":
                self._import(part)
            elif head == "from":
                self._from(part)
            else:
                self._notebook(part)
                self.found += python2.old_statements(part)
                self._names(part)
                self._alias(part)
        self.found += python2.old_tokens(tokens, self.own)

    @staticmethod
    def _about_versions(words):
        return bool({"version_info", "PY2", "PY3", "python_version"} & set(words)) or (
            {"str", "is", "bytes"} <= set(words)
        )

    def _guards(self, place, indent):
        """Whether the `try` at a place in self.lines is there for names that may be missing."""
        for size, tokens in enumerate(self.lines[place + 1 :], 1):
            words = [token.text for token in tokens]
            if self.indents[tokens[0].line] <= indent and words[0] == "except":
                missing = {"ImportError", "ModuleNotFoundError", "NameError", "AttributeError"} & set(words)
                # What catches everything may be there for anything: a short block is for one name.
                return bool(missing) or size <= 4 and (words[1:2] == [":"] or "Exception" in words)
            if self.indents[tokens[0].line] <= indent:
                return False
        return False

    def _import(self, tokens):
        """import a.b, c as d"""
        for names in scan.split(tokens[1:], ","):
            words = [token.text for token in names if token.text != "\n"]
            if not words:
                continue
            local, name = words[0], "".join(words)
            if "as" in words:
                at = words.index("as")
                name, local = "".join(words[:at]), words[-1]
                self.meaning[local] = name
            else:
                self.meaning[local] = local
            self._imports(names[0].line, name)

    def _from(self, tokens):
        """from a.b import c, d as e"""
        words = [token.text for token in tokens]
        if "import" not in words:
            return
        at = words.index("import")
        module = "".join(words[1:at])
        names = [token for token in tokens[at + 1 :] if token.text not in "()"]
        if module == "__future__":
            self.prints_by_function = self.prints_by_function or "print_function" in words
            return
        for part in scan.split(names, ","):
            if not part:
                continue
            name = part[0].text
            if name == "*":
                self._imports(part[0].line, module)
                self._star(module)
                continue
            full = module + ("" if module.endswith(".") else ".") + name
            exports = self.modules and self.modules.exports(module, self.path)
            self.meaning[part[-1].text] = exports.meaning.get(name, full) if exports else full
            self._imports(part[0].line, full)

    def _star(self, module):
        """from module import *: names of TensorFlow, or what a module of the program's own binds."""
        exports = self.modules and self.modules.exports(module, self.path)
        if exports and exports is not self:
            public = {name: value for name, value in exports.meaning.items() if not name.startswith("_")}
            self.meaning.update(public)
            self.own.update(name for name in exports.own - set(public) if not name.startswith("_"))
            return
        for name in symbols.names_by_module().get(symbols.symbol_of(module) or "", ()):
            self.meaning.setdefault(name, f"{module}.{name}")

    def _imports(self, line, name):
        """Judges an imported module, or a name imported from one."""
        top = name.split(".")[0]
        if top and self.modules and self.modules.is_relative(name, self.path) and not self.guards:
            self.add(line, PYTHON_2, f"import {top}", f"from . import {top}")
            return
        self._chain(line, name, importing=True)

    def _alias(self, tokens):
        """slim = tf.contrib.slim: one more name for it. Any other value ends what a name stood for."""
        words = [token.text for token in tokens]
        if len(words) < 3 or words[1] != "=" or tokens[0].kind != "name":
            return
        chain = words[2:]
        dotted = all(word == "." if i % 2 else tokens[2 + i].kind == "name" for i, word in enumerate(chain))
        if dotted and len(chain) % 2 and chain[0] in self.meaning:
            self.meaning[words[0]] = self.meaning[chain[0]] + "".join(chain[1:])
        elif words[0] in self.meaning and tokens[0].depth == 0:
            del self.meaning[words[0]]

    def _names(self, tokens):
        """Judges every name that stands for something imported, and the builtins of Python 2."""
        for i, token in enumerate(tokens):
            if token.kind != "name" or i and tokens[i - 1].text == ".":
                continue
            after = tokens[i + 1].text if i + 1 < len(tokens) else ""
            if after == "=":  # a keyword, or what is assigned to
                continue
            if token.text in self.meaning:
                chain, end = [self.meaning[token.text]], i + 1
                while end + 1 < len(tokens) and tokens[end].text == "." and tokens[end + 1].kind == "name":
                    chain.append(tokens[end + 1].text)
                    end += 2
                written = "".join(part.text for part in tokens[i:end])
                if not any(f"{written}.".startswith(f"{name}.") for name in self.own_attributes):
                    self._chain(token.line, ".".join(chain), tokens[end:])
            elif token.text in self.own:
                continue
            elif python2.is_old_builtin(token.text, after):
                if not (self.guards or self._about_versions([t.text for t in tokens])):
                    self.add(token.line, PYTHON_2, token.text, python2.BUILTINS[token.text])
            elif token.text == "get_ipython":
                self.add(token.line, NOT_PYTHON, token.text, _NOTEBOOK)

    def _chain(self, line, name, rest=(), importing=False):
        """Judges a dotted name as it is called when every import is followed."""
        if self.modules and name.split(".")[0] not in ("", "tensorflow") and self.modules.is_own(name, self.path):
            name = self._through_own(name)
            if not name:
                return
        symbol = symbols.symbol_of(name)
        if symbol:
            self._tensorflow(line, symbol, rest)
            return
        marks, advice, _ = symbols.table()
        parts = name.split(".")
        for size in range(len(parts), 0, -1):
            beginning = ".".join(parts[:size])
            if "s" in marks.get(beginning, ""):
                self.add(line, REMOVED_API, beginning)
                return
            if beginning in _EMPTIED and size < len(parts):
                self.add(line, NOT_SERVED, ".".join(parts[: size + 1]), "its package took it out")
                return
            if (size > 1 or importing) and not self.guards:
                for moved, kind in ((python2.MOVED, PYTHON_2), (advice, NOT_SERVED), (python2.REMOVED, NOT_SERVED)):
                    if beginning in moved:
                        self.add(line, kind, beginning, moved[beginning])
                        return

    def _through_own(self, name):
        """Returns what ops.tf.nn.relu is called in ops.py, a module of the program's own; "" where that is its own."""
        parts = name.split(".")
        for size in range(1, len(parts)):
            exports = self.modules.exports(".".join(parts[:size]), self.path)
            if exports and parts[size] in exports.meaning:
                meaning = ".".join([exports.meaning[parts[size]]] + parts[size + 1 :])
                return "" if self.modules.is_own(meaning, self.path) or meaning.startswith(".") else meaning
        return ""

    def _tensorflow(self, line, symbol, rest):
        kind, symbol, advice = symbols.classify(symbol)
        if self.guards and kind == NOT_SERVED:
            return
        old = _OLD_ORDER.get(symbol)
        if old and len(rest) > 1 and rest[0].text == "(" and old(rest[1], rest[2:3]):
            kind, symbol = NEEDS_TF1, f"{symbol} with its arguments as they were before TensorFlow 1.0"
        if kind:
            self.add(line, kind, symbol, advice)

    def _notebook(self, tokens):
        """Finds a line of a notebook that is for IPython or the shell."""
        if tokens[0].text in ("%", "!"):
            self.add(tokens[0].line, NOT_PYTHON, "".join(token.text for token in tokens[:2]), _NOTEBOOK)

    def _syntax(self):
        """Adds what Python's own parser says, where nothing was found that explains it."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(self.text.lstrip("\ufeff"))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
            line = getattr(e, "lineno", None) or 1
            if not any(finding.kind in (PYTHON_2, NOT_PYTHON) for finding in self.found if finding.line <= line):
                self.add(line, NOT_PYTHON, getattr(e, "msg", None) or str(e), "correct the line")
