"""A model's page: its module, and the hash of its text, which is part of a run's settings."""

import hashlib
import importlib
import importlib.util
import types

from legacy_gan import console, registry
from legacy_gan.training import request


def module(model: registry.Model) -> types.ModuleType:
    """Returns a model's page, with `build`, `get_noise` and `initial_weights`."""
    return importlib.import_module(model.page)


def text_hash(model: registry.Model) -> str:
    """Returns the SHA-256 of a model's page and of those that it imports, whatever their line ends."""
    digest = hashlib.sha256()
    for page in model.pages:
        spec = importlib.util.find_spec(page)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"no file of the model's page {page}", name=page)
        with open(spec.origin, "rb") as f:
            digest.update(f.read().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def note_edited(path: str, config: request.Config) -> None:
    """Says so where a model's page is not the one that a run was trained with.

    Args:
      path: of the run's folder. config: what its config.json holds.
    """
    model = registry.model(config["model"])
    if not request.is_same_text(model, config["source_sha256"], text_hash(model)):
        console.warn(
            f"{path}: {request.page_names(model)} was edited since this run was trained; its weights are used with "
            "the page as it is now"
        )
