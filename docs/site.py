"""Makes the pages of the site from README, docs/ and the files that they link to: a hook of MkDocs (mkdocs.yml).

README.md becomes the first page. A link out of docs/ (../legacy_gan/models/basic.py) leads on GitHub to the file, and
on the site to a page that shows the file, under source/. So one text serves both, and the site needs no repository's
address.
"""

import os
import posixpath
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGES = os.path.join(ROOT, "build", "pages")  # what MkDocs reads
CODE = re.compile(r"(?ms)(^```.*?^```|`[^`\n]+`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
OTHER_LANGUAGE = re.compile(r" ?\[(?:한국어|English)\]\([^)\s]+\)")  # the site has a switch
AS_THEY_ARE = (".png", ".gif", ".ipynb")
LANGUAGES = {".py": "python", ".sh": "bash", ".jsonl": "json", ".yml": "yaml"}
HIDDEN = "---\nsearch:\n  exclude: true\n---\n"
NOT_SHOWN = ("__pycache__",)


def place(path):
    """Returns the path on the site of a file or folder of the repository."""
    if path in ("README.md", "README.ko.md"):
        return path.replace("README", "index")
    if path.endswith((".md",) + AS_THEY_ARE):
        return path[len("docs/") :] if path.startswith("docs/") else f"source/{path}"
    # What follows a dot in the name of a page is its language.
    return f"source/{path.replace('.', '_')}.md"


def links(text):
    """Returns the targets of the links of a page, outside code."""
    return [target for part in CODE.split(text)[::2] for target in LINK.findall(part)]


def target_of(page, link):
    """Returns (path in the repository, anchor) of a link; ("", anchor) within the page, None where it leads out."""
    if re.match(r"\w+:", link):
        return None
    path, _, anchor = link.partition("#")
    return path and posixpath.normpath(posixpath.join(posixpath.dirname(page), path)), anchor


def for_the_site(page, text):
    """Returns the text of a page as the site has it.

    Args:
      page: its path in the repository. text: what stands there.
    """
    here = posixpath.dirname(place(page))

    def lead(match):
        target = target_of(page, match.group(1))
        if not target or not target[0]:
            return match.group()
        path, anchor = target
        if page.endswith(".ko.md"):  # a page is found by its English name, in the language of the reader
            path = re.sub(r"\.ko\.md$", ".md", path)
        to = posixpath.relpath(place(path), here or ".")
        return f"]({to}{'#' + anchor if anchor and path.endswith('.md') else ''})"

    parts = CODE.split(text)
    parts[::2] = [LINK.sub(lead, OTHER_LANGUAGE.sub("", part)) for part in parts[::2]]
    return "".join(parts).replace("<details>", '<details markdown="1">')


def shown(path):
    """Returns a page that shows a file or the names in a folder."""
    full = os.path.join(ROOT, path)
    if os.path.isdir(full):
        names = sorted(name for name in os.listdir(full) if name not in NOT_SHOWN)
        return f"{HIDDEN}# {path}/\n\n" + "".join(f"- `{name}`\n" for name in names)
    language = LANGUAGES.get(os.path.splitext(path)[1], "text")
    return f"{HIDDEN}# {path}\n\n~~~~~~{language}\n{read(path)}\n~~~~~~\n"


def read(path):
    """Returns the text of a file of the repository."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def pages():
    """Returns what the site is made of: {path on the site: text, or bytes of a picture}.

    Raises:
      FileNotFoundError: for a link that leads nowhere.
    """
    waiting = ["README.md", "README.ko.md"]
    waiting += [f"docs/{name}" for name in sorted(os.listdir(os.path.join(ROOT, "docs"))) if name.endswith(".md")]
    made = {}
    while waiting:
        path = waiting.pop()
        if place(path) in made:
            continue
        if path.endswith(".md"):
            text = read(path)
            targets = [target_of(path, link) for link in links(OTHER_LANGUAGE.sub("", text))]
            waiting += [target[0] for target in targets if target and target[0]]
            text = for_the_site(path, text)
            made[place(path)] = text if place(path)[:7] != "source/" else HIDDEN + text
        elif path.endswith(AS_THEY_ARE):
            with open(os.path.join(ROOT, path), "rb") as f:
                made[place(path)] = f.read()
        else:
            made[place(path)] = shown(path)
    return made


def write(folder):
    """Writes the pages into a folder, and takes away what is no longer one. A file that is right stays untouched."""
    made = pages()
    for path, content in made.items():
        content = content if isinstance(content, bytes) else content.encode("utf-8")
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if os.path.isfile(full):
            with open(full, "rb") as f:
                if f.read() == content:
                    continue
        with open(full, "wb") as f:
            f.write(content)
    for parent, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(parent, name)
            if os.path.relpath(full, folder).replace(os.sep, "/") not in made:
                os.remove(full)


def on_config(config):
    """MkDocs reads the pages that are made here, not docs/ itself."""
    write(PAGES)
    config.docs_dir = PAGES
    return config


on_config.mkdocs_priority = 100  # before the plugins
