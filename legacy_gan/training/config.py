"""What config.json of a run holds: made for a command, and checked when it is read."""

import dataclasses
import os
import platform
import time
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Union

import numpy as np

from legacy_gan import options, registry
from legacy_gan.data.dataset import Datasets
from legacy_gan.training import pages
from legacy_gan.training.request import Begin, Config, Request, Resume
from legacy_gan.version import __version__

if TYPE_CHECKING:
    from legacy_gan.gan import LastBatch


def new(
    command: Request,
    decision: Union[Begin, Resume],
    settings: options.Settings,
    data_dir: Optional[str],
    mnist: Datasets,
    last_batch: "LastBatch",
    device: str,
    step: int,
    initial_weights: Optional[Dict[str, str]],
) -> Config:
    """Returns the config of a run that begins or goes on.

    Args:
      settings: the decision's, with a number for a seed.
      data_dir: path of the folder that was named, None if none was. mnist: the data.
      last_batch: the model's.
      device: "cpu" or the name of a GPU. step: that the run goes on from.
      initial_weights: their `path` and `sha256`, or None for the model's own.
    """
    changes: List[Dict[str, Any]] = []
    if isinstance(decision, Begin):
        seeds_tried = [*command.seeds_tried, settings.seed]
        old: Config = {"seeds_tried": seeds_tried, "changes": [], "pictures": [], "started": []}
    else:
        old = decision.config
        changes = [{"setting": c.setting, "from": c.was, "to": c.becomes, "step": step} for c in decision.changes]
    started = {
        "step": step, "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "device": device, "versions": _versions(),
    }  # fmt: skip
    return {
        "model": command.model.name,
        "settings": vars(settings),
        "target": decision.target._asdict(),
        "options": dict(vars(command.run), samples_dir=command.samples_dir, run_dir=command.run_dir),
        "data": {
            "source": mnist.train.source,
            "dir": None if data_dir is None else os.path.abspath(os.path.expanduser(data_dir)),
            "training_images": mnist.train.num_examples,
            "sha256": mnist.train.fingerprint(),
        },
        "source_sha256": pages.text_hash(command.model),
        "steps_per_epoch": last_batch.steps_per_epoch(settings.batch_size, mnist.train.examples_per_epoch),
        "seeds_tried": old["seeds_tried"],
        # A change counts from here if the checkpoint that it was made at is no more.
        "changes": [dict(change, step=min(change["step"], step)) for change in old["changes"] + changes],
        "pictures": old["pictures"],
        "started": old["started"] + [started],
        "initial_weights": initial_weights,
    }


def _versions() -> Dict[str, str]:
    from legacy_gan.tf1 import tf

    return {
        "legacy_gan": __version__,
        "tensorflow": tf.version.VERSION,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def check(config: Any) -> None:
    """Completes a config that an earlier version wrote, or raises for what config.json cannot hold.

    Raises:
      KeyError, TypeError, ValueError or UserError.
    """
    if not isinstance(config, dict):
        raise TypeError("expected an object")
    model = registry.model(config["model"])
    settings, _ = model.checked(_of_type(config["settings"], dict))
    known = {f.name: f.default for f in dataclasses.fields(model.settings)}
    settings = dict({name: known[name] for name in options.ADDED if name in known}, **settings)
    if set(settings) != set(known):
        raise KeyError(", ".join(sorted(set(settings) ^ set(known))))
    config["settings"] = {name: settings[name] for name in known}
    _of_type(settings["seed"], int)
    target = _of_type(config["target"], dict)
    _of_type(target["epochs"], int), _of_type(target["steps"], int, type(None))
    model.checked(target)
    data = _of_type(config["data"], dict)
    _of_type(data["sha256"], str), _of_type(data["source"], str)
    _of_type(data["dir"], str, type(None))
    for count in (config["steps_per_epoch"], data["training_images"]):
        if not 1 <= _of_type(count, int) <= 10**9:
            raise ValueError("expected counts from 1 to 1000000000")
    _of_type(config["source_sha256"], str)
    initial = _of_type(config["initial_weights"], dict, type(None))
    if initial is not None:
        _of_type(initial["path"], str), _of_type(initial["sha256"], str)
    for name, kind in (("pictures", str), ("changes", dict), ("started", dict), ("seeds_tried", int)):
        for entry in _of_type(config[name], list):
            _of_type(entry, kind)
    for started in config["started"]:
        _of_type(started["step"], int), _of_type(started["time"], str), _of_type(started["device"], str)
        for package in ("tensorflow", "numpy", "python"):
            _of_type(_of_type(started["versions"], dict)[package], str)
    for change in config["changes"]:
        _of_type(change["step"], int), _of_type(change["setting"], str), change["from"], change["to"]
    config["seeds_tried"][0]  # an IndexError where there is none


def _of_type(value: Any, *kinds: type) -> Any:
    """Returns a value that is of one of the types, or raises TypeError."""
    if type(value) not in kinds:
        raise TypeError(f"expected {' or '.join(kind.__name__ for kind in kinds)}, got {value!r:.60}")
    return value
