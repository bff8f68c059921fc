"""--config: the settings and the target of a run that was made elsewhere, from its config.json."""

import json
from typing import Any, Dict, Mapping

from legacy_gan import registry
from legacy_gan.errors import OptionError, UserError


def merged(model: str, given: Mapping[str, Any]) -> Dict[str, Any]:
    """Returns the options of a command, with those of the file that --config names for what was not given.

    Args:
      model: the name of one. given: option name to value, texts of the command line or Python values.
    Raises:
      OptionError, UserError: for a file that cannot be read, is of another model, or has options that no command takes.
    """
    given = dict(given)
    if given.get("config") is None:
        return given
    record = registry.model(model)
    _, run = record.checked({"config": given["config"]})
    if given.get("preset") is not None:
        raise UserError("--config and --preset both give settings; name one of them")
    path = run["config"]
    read = _read(path)
    if read.get("model", model) != model:
        raise UserError(f"--config {path} is of the model {read['model']}, got {model}; train that one")
    of_file: Dict[str, Any] = dict(read.get("settings", {}))
    of_file.update({name: value for name, value in read.get("target", {}).items() if value is not None})
    if {"epochs", "steps"} & set(given):  # a target is given whole
        of_file.pop("epochs", None), of_file.pop("steps", None)
    try:
        record.checked(of_file)
    except OptionError as e:
        raise OptionError(f"--config {path}: {e}") from None
    fields = {field.name: field for field in record.fields()}
    of_file = {name: value for name, value in of_file.items() if value is not None or fields[name].default is not None}
    return dict(of_file, **given)


def _read(path: str) -> Dict[str, Any]:
    """Returns what a file of settings holds; UserError where it is none."""
    try:
        with open(path, encoding="utf-8") as f:
            read = json.load(f)
    except (OSError, ValueError, RecursionError) as e:
        why = e.strerror if isinstance(e, OSError) else "it is not JSON"
        raise UserError(f"--config {path}: {why}; expected the config.json of a run") from None
    parts = [read.get(name, {}) for name in ("settings", "target")] if isinstance(read, dict) else [None]
    if not all(isinstance(part, dict) for part in parts):
        raise UserError(f"--config {path}: expected the config.json of a run, got other JSON")
    return dict(read)
