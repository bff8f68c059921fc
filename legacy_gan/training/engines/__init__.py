"""How training steps are executed. Both engines take the same steps on the same batches; rounding differs."""

from legacy_gan.training.engines.choice import ENGINES, Engine, choose
from legacy_gan.training.engines.compiled import CompiledEngine
from legacy_gan.training.engines.feed import FeedEngine

__all__ = ["ENGINES", "CompiledEngine", "Engine", "FeedEngine", "choose"]
