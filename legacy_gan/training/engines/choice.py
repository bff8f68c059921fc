"""Which engine trains a run: the one that was asked for, if it was seen to do what the model's page does."""

from typing import Dict, List, Optional, Tuple, Type, Union

import numpy as np

from legacy_gan import console, options
from legacy_gan.data.dataset import DataSet
from legacy_gan.gan import GAN
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.xla import can_compile
from legacy_gan.training import weights
from legacy_gan.training.batches import Batches, Draws
from legacy_gan.training.engines.compiled import CompiledEngine, uses_xla
from legacy_gan.training.engines.feed import FeedEngine
from legacy_gan.translation import tr

TRIALS = 3  # batches, of which one must show that the compiled engine does as the page
ROUNDING = 2e-3  # relative, by which one step's changes may differ
BFLOAT16 = 0.2  # the same where products are of bfloat16 (seen: 0.12, on a processor without units for it)
SQUARES = "/Adam_1"  # slots of squared gradients: what moves a gradient by 0.2 moves its square by 0.44
KINK = 2e-2  # the same on other batches, where rounding may take a unit over ReLU's kink (seen: 6e-3)
Engine = Union[FeedEngine, CompiledEngine]
ENGINES: Dict[str, Type[Engine]] = {"feed": FeedEngine, "compiled": CompiledEngine}
_Arrays = Dict[str, np.ndarray]  # values of variables by name
_Trial = Tuple[Tuple[float, ...], _Arrays]  # losses and scores of a step, and the values after it


def choose(
    name: str,
    use_gpu: bool,
    initial: _Arrays,
    session: tf.Session,
    gan: GAN,
    data: DataSet,
    batches: Batches,
    settings: options.Settings,
    per_epoch: int,
) -> Engine:
    """Returns the engine of that name, or the feed engine where only that one can do it, with a note.

    The compiled engine builds the steps once more, from the page's networks, losses and optimizers:
    it is taken only if it was seen to do what the page's own train_d and train_g do.

    Args:
      name: "feed" or "compiled".
      use_gpu: whether the session may use one.
      initial: weights of the model to try it on, by name; the variables are changed.
      session, gan, data, batches, settings, per_epoch: as for the engines.
    Raises:
      what a step of the page's own raises.
    """
    given = (session, gan, data, batches, settings, per_epoch)
    feed = FeedEngine(*given)
    if name == "feed":
        return feed
    is_able = True
    if uses_xla(session.graph, use_gpu):
        with console.held_back():
            is_able = can_compile(use_gpu)
    if not is_able:
        console.note(
            tr("this TensorFlow has no XLA for this machine: training with --engine feed, which does the same, slower")
        )
        return feed
    weights.assign(session, gan.named_vars, initial)
    before = weights.fetch(session, dict(gan.named_vars, **gan.optimizer_vars))
    engine: Optional[CompiledEngine] = None
    seen: List[str] = []
    for n in range(1, TRIALS + 1):
        draws = batches.example(np.random.RandomState(n))
        by_page = _trial(feed, session, gan, before, draws)
        with console.held_back():
            try:
                engine = engine or CompiledEngine(*given, use_gpu=use_gpu)
                by_compiled = _trial(engine, session, gan, before, draws)
                both = before, by_page, by_compiled, gan, settings
                difference, is_kink = _difference(*both, ROUNDING), _difference(*both, KINK) is None
            except (tf.errors.ResourceExhaustedError, MemoryError):
                raise
            except Exception as e:  # whatever a changed page leads to
                difference = f"{type(e).__name__}: {(str(e).splitlines() or [''])[0]:.100}"
                is_kink = False
        if difference is None and engine is not None:
            return engine
        seen.append(str(difference))
        if not is_kink:
            break
    console.note(
        tr(
            "the model's page trains in a way that --engine compiled cannot repeat ({difference}): training with "
            "--engine feed, which runs the page's own steps"
        ).format(difference=seen[0])
    )
    return feed


def _trial(engine: Engine, session: tf.Session, gan: GAN, before: _Arrays, draws: Draws) -> _Trial:
    """Takes one step from given values; returns its losses, and the values after it."""
    variables = dict(gan.named_vars, **gan.optimizer_vars)
    weights.assign(session, variables, before)
    losses = engine.once(draws)
    return losses, weights.fetch(session, variables)


def _difference(
    before: _Arrays, by_page: _Trial, by_compiled: _Trial, gan: GAN, settings: options.Settings, limit: float
) -> Optional[str]:
    """Returns in words how two `_trial`s differ, None if only by rounding; limit: relative, of a float32 step."""
    is_exact = settings.precision == "float32"
    for what, loss, other in zip(("D loss", "G loss"), by_page[0], by_compiled[0]):
        if not np.allclose(loss, other, 1e-4 if is_exact else 0.05, equal_nan=True):
            return f"{what} {loss:.6g}, compiled {other:.6g}"
    for name, old in before.items():
        change, other_change = (after[name].astype(np.float64) - old for _, after in (by_page, by_compiled))
        # Adam's first step makes much of a gradient that is nothing but rounding; its slots do not.
        near = 0.5 if name in gan.named_vars else limit if is_exact else BFLOAT16
        if name.endswith(SQUARES):
            near = (1 + near) ** 2 - 1
        if not np.linalg.norm(change - other_change) <= near * np.linalg.norm(change):
            return f"another step of {name}"
    return None
