"""legacy-gan check: what of a TF1 listing needs the door, what is not served, what is Python 2.

The listing is read, not run, and TensorFlow is not loaded: what TensorFlow had and has, and
what the door serves, is in symbols.txt, which benchmarks/symbols.py writes off the modules themselves. The
listing is read as tokens, not by Python's parser, which refuses Python 2.
"""

import ast
import codecs
import collections
import difflib
import functools
import io
import os
import re
import tokenize
import warnings

from legacy_gan.errors import Unreadable

__all__ = ["Finding", "Unreadable", "findings", "judge", "main", "read", "table"]

HERE = os.path.dirname(os.path.abspath(__file__))
SYMBOLS = os.path.join(HERE, "symbols.txt")

# What a finding is. The first three do not stop `legacy-gan run`.
DOOR = "needs the door"
CHANGED = "has another meaning in today's TensorFlow"
GONE = "is gone from its package, and served"
NOT_SERVED = "not served"
PYTHON_2 = "Python 2"
BROKEN = "no Python"

Finding = collections.namedtuple("Finding", "line kind what advice")


# --- What is served ---------------------------------------------------------------------------


def _once(function):
    """The function, without arguments, carried out once."""
    known = []

    @functools.wraps(function)
    def call():
        if not known:
            known.append(function())
        return known[0]

    return call


@_once
def table():
    """Reads symbols.txt; benchmarks/symbols.py, which writes it, says what is in it.

    Returns:
      (marks, instead, second): dicts of "tf.nn.relu" to its marks, to what to use instead of it, and to
      its usual name.
    """
    marks, instead, second = {}, {}, {}
    with open(SYMBOLS, encoding="utf-8") as f:
        for line in f:
            names, _, advice = line.rstrip("\n").partition(" | ")
            names = names.split(" ")
            if names[0] == "=":
                second[names[1]] = names[2]
                continue
            for name in names[2:]:
                name = name if names[0] == "." else f"{names[0]}.{name}"
                if names[1] != "-":
                    marks[name] = names[1]
                if advice:
                    instead[name] = advice
    return marks, instead, second


@_once
def _modules():
    """Returns what names stand under: {module: [names]}."""
    modules = collections.defaultdict(list)
    for name in table()[0]:
        module, _, last = name.rpartition(".")
        modules[module].append(last)
    return modules


def judge(symbol):
    """Says whether a symbol of TensorFlow is served.

    Args:
      symbol: str, "tf.nn.relu"; what is asked of a class or a function is that class or function.
    Returns:
      (kind, symbol, advice): DOOR, CHANGED, NOT_SERVED, or None for what every TensorFlow has; the
      symbol as far as it was looked at; what to use instead (str), "" if there is nothing to do.
    """
    marks, _, second = table()
    if (f"{symbol}.").startswith("tf.core."):  # protocol buffers, of the TensorFlow that is installed
        return None, symbol, ""
    usual = symbol = "tf" if symbol == "tf.compat.v1" else symbol.replace("tf.compat.v1.", "tf.")
    parts = symbol.split(".")
    for size in range(len(parts), 1, -1):
        beginning = ".".join(parts[:size])
        if beginning in second:
            usual = ".".join([second[beginning]] + parts[size:])
            break
    parts = usual.split(".")
    for size in range(2, len(parts) + 1):
        name = ".".join(parts[:size])
        if name not in marks and parts[size - 1].startswith("__"):
            return None, name, ""
        if name not in marks and name not in _modules():
            return NOT_SERVED, name, _instead(name) or _guess(name)
        if name in _modules() and size < len(parts):
            continue
        if "s" not in marks.get(name, ""):
            return NOT_SERVED, name, _instead(name)
        there = "2" if usual.startswith("tf.python.") else marks[name] if usual == symbol else "s"
        kind = None if "2" in there else CHANGED if "d" in there else DOOR
        return kind, name if usual == symbol else symbol, ""
    return None, symbol, ""


def _instead(symbol):
    """Returns what the door says to use instead of a symbol, or of the module that it stands in."""
    instead = table()[1]
    while symbol:
        if symbol in instead:
            return instead[symbol]
        symbol = symbol.rpartition(".")[0]
    return ""


def _guess(symbol):
    """Returns advice on a name that the table does not have."""
    module, _, name = symbol.rpartition(".")
    close = difflib.get_close_matches(name, _modules()[module], n=1, cutoff=0.8)
    if close:
        return f"did you mean {module}.{close[0]}?"
    return "TensorFlow 1.15 has no such name"


