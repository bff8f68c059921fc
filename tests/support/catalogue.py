"""The messages that the program can say in another language: those in the source and its pages, those of a .po file."""

import ast
import os
import re

from legacy_gan import commands, option_types, registry, translation
from legacy_gan.commands import grammar, train
from legacy_gan.data.embedded import EMBEDDED
from legacy_gan.extras import evaluation_table, run_list
from tests.support.paths import ROOT

PO = os.path.join(translation.FOLDER, "ko", "LC_MESSAGES", f"{translation.DOMAIN}.po")


def of_source():
    """Returns the constants that the package gives to translation.tr, a set of str."""
    found = set()
    for folder, _, names in os.walk(os.path.join(ROOT, "legacy_gan")):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    tree = ast.parse(f.read())
                for node in ast.walk(tree):
                    if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "tr":
                        if isinstance(node.args[0], ast.Constant):
                            found.add(node.args[0].value)
    return found


def of_templates():
    """Returns the constants that the pages of a report give to translation.tr, a set of str."""
    found = set()
    folder = os.path.join(ROOT, "legacy_gan", "extras")
    for name in os.listdir(folder):
        if name.endswith(".jinja"):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                texts = re.findall(r'\btr\(("(?:[^"\\]|\\.)*")\)', f.read(), re.S)
            found |= {ast.literal_eval(text) for text in texts}
    return found


def of_declarations():
    """Returns the texts that are given to translation.tr by name: help of options, of commands, of models."""
    fields = [field for model in registry.MODELS.values() for field in model.fields()]
    found = {model.about for model in registry.MODELS.values()} | set(run_list._HEADINGS)
    found |= {words for _, words in run_list._NUMBERS}
    for metric, (words, _, meaning) in evaluation_table.ROWS.items():
        if "{}" not in words:
            found |= {evaluation_table.SHORT.get(metric, words), meaning}
    found |= {evaluation_table.UNKNOWN, evaluation_table.DULL_NUMBERS, evaluation_table.SEEN}
    for name in commands.NAMES:
        command = commands.command(name)
        for each in command.commands if isinstance(command, grammar.Group) else [command]:
            if isinstance(each, grammar.Command):
                found.add(each.about)
                fields += each._fields_of_options()
    found |= {field.metadata["help"] for field in fields} | {field.metadata["expected"] for field in fields}
    return found | set(train._GROUPS + train._MORE_GROUPS) | {EMBEDDED, option_types._RENAME}


def read(path):
    """Returns {English: translation} of a .po file and the entries marked fuzzy, [English]."""
    with open(path, encoding="utf-8") as f:
        entries = f.read().strip().split("\n\n")
    found, fuzzy = {}, []
    for entry in entries:
        texts = {}
        for line in entry.splitlines():
            word = re.match(r'(msgid|msgstr) (".*")$', line)
            if word:
                key = word.group(1)
                texts[key] = ast.literal_eval(word.group(2))
            elif line.startswith('"'):
                texts[key] += ast.literal_eval(line)
        if "#, fuzzy" in entry:
            fuzzy.append(texts["msgid"])
        if texts:
            assert texts["msgid"] not in found, texts
            found[texts["msgid"]] = texts["msgstr"]
    return found, fuzzy


def names_in(text):
    """Returns the places that a message leaves to be filled, sorted: what stands in its braces."""
    return sorted(re.findall(r"{[^{}]*}", text))
