"""Reads a program as tokens and statements, also one of Python 2, which Python's own parser refuses."""

import codecs
import io
import re
import tokenize
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence

from legacy_gan.errors import Unreadable

__all__ = ["Token", "closing", "decoded", "imported_names", "indents", "logical_lines", "read", "split", "statements"]

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


class Token(NamedTuple):
    """A word or a sign of a program.

    Attributes:
      kind: "name", "number", "string" or "op".
      text: as it is written.
      line: the number of its line, from 1.
      depth: how many brackets are open where it stands.
    """

    kind: str
    text: str
    line: int
    depth: int


def read(path: str) -> str:
    """Returns the text of a program, with "\\n" at the end of lines.

    Raises:
      Unreadable: if it is a folder, not there, or no text in the encoding that its first lines name.
    """
    try:
        with open(path, "rb") as f:
            raw = f.read()
    except OSError as e:
        raise Unreadable(f"expected a listing, got {path}: {e.strerror}; name a file of Python") from None
    return decoded(raw, path).replace("\r\n", "\n").replace("\r", "\n")


def decoded(raw: bytes, path: str) -> str:
    """Returns the bytes of a program as text.

    Raises:
      Unreadable: if they are no text in the encoding that its first lines name, UTF-8 where they name none.
    """
    if b"\0" in raw:
        raise Unreadable(f"expected text, got {path}, which has zero bytes; name a file of Python")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    except SyntaxError as e:
        if "invalid or missing encoding" not in str(e):
            raise Unreadable(f"{path}: {e.msg}; correct the line with its encoding") from None
        encoding = "utf-8"  # a line that is no UTF-8, among the first two
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        likely = _likely_encoding(raw)
        expected = encoding.upper() + ("" if _names_encoding(raw) else ", which is what Python reads")
        raise Unreadable(
            f"{path}:{line}: expected {expected}, got byte {raw[e.start]:#x}; the file looks like {likely}: "
            f"save it as UTF-8 in an editor, or with iconv -f {likely} -t utf-8, or name its encoding in its "
            f"first line: # -*- coding: {likely} -*-"
        ) from None


def _names_encoding(raw: bytes) -> bool:
    return any(re.match(rb"[ \t\f]*#.*?coding[:=]", line) for line in raw.split(b"\n")[:2])


def _likely_encoding(raw: bytes) -> str:
    """Returns an encoding, other than UTF-8, that a text may be in: Korean's, or that of Western Europe."""
    try:
        text = raw.decode("cp949")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp949" if any("\uac00" <= letter <= "\ud7a3" for letter in text) else "latin-1"


def logical_lines(text: str) -> Iterator[List[Token]]:
    """Yields the lines of a program, each as its tokens; brackets and backslashes join lines."""
    line, depth = 1, 0
    found: List[Token] = []
    place = len(codecs.BOM_UTF8.decode("utf-8")) if text.startswith("\ufeff") else 0
    start_of_line = True
    while place < len(text):
        match = _TOKEN.match(text, place)
        assert match and match.lastgroup  # the last alternative takes any character
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
            found.append(Token(kind, word, line, depth))
            if word in "([{" and kind == "op":
                depth += 1
            start_of_line = False
        elif word.strip():
            start_of_line = start_of_line and not word.startswith("\\")
        line += word.count("\n")
    if found:
        yield found


def indents(text: str) -> Dict[int, int]:
    """Returns the width of each line's indent, by the number of the line."""
    return {
        number: len(line.expandtabs(8)) - len(line.expandtabs(8).lstrip())
        for number, line in enumerate(text.split("\n"), 1)
    }


_BLOCKS = {"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class"}


def statements(tokens: Sequence[Token]) -> List[List[Token]]:
    """Splits a line into its statements: `if a: b; c` into `if a`, `b` and `c`."""
    parts: List[List[Token]] = []
    part: List[Token] = []
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


def split(tokens: Sequence[Token], sign: str, depth: Optional[int] = None) -> List[List[Token]]:
    """Splits tokens at each token with a text; with a depth, only at those that stand in so many brackets."""
    parts: List[List[Token]] = [[]]
    for token in tokens:
        if token.text == sign and depth in (None, token.depth):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def imported_names(tokens: Sequence[Token]) -> List[str]:
    """Returns what an import statement asks for: of `from a import b, c` a.b, a, a.c, a; of a star the module alone."""
    words = [token.text for token in tokens]
    if words[0] == "import":
        parts = split([token for token in tokens[1:] if token.text != "\n"], ",")
        names = ["".join(token.text for token in part) for part in map(_before_as, parts)]
        return [name for name in names if name]
    if "import" not in words:
        return []
    at = words.index("import")
    module = "".join(words[1:at])
    found = []
    for part in split([token for token in tokens[at + 1 :] if token.text not in "()"], ","):
        if part and part[0].text != "*":
            found.append(module + ("" if module.endswith(".") else ".") + part[0].text)
        found.append(module)
    return found


def _before_as(tokens: Sequence[Token]) -> Sequence[Token]:
    words = [token.text for token in tokens]
    return tokens[: words.index("as")] if "as" in words else tokens


def closing(tokens: Sequence[Token], opening: int) -> int:
    """Returns the place of the bracket that closes the one at `opening`."""
    for i in range(opening + 1, len(tokens)):
        if tokens[i].depth == tokens[opening].depth and tokens[i].text in ")]}":
            return i
    return len(tokens) - 1