# --- Other packages, and Python 2 -----------------------------------------------------------------

# What Python 3 or a later package has under another name, or not at all: what to write instead.
_MOVED = {
    "cPickle": "pickle",
    "urllib2": "urllib.request",
    "Queue": "queue",
    "StringIO": "io.StringIO",
    "cStringIO": "io.StringIO or io.BytesIO",
    "ConfigParser": "configparser",
    "Tkinter": "tkinter",
    "tkMessageBox": "tkinter.messagebox",
    "HTMLParser": "html.parser",
    "httplib": "http.client",
    "urlparse": "urllib.parse",
    "SocketServer": "socketserver",
    "thread": "_thread",
    "cookielib": "http.cookiejar",
    "Cookie": "http.cookies",
    "xmlrpclib": "xmlrpc.client",
    "commands": "subprocess",
    "copy_reg": "copyreg",
    "__builtin__": "builtins",
    "md5": "hashlib",
    "sha": "hashlib",
    "sets": "set",
    "exceptions": "the builtins",
    "anydbm": "dbm",
    "urllib.urlretrieve": "urllib.request.urlretrieve",
    "urllib.urlopen": "urllib.request.urlopen",
    "urllib.urlencode": "urllib.parse.urlencode",
    "urllib.quote": "urllib.parse.quote",
    "urllib.unquote": "urllib.parse.unquote",
    "urllib.URLopener": "urllib.request.URLopener",
    "sys.maxint": "sys.maxsize",
    "sys.setdefaultencoding": "nothing: text is Unicode",
    "os.getcwdu": "os.getcwd",
    "itertools.izip": "zip",
    "itertools.imap": "map",
    "itertools.ifilter": "filter",
    "itertools.izip_longest": "itertools.zip_longest",
    "string.letters": "string.ascii_letters",
    "string.lowercase": "string.ascii_lowercase",
    "string.uppercase": "string.ascii_uppercase",
    "string.maketrans": "str.maketrans",
    "string.join": "the str's join",
    "string.split": "the str's split",
    "string.atoi": "int",
    "string.atof": "float",
    "string.replace": "the str's replace",
    "types.StringType": "str",
    "types.ListType": "list",
    "types.IntType": "int",
    "types.FloatType": "float",
    "types.DictType": "dict",
    "types.NoneType": "type(None)",
}
# Later than Python 2, and not served by the door.
_REMOVED = {
    "cgi.escape": "use html.escape",
    "imp": "use importlib",
    "distutils": "use setuptools or shutil",
    "sklearn.externals.six": "import six",
}
_EMPTIED = ("scipy.misc",)  # of these only what symbols.txt lists is there
_NOTEBOOK = "remove the notebook's line"
_BUILTINS = {
    "xrange": "range",
    "raw_input": "input",
    "unicode": "str",
    "basestring": "str",
    "long": "int",
    "unichr": "chr",
    "reduce": "functools.reduce",
    "cmp": "a comparison",
    "apply": "f(*arguments)",
    "execfile": "exec(open(...).read())",
    "file": "open",
    "reload": "importlib.reload",
    "intern": "sys.intern",
    "buffer": "memoryview",
    "coerce": "nothing",
}
# These are ordinary names too: only a call of one counts.
_CALLED = {"long", "reduce", "cmp", "apply", "file", "reload", "intern", "buffer", "coerce"}
_METHODS = {
    "has_key": "key in d",
    "iteritems": "items",
    "iterkeys": "keys",
    "itervalues": "values",
    "viewitems": "items",
    "viewkeys": "keys",
    "viewvalues": "values",
}
_LISTS = ("keys", "values", "items")


# --- Reading --------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\f]+|\\\r?\n|\#[^\n]*)
    |(?P<newline>\r?\n)
    |(?P<string>(?P<prefix>[A-Za-z]{0,2})(?:'{3}(?s:\\.|.)*?'{3}|"{3}(?s:\\.|.)*?"{3}
        |'(?:\\(?s:.)|[^\\'\n])*'|"(?:\\(?s:.)|[^\\"\n])*"))
    |(?P<number>(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)[jJlL]*)
    |(?P<name>[^\W\d]\w*)
    |(?P<op><>|[-+*/%&|^=!<>:]=|<<=?|>>=?|\*\*=?|//=?|->|.)""",
    re.X,
)
_PREFIXES = re.compile(r"(?i)(u|r|b|f|br|rb|fr|rf|ur)?\Z")

