"""What Python 2 had and Python 3 has not: names and what to write instead, statements, and hints on exceptions."""

import re
from typing import Iterator, Optional, Sequence, Set

from legacy_gan.porting.finding import PRINTS_OTHERWISE, PYTHON_2, Finding
from legacy_gan.porting.scan import Token, closing

__all__ = [
    "BUILTINS",
    "MOVED",
    "PRINTS",
    "REMOVED",
    "hint",
    "is_old_builtin",
    "mixed_indents",
    "old_statements",
    "old_tokens",
]

# What Python 3 or a later package has under another name, or not at all: what to write instead.
MOVED = {
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
# Later than Python 2, and not served.
REMOVED = {"distutils": "use setuptools or shutil"}
BUILTINS = {
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
_ONLY_AS_CALLS = {"long", "reduce", "cmp", "apply", "file", "reload", "intern", "buffer", "coerce"}
_METHODS = {
    "has_key": "key in d",
    "iteritems": "items",
    "iterkeys": "keys",
    "itervalues": "values",
    "viewitems": "items",
    "viewkeys": "keys",
    "viewvalues": "values",
}
PRINTS = ("print x", "print >>f, x")  # what old_statements calls statements of print
_LISTS = ("keys", "values", "items")


def is_old_builtin(name: str, after: str) -> bool:
    """Whether a name, followed by a text, is a builtin of Python 2, unless the program binds it itself."""
    return name in BUILTINS and (name not in _ONLY_AS_CALLS or after == "(")


def old_statements(tokens: Sequence[Token]) -> Iterator[Finding]:
    """Yields what a statement has that Python 3's statements have not."""
    line, head = tokens[0].line, tokens[0].text
    after = tokens[1] if len(tokens) > 1 else None
    if head == "print" and after:
        if after.text == "(":
            end = closing(tokens, 1)
            rest = tokens[end + 1].text if end + 1 < len(tokens) else ""
            if rest in ("%", ","):
                kind = PYTHON_2 if rest == "%" else PRINTS_OTHERWISE
                yield Finding(line, kind, f"print (...) {rest}", f"print(... {rest} ...)")
        elif after.kind != "op" and after.text not in ("in", "is", "and", "or", "if", "else", "for"):
            yield Finding(line, PYTHON_2, "print x", "print(x)")
        elif after.text == ">>":
            yield Finding(line, PYTHON_2, "print >>f, x", "print(x, file=f)")
        elif after.text in "`[{-~+":
            yield Finding(line, PYTHON_2, "print x", "print(x)")
    elif (
        head == "exec"
        and after
        and (
            after.kind in ("string", "name")
            or any(token.text == "in" and token.depth == tokens[0].depth for token in tokens)
        )
    ):
        yield Finding(line, PYTHON_2, "exec x", "exec(x)")
    elif head == "raise" and any(t.text == "," and t.depth == tokens[0].depth for t in tokens):
        yield Finding(line, PYTHON_2, "raise E, x", "raise E(x)")
    elif head == "except" and any(t.text == "," and t.depth == tokens[0].depth for t in tokens):
        yield Finding(line, PYTHON_2, "except E, e", "except E as e")
    elif head == "def":
        for i, token in enumerate(tokens[1:], 1):
            if token.text == "(" and token.depth == 1 and tokens[i - 1].text in ("(", ","):
                yield Finding(line, PYTHON_2, "def f((a, b))", "def f(pair): a, b = pair")


def old_tokens(tokens: Sequence[Token], own: Set[str]) -> Iterator[Finding]:
    """Yields the words and signs of a line that Python 3 does not have.

    Args:
      tokens: the line's.
      own: the names that the program binds itself.
    """
    for i, token in enumerate(tokens):
        after = [t.text for t in tokens[i + 1 : i + 4]]
        if token.kind == "op" and token.text == "<>":
            yield Finding(token.line, PYTHON_2, "<>", "!=")
        elif token.kind == "op" and token.text == "`":
            yield Finding(token.line, PYTHON_2, "`x`", "repr(x)")
        elif token.kind == "number":
            if token.text[-1] in "lL":
                yield Finding(token.line, PYTHON_2, token.text, token.text.rstrip("lL"))
            elif re.match(r"0[0-7]*[1-7][0-7]*\Z", token.text):
                yield Finding(token.line, PYTHON_2, token.text, f"0o{token.text.lstrip('0')}")
        elif token.kind == "string" and re.match(r"(?i)ur['\"]", token.text):
            yield Finding(token.line, PYTHON_2, 'ur"..."', 'r"..."')
        elif token.text == "lambda" and after[:1] == ["("]:
            yield Finding(token.line, PYTHON_2, "lambda (a, b)", "lambda pair")
        elif token.kind == "name" and i > 1 and tokens[i - 1].text == "." and after[:1] == ["("]:
            if token.text in _METHODS and tokens[i - 2].text != "six" and token.text not in own:
                yield Finding(token.line, PYTHON_2, f".{token.text}", _METHODS[token.text])
            elif token.text == "next" and after[:2] == ["(", ")"] and "next" not in own:
                yield Finding(token.line, PYTHON_2, ".next()", "next(x)")
            elif token.text in _LISTS and after == ["(", ")", "["]:
                yield Finding(token.line, PYTHON_2, f".{token.text}()[...]", f"list(d.{token.text}())[...]")


def mixed_indents(text: str, starts: Set[int]) -> Iterator[Finding]:
    """Yields the lines whose indent says another thing where a tab is as wide as a space.

    Args:
      text: the program.
      starts: the numbers of the lines that begin a statement.
    """
    levels = [(0, 0)]
    for number, line in enumerate(text.split("\n"), 1):
        if number not in starts:
            continue
        space = line[: len(line) - len(line.lstrip(" \t\f"))].lstrip("\ufeff")
        wide, narrow = len(space.expandtabs(8)), len(space.expandtabs(1))
        while len(levels) > 1 and levels[-1][0] > wide:
            levels.pop()
        before = levels[-1]
        if (wide > before[0]) != (narrow > before[1]) or (wide == before[0]) != (narrow == before[1]):
            yield Finding(number, PYTHON_2, "tabs and spaces mixed", "one of them")
            narrow = before[1] + (wide > before[0])
        if wide > before[0]:
            levels.append((wide, narrow))


# Exceptions of a program that runs

_NAMES_IN_ERRORS = {
    "basestring",
    "cmp",
    "execfile",
    "file",
    "long",
    "raw_input",
    "reduce",
    "reload",
    "unichr",
    "unicode",
    "xrange",
}
_MODULES_IN_ERRORS = {
    "ConfigParser",
    "Queue",
    "StringIO",
    "Tkinter",
    "__builtin__",
    "cPickle",
    "cStringIO",
    "commands",
    "urllib2",
    "urlparse",
}
_ATTRIBUTES_IN_ERRORS = {
    "has_key",
    "iteritems",
    "iterkeys",
    "itervalues",
    "maxint",
    "next",
    "urlretrieve",
    "izip",
    "imap",
    "letters",
    "maketrans",
    "getcwdu",
}


def hint(error: BaseException) -> Optional[str]:
    """Returns a line on an exception of a program that is written for Python 2, None for any other exception.

    A SyntaxError does not say itself whether it is one: None, too.
    """
    words = set(str(error).replace("'", " ").split())
    if (
        isinstance(error, NameError)
        and words & _NAMES_IN_ERRORS
        or isinstance(error, ImportError)
        and words & (_MODULES_IN_ERRORS | _ATTRIBUTES_IN_ERRORS)
        or isinstance(error, AttributeError)
        and words & _ATTRIBUTES_IN_ERRORS
    ):
        return "that is Python 2"
    return None
