"""A run's model, opened again at its newest checkpoint to draw from."""

import dataclasses
import os
from typing import List, Optional, Sequence, Tuple, Union

import numpy as np

from legacy_gan import option_types, registry, shared_options
from legacy_gan.errors import UserError
from legacy_gan.images import sampling
from legacy_gan.tf1.backend.session import session as open_session
from legacy_gan.training import averages, checkpoints, pages, run_files, rundir, weights
from legacy_gan.training.model_graph import ModelGraph
from legacy_gan.training.request import Config
from legacy_gan.translation import tr

_Path = Union[str, "os.PathLike[str]"]
_SEED = option_types.named("seed", int, shared_options.noise_seed())


def open_run(run_dir: _Path, device: str = "auto", seed: Optional[int] = None) -> "RunModel":
    """Opens a run's newest checkpoint to draw from.

    Args:
      run_dir, seed: as for legacy_gan.images.generate.generate. device: "auto", "cpu" or "gpu".
    Returns:
      a RunModel, to be used in a `with` block.
    Raises:
      UserError: if there is no run with a checkpoint.
    """
    graph, checkpoint = read_newest(run_dir)
    if seed is not None:
        seed = option_types.checked(_SEED, seed)
        graph.settings = dataclasses.replace(graph.settings, seed=seed)
    return RunModel(graph, checkpoint, device)


def read_newest(run_dir: _Path) -> Tuple[ModelGraph, checkpoints.Checkpoint]:
    """Returns a run's model and its newest whole checkpoint.

    Args, Raises: as for `open_run`.
    """
    directory = rundir.RunDirectory(path_of(run_dir))
    if os.path.lexists(directory.path) and not os.path.isfile(directory.file(run_files.CONFIG)):
        raise UserError(
            tr("{run}: expected a run's folder, found no {name} in it; name a run, or a model for runs/MODEL").format(
                run=directory, name=run_files.CONFIG
            )
        )
    config = config_of(directory)
    settings = registry.model(config["model"]).settings(**config["settings"])
    graph = ModelGraph(config["model"], settings)
    checkpoint = checkpoints.newest(directory, graph.kept)
    if checkpoint is None:
        raise UserError(tr("{run}: expected a checkpoint, found none; train it first").format(run=directory))
    pages.note_edited(directory.path, config)
    return graph, checkpoint


def config_of(directory: rundir.RunDirectory) -> Config:
    """Returns what config.json of a run holds; UserError where none has begun, or it cannot be used."""
    config = directory.config()
    if config is None:
        raise UserError(tr("{run}: expected a run, found none; train it first").format(run=directory))
    return config


def path_of(run_dir: _Path) -> str:
    """Returns the folder of a run that is named by it or by its model."""
    path = os.fspath(run_dir)
    if path in registry.MODELS and not os.path.exists(os.path.join(path, run_files.CONFIG)):
        return os.path.join("runs", path)
    return os.path.normpath(path)


class RunModel:
    """A run's model as its newest whole checkpoint has it, open until the `with` block ends.

    Args:
      model_graph: the model, built.
      checkpoint: one of it.
      device: "auto", "cpu" or "gpu".
    Attributes:
      step: the checkpoint's.
    """

    def __init__(self, model_graph: ModelGraph, checkpoint: checkpoints.Checkpoint, device: str = "auto") -> None:
        self._model_graph, self.step = model_graph, checkpoint.step
        self._session = open_session(model_graph.graph, use_gpu=sampling.device(device) != "cpu")
        weights.assign(self._session, model_graph.gan.named_vars, averages.applied(checkpoint.arrays))

    def __enter__(self) -> "RunModel":
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()

    @property
    def model(self) -> str:
        """The model's name."""
        return self._model_graph.model

    @property
    def seed(self) -> int:
        """The seed of the noise."""
        return self._model_graph.settings.seed

    @property
    def conditional(self) -> bool:
        """Whether the model takes labels."""
        return self._model_graph.gan.labels is not None

    def generator_arrays(self) -> List[np.ndarray]:
        """Returns the values of G's variables, with which it draws, float32, in their order."""
        arrays: List[np.ndarray] = self._session.run(list(self._model_graph.gan.g_vars))
        return arrays

    def noise(self, count: int) -> np.ndarray:
        """See sampling.noise_of."""
        return sampling.noise_of(self._model_graph, count)

    def images(self, noise: np.ndarray, labels: Optional[np.ndarray] = None) -> np.ndarray:
        """See sampling.in_portions."""
        return sampling.in_portions(self._session, self._model_graph.gan, noise, labels)

    def draw(self, labels: Optional[Sequence[int]], count: int) -> np.ndarray:
        """See sampling.draw."""
        return sampling.draw(self._session, self._model_graph, labels, count)

    def draw_strip(self, digit: Optional[int], samples_dir: str) -> str:
        """See sampling.draw_strip."""
        return sampling.draw_strip(self._session, self._model_graph, digit, samples_dir)

    def save_weights(self, path: str) -> None:
        """Writes the model's variables to an .npz."""
        weights.save_npz(path, weights.fetch(self._session, self._model_graph.gan.named_vars))