Token = collections.namedtuple("Token", "kind text line depth first")


def read(path):
    """Returns the text of a listing (str), with "\\n" at the end of lines.

    Raises:
      Unreadable: if it is a folder, not there, or no text in the encoding that its first lines name.
    """
    try:
        with open(path, "rb") as f:
            raw = f.read()
    except OSError as e:
        raise Unreadable(f"expected a listing, got {path}: {e.strerror}; name a file of Python") from None
    if path.endswith(".ipynb"):
        raise Unreadable(
            f"expected a listing, got the notebook {path}; write it out with jupyter nbconvert --to script"
        )
    if b"\0" in raw:
        raise Unreadable(f"expected text, got {path}, which has zero bytes; name a file of Python")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        text = raw.decode(encoding)
    except SyntaxError as e:
        raise Unreadable(f"{path}: {e.msg}; correct the line with its encoding") from None
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        raise Unreadable(
            f"{path}:{line}: expected {encoding}, got byte {raw[e.start]:#x}; name the file's encoding in its first line, "
            "as in # -*- coding: latin-1 -*-"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _tokens(text):
    """Yields the lines of a program, each as a list of Token; brackets and backslashes join lines."""
    line, depth, found = 1, 0, []
    place = len(codecs.BOM_UTF8.decode("utf-8")) if text.startswith("\ufeff") else 0
    start_of_line = True
    while place < len(text):
        match = _TOKEN.match(text, place)
        kind, word = match.lastgroup, match.group()
        if kind == "prefix":
            kind = "string"
        if kind == "string" and not _PREFIXES.match(match.group("prefix")):
            # A name beside a string, as in `print"x"` or `in"x"`
            kind, word = "name", match.group("prefix")
        place += len(word)
        if kind == "newline":
            if depth == 0 and found:
                yield found
                found = []
            start_of_line = True
        elif kind != "skip":
            if start_of_line and depth and word in ("def", "class", "import"):
                # A bracket was never closed: what follows is read all the same.
                yield found
                found, depth = [], 0
            if word in ")]}" and kind == "op":
                depth = max(depth - 1, 0)
            found.append(Token(kind, word, line, depth, not found))
            if word in "([{" and kind == "op":
                depth += 1
            start_of_line = False
        elif word.strip():
            start_of_line = start_of_line and not word.startswith("\\")
        line += word.count("\n")
    if found:
        yield found


class _Reader:
    """Goes through a listing once and collects what it finds.

    Args:
      text: str. beside: names of modules that stand where the listing stands but not where its program
        starts (implicit relative imports are Python 2).
    """

    def __init__(self, text, beside=()):
        self.text, self.beside = text, set(beside)
        self.lines = list(_tokens(text))
        self.found = []
        self.meaning = {}  # a name of the listing -> the dotted name that it stands for
        self.imported = []  # [(line, module)]
        self.own = self._own_names()
        self.indents = _indents(text)
        self.guards = []  # indents of the blocks that may fail, or are for one version of Python
        self.guarding = {}  # indent of the last `if` or `try` -> whether its blocks are such

    def add(self, line, kind, what, advice=""):
        self.found.append(Finding(line, kind, what, advice))

    def _own_names(self):
        """Returns the names that the listing binds itself."""
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
        self._indentation()
        for place, tokens in enumerate(self.lines):
            indent = self.indents[tokens[0].line]
            self.guards = [guard for guard in self.guards if guard < indent]
            self._statement(place, tokens, indent)
        self._syntax()
        return sorted(set(self.found), key=lambda finding: (finding.line, finding.kind, finding.what))

    # One line

    def _statement(self, place, tokens, indent):
        words = [token.text for token in tokens]
        if words[0] in ("if", "try"):
            self.guarding[indent] = self._about_versions(words) if words[0] == "if" else (self._guards(place, indent))
        if words[0] in ("if", "elif", "else", "try", "except") and self.guarding.get(indent):
            self.guards.append(indent)
        for part in _parts(tokens):
            head = part[0].text
            if head == "import":
                self._import(part)
            elif head == "from":
                self._from(part)
            else:
                self._old_statement(part)
                self._names(part)
                self._alias(part)
        self._old_tokens(tokens)

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
        for names in _split(tokens[1:], ","):
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
            return
        for part in _split(names, ","):
            if not part:
                continue
            name = part[0].text
            if name == "*":
                self._imports(part[0].line, module)
                for public in _modules().get(_door(module), ()):
                    self.meaning.setdefault(public, f"{module}.{public}")
                continue
            full = module + ("" if module.endswith(".") else ".") + name
            self.meaning[part[-1].text] = full
            self._imports(part[0].line, full, module)

    def _imports(self, line, name, module=None):
        """Takes note of an imported module, or of a name imported from one."""
        self.imported.append((line, name))
        if module:
            self.imported.append((line, module))
        if (name.split(".")[0] in self.beside) and not self.guards:
            top = name.split(".")[0]
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
                self._chain(token.line, ".".join(chain), tokens[end:])
            elif (
                token.text in _BUILTINS
                and token.text not in self.own
                and not (self.guards or self._about_versions([t.text for t in tokens]))
            ):
                if token.text not in _CALLED or after == "(":
                    self.add(token.line, PYTHON_2, token.text, _BUILTINS[token.text])
            elif token.text == "get_ipython" and "get_ipython" not in self.own:
                self.add(token.line, BROKEN, token.text, _NOTEBOOK)

    def _chain(self, line, name, rest=(), importing=False):
        """Judges a dotted name as it is called when every import is followed."""
        symbol = _door(name)
        if symbol:
            self._tensorflow(line, symbol, rest)
            return
        parts = name.split(".")
        for size in range(len(parts), 0, -1):
            beginning = ".".join(parts[:size])
            if "s" in table()[0].get(beginning, ""):
                self.add(line, GONE, beginning)
                return
            if beginning in _EMPTIED and size < len(parts):
                self.add(line, NOT_SERVED, ".".join(parts[: size + 1]), "its package took it out")
                return
            if (size > 1 or importing) and not self.guards:
                for moved, kind in ((_MOVED, PYTHON_2), (table()[1], NOT_SERVED), (_REMOVED, NOT_SERVED)):
                    if beginning in moved:
                        self.add(line, kind, beginning, moved[beginning])
                        return

    def _tensorflow(self, line, symbol, rest):
        kind, symbol, advice = judge(symbol)
        if self.guards and kind == NOT_SERVED:
            return
        old = _OLD_ORDER.get(symbol)
        if old and len(rest) > 1 and rest[0].text == "(" and old(rest[1], rest[2:3]):
            kind, symbol = DOOR, f"{symbol} with its arguments as they were before TensorFlow 1.0"
        if kind:
            self.add(line, kind, symbol, advice)

    # Python 2

    def _old_statement(self, tokens):
        """Statements that Python 3 does not have."""
        line, head = tokens[0].line, tokens[0].text
        after = tokens[1] if len(tokens) > 1 else None
        if head == "print" and after:
            if after.text == "(":
                end = _closing(tokens, 1)
                rest = tokens[end + 1].text if end + 1 < len(tokens) else ""
                if rest in ("%", ","):
                    self.add(line, PYTHON_2, f"print (...) {rest}", f"print(... {rest} ...)")
            elif after.kind != "op" and after.text not in ("in", "is", "and", "or", "if", "else", "for"):
                self.add(line, PYTHON_2, "print x", "print(x)")
            elif after.text == ">>":
                self.add(line, PYTHON_2, "print >>f, x", "print(x, file=f)")
            elif after.text in "`[{-~+":
                self.add(line, PYTHON_2, "print x", "print(x)")
        elif (
            head == "exec"
            and after
            and (
                after.kind in ("string", "name")
                or any(token.text == "in" and token.depth == tokens[0].depth for token in tokens)
            )
        ):
            self.add(line, PYTHON_2, "exec x", "exec(x)")
        elif head == "raise" and any(t.text == "," and t.depth == tokens[0].depth for t in tokens):
            self.add(line, PYTHON_2, "raise E, x", "raise E(x)")
        elif head == "except" and any(t.text == "," and t.depth == tokens[0].depth for t in tokens):
            self.add(line, PYTHON_2, "except E, e", "except E as e")
        elif head in ("%", "!"):
            self.add(line, BROKEN, head + after.text if after else head, _NOTEBOOK)
        elif head == "def":
            for i, token in enumerate(tokens[1:], 1):
                if token.text == "(" and token.depth == 1 and tokens[i - 1].text in ("(", ","):
                    self.add(line, PYTHON_2, "def f((a, b))", "def f(pair): a, b = pair")

    def _old_tokens(self, tokens):
        """Words and signs that Python 3 does not have."""
        for i, token in enumerate(tokens):
            after = [t.text for t in tokens[i + 1 : i + 4]]
            if token.kind == "op" and token.text == "<>":
                self.add(token.line, PYTHON_2, "<>", "!=")
            elif token.kind == "op" and token.text == "`":
                self.add(token.line, PYTHON_2, "`x`", "repr(x)")
            elif token.kind == "number":
                if token.text[-1] in "lL":
                    self.add(token.line, PYTHON_2, token.text, token.text.rstrip("lL"))
                elif re.match(r"0[0-7]*[1-7][0-7]*\Z", token.text):
                    self.add(token.line, PYTHON_2, token.text, f"0o{token.text.lstrip('0')}")
            elif token.kind == "string" and re.match(r"(?i)ur['\"]", token.text):
                self.add(token.line, PYTHON_2, 'ur"..."', 'r"..."')
            elif token.text == "lambda" and after[:1] == ["("]:
                self.add(token.line, PYTHON_2, "lambda (a, b)", "lambda pair")
            elif token.kind == "name" and i > 1 and tokens[i - 1].text == "." and after[:1] == ["("]:
                if token.text in _METHODS and tokens[i - 2].text != "six" and token.text not in self.own:
                    self.add(token.line, PYTHON_2, f".{token.text}", _METHODS[token.text])
                elif token.text == "next" and after[:2] == ["(", ")"] and "next" not in self.own:
                    self.add(token.line, PYTHON_2, ".next()", "next(x)")
                elif token.text in _LISTS and after == ["(", ")", "["]:
                    self.add(token.line, PYTHON_2, f".{token.text}()[...]", f"list(d.{token.text}())[...]")

    # The whole text

    def _indentation(self):
        """Finds lines whose indent says another thing where a tab is as wide as a space."""
        levels = [(0, 0)]
        starts = {tokens[0].line for tokens in self.lines}
        for number, line in enumerate(self.text.split("\n"), 1):
            if number not in starts:
                continue
            space = line[: len(line) - len(line.lstrip(" \t\f"))].lstrip("\ufeff")
            wide, narrow = len(space.expandtabs(8)), len(space.expandtabs(1))
            while len(levels) > 1 and levels[-1][0] > wide:
                levels.pop()
            before = levels[-1]
            if (wide > before[0]) != (narrow > before[1]) or (wide == before[0]) != (narrow == before[1]):
                self.add(number, PYTHON_2, "tabs and spaces mixed", "one of them")
                narrow = before[1] + (wide > before[0])
            if wide > before[0]:
                levels.append((wide, narrow))

    def _syntax(self):
        """Adds what Python's own parser says, where nothing was found that explains it."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(self.text.lstrip("\ufeff"))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
            line = getattr(e, "lineno", None) or 1
            if not any(finding.kind in (PYTHON_2, BROKEN) for finding in self.found if finding.line <= line):
                self.add(line, BROKEN, getattr(e, "msg", None) or str(e), "correct the line")


def _indents(text):
    """Returns {line: width of its indent}."""
    return {
        number: len(line.expandtabs(8)) - len(line.expandtabs(8).lstrip())
        for number, line in enumerate(text.split("\n"), 1)
    }


_BLOCKS = {"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class"}


def _parts(tokens):
    """Splits a line into its statements: `if a: b; c` into `if a`, `b` and `c`."""
    parts, part = [], []
    block = tokens[0].text in _BLOCKS
    for token in tokens:
        if token.depth == 0 and (
            token.text == ";" or block and token.text == ":" and not any(t.text == "lambda" for t in part)
        ):
            block = block and token.text == ";"
            if part:
                parts.append(part)
            part = []
        else:
            part.append(token)
    return parts + [part] if part else parts


def _split(tokens, sign):
    parts = [[]]
    for token in tokens:
        if token.text == sign:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _closing(tokens, opening):
    """Returns the place of the bracket that closes the one at `opening`."""
    for i in range(opening + 1, len(tokens)):
        if tokens[i].depth == tokens[opening].depth and tokens[i].text in ")]}":
            return i
    return len(tokens) - 1


def _door(name):
    """Returns "tf.x" for "tensorflow.x", under whichever name it is imported; None for other packages."""
    for package in ("tensorflow.compat.v1", "tensorflow_core", "tensorflow"):
        if name == package or name.startswith(f"{package}."):
            return f"tf{name[len(package) :]}"
    return None


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


def findings(text, beside=()):
    """Returns what is found in a listing: a list of Finding, in order of lines."""
    return _Reader(text, beside).read()


# --- The report -----------------------------------------------------------------------------------


def main(paths):
    """Checks listings, and the modules that they import from beside them.

    Args:
      paths: list of str.
    Returns:
      (text, ok): the report, and whether `legacy-gan run` can be expected to run all of them.
    Raises:
      Unreadable: if one of them cannot be read.
    """
    report, ok = [], True
    todo = [(path, os.path.dirname(path)) for path in paths]
    seen = set()
    while todo:
        path, root = todo.pop(0)
        if os.path.realpath(path) in seen:
            continue
        seen.add(os.path.realpath(path))
        folder = os.path.dirname(path)
        reader = _Reader(read(path), () if folder == root else _relative(folder, root))
        found = reader.read()
        report += _report(path, found)
        ok = ok and not any(_stops(finding) for finding in found)
        for _, name in reader.imported:
            todo += [(beside, root) for beside in _files_of(name, folder, root)]
    return "\n".join(report), ok


def _stops(finding):
    return finding.kind in (NOT_SERVED, PYTHON_2, BROKEN)


def _relative(folder, root):
    """Returns the modules that stand in a package's folder, but not where the program starts."""
    return _modules_in(folder) - _modules_in(root)


def _modules_in(folder):
    names = set()
    for name in os.listdir(folder or "."):
        stem, extension = os.path.splitext(name)
        if extension == ".py" or os.path.isfile(os.path.join(folder, name, "__init__.py")):
            names.add(stem)
    return names


def _files_of(name, folder, root):
    """Returns the files of this program that an import loads: [] for what is installed."""
    start = root
    if name.startswith("."):
        up = len(name) - len(name.lstrip("."))
        start, name = folder, name.lstrip(".")
        for _ in range(up - 1):
            start = os.path.dirname(start) or os.path.join(start, "..")
    files = []
    parts = name.split(".") if name else []
    for size in range(1, len(parts) + 1):
        for tail in (parts[: size - 1] + [f"{parts[size - 1]}.py"], parts[:size] + ["__init__.py"]):
            path = os.path.join(start, *tail)
            if os.path.isfile(path):
                files.append(path)
    return files


def _report(path, found):
    """Returns the lines on one listing."""
    lines = []
    name = os.path.basename(path)
    served_kinds = (
        (DOOR, "needs the door, which serves it"),
        (CHANGED, "is another thing in today's TensorFlow; the door has TensorFlow 1's"),
        (GONE, "is gone from its package; served"),
    )
    for kind, heading in served_kinds:
        places = collections.OrderedDict()
        for finding in found:
            if finding.kind == kind:
                places.setdefault(finding.what, []).append(finding.line)
        if places:
            lines.append(f"  {heading}:")
        for what, numbers in places.items():
            more = f", also {', '.join(map(str, numbers[1:]))}" if numbers[1:] else ""
            lines.append(f"    {name}:{numbers[0]}: {what}{more}")
    for kind, heading in ((NOT_SERVED, "is not served"), (PYTHON_2, "is Python 2"), (BROKEN, "is no Python")):
        some = [finding for finding in found if finding.kind == kind]
        if some:
            lines.append(f"  {heading}:")
        for finding in some:
            lines.append(f"    {name}:{finding.line}: {finding.what}; {_ADVICE[kind].format(finding.advice)}")
    stops = [finding for finding in found if _stops(finding)]
    if stops:
        verdict = "{} to change before legacy-gan run can run it".format(
            "1 place" if len(stops) == 1 else f"{len(stops)} places"
        )
    elif found:
        verdict = "legacy-gan run can be expected to run it"
    else:
        verdict = "nothing found; legacy-gan run can be expected to run it"
    return [f"{path}: {verdict}"] + lines


_ADVICE = {NOT_SERVED: "{}", PYTHON_2: "in Python 3 {}", BROKEN: "{}"}
