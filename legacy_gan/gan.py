"""GAN: the contract between the models and everything that trains, draws or saves them."""

import enum
import types
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from legacy_gan.options import Settings
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.build_hooks import dropped_by
from legacy_gan.tf1.backend.precision import in_products, products_in


class Schedule(enum.Enum):
    """The order of the two training steps of a batch; a model declares its own."""

    SAME_NOISE = "D, then G with the updated D, on the same noise"  # the book
    FRESH_NOISE = "D, then G with the updated D, on noise of its own"  # the PyTorch listings
    TOGETHER = "both gradients from one forward pass, before either update"  # the Keras DCGAN


class LastBatch(enum.Enum):
    """What becomes of an epoch's last images where they are too few for a batch."""

    GOES_ON = "it is filled up with the next epoch's first"  # next_batch, the book
    SHORT = "it is shorter, and has as many noises as images"  # the PyTorch listings
    SHORT_OF_IMAGES = "it is shorter, but has a whole batch's noises"  # the Keras DCGAN

    def size(self, step: int, batch_size: int, examples: int) -> int:
        """Returns how many images the batch of a training step has.

        Args:
          step: from 0. examples: the images of an epoch.
        """
        if self is LastBatch.GOES_ON:
            return batch_size
        place = step % self.steps_per_epoch(batch_size, examples)
        return min(batch_size, examples - place * batch_size)

    def steps_per_epoch(self, batch_size: int, examples: int) -> int:
        """Returns the batches of an epoch."""
        whole = examples // batch_size
        return whole if self is LastBatch.GOES_ON else whole + (examples % batch_size > 0)


class Mask(NamedTuple):
    """What a call of tf.layers.dropout in a model keeps, to be fed."""

    keep: tf.Tensor  # bool [at least batch, ...]
    shape: Tuple[int, ...]  # of an example's values
    rate: float  # the share that is dropped


def _unchanged(images: Any) -> Any:
    return images


class GAN(NamedTuple):
    """One built model: all that engines, pictures and checkpoints know of it."""

    real: tf.Tensor  # float32 [batch, 784], the range of the model's images
    noise: tf.Tensor  # float32 [batch, noise], for D's step
    g_noise: tf.Tensor  # the same tensor, or G's own (FRESH_NOISE)
    labels: Optional[tf.Tensor]  # float32 [batch, 10] one-hot, or None
    real_logits: tf.Tensor  # float32 [batch, 1], D on real images
    fake_logits: tf.Tensor  # float32 [batch, 1], D on generated images
    d_loss: tf.Tensor  # float32 scalar, nats, with the listing's sign
    g_loss: tf.Tensor  # float32 scalar, nats, with the listing's sign
    train_d: tf.Operation  # one step of D's optimizer; changes d_vars only
    train_g: tf.Operation  # one step of G's; changes g_vars and state_vars only
    d_vars: Sequence[tf.Variable]
    g_vars: Sequence[tf.Variable]
    state_vars: Sequence[tf.Variable]  # batch norm's averages; empty for the MLPs
    sample: tf.Tensor  # float32 [batch, 784], images in inference mode
    sample_noise: tf.Tensor
    sample_labels: Optional[tf.Tensor]
    schedule: Schedule
    # What a compiled step is built from, once more, on the same variables:
    generator: Callable[..., tf.Tensor]  # (noise) or (noise, labels) -> images
    discriminator: Callable[..., tf.Tensor]  # (images) or (images, labels) -> logits
    # (real_logits, fake_logits) -> (D's, G's), both to be minimised
    losses: Callable[[tf.Tensor, tf.Tensor], Tuple[tf.Tensor, tf.Tensor]]
    d_optimizer: tf.train.Optimizer  # that of train_d
    g_optimizer: tf.train.Optimizer  # that of train_g
    maximised: bool = False  # the listing prints losses to be maximised, at most 0
    last_batch: LastBatch = LastBatch.GOES_ON
    g_logits: Optional[tf.Tensor] = None  # what g_loss is of, where that is not fake_logits
    update_ops: Sequence[tf.Operation] = ()  # that train_g runs, too: batch norm's averages
    adam: Callable[..., tf.train.Optimizer] = tf.train.AdamOptimizer  # (learning_rate, beta1) -> as the source's
    normalize: Callable[[Any], Any] = _unchanged  # images in 0..1, arrays or tensors -> the range of `real`
    denormalize: Callable[[Any], Any] = _unchanged  # the range of `sample` -> 0..1
    d_penalty: Optional[Callable[..., tf.Tensor]] = None  # (real images, logits[, labels]) -> is added to D's loss
    resting_discriminator: Optional[Callable[..., tf.Tensor]] = None  # without dropout, where that is another
    # Filled by `build`:
    optimizer_vars: Dict[str, tf.Variable] = {}  # Adam's, by name
    masks: Sequence[Mask] = ()  # in the order of the calls of dropout
    scores: Sequence[tf.Tensor] = ()  # float32 scalars: mean D(x), mean D(G(z)), 0..1

    @property
    def model_vars(self) -> List[tf.Variable]:
        """The variables that are the model: G's, D's, then batch norm's averages."""
        return list(self.g_vars) + list(self.d_vars) + list(self.state_vars)

    @property
    def named_vars(self) -> Dict[str, tf.Variable]:
        """`model_vars` by name, in their order."""
        return {v.op.name: v for v in self.model_vars}


def probability(output: tf.Tensor) -> tf.Tensor:
    """Returns D(x), 0..1, from a discriminator's output.

    That is logits in every model here. A page that was edited to apply the sigmoid itself (docs/lab.md, exercise 4)
    already has it.

    Args:
      output: float32 [batch, 1].
    """
    return output if output.op.type == "Sigmoid" else tf.sigmoid(output)


def build(model: types.ModuleType, settings: Settings) -> GAN:
    """Builds a model in the default graph and checks its variable lists.

    Args:
      model: its page, a module of legacy_gan.models.
      settings: that model's settings.
    Raises:
      ValueError: if d_vars and g_vars are not non-empty, disjoint and together all trainable
        variables that the model made.
    """
    before = {v.name for v in tf.global_variables()}
    masks: List[Mask] = []

    def kept(inputs: tf.Tensor, rate: float) -> tf.Tensor:
        """A placeholder for what a call of dropout keeps of its inputs."""
        shape = tuple(inputs.shape.as_list()[1:])
        masks.append(Mask(tf.placeholder(tf.bool, (None,) + shape), shape, rate))
        return masks[-1].keep[: tf.shape(inputs)[0]]

    with products_in(settings.precision), dropped_by(kept):
        gan = model.build(settings)
    made = {v.name for v in tf.trainable_variables()} - before
    d_names, g_names = ({v.name for v in variables} for variables in (gan.d_vars, gan.g_vars))
    who = model.__name__.split(".")[-1]
    for what, names in (("d_vars", d_names), ("g_vars", g_names)):
        if not names:
            raise ValueError(f"{who}: {what} must hold the network's variables, got none; look at the scope's name")
    if d_names & g_names:
        raise ValueError(
            f"{who}: d_vars and g_vars must share nothing, both hold {', '.join(sorted(d_names & g_names))}"
        )
    if d_names | g_names != made:
        raise ValueError(
            "{}: d_vars and g_vars must together be all trainable variables, {} in neither, {} of another model".format(
                who,
                ", ".join(sorted(made - d_names - g_names)) or "none",
                ", ".join(sorted((d_names | g_names) - made)) or "none",
            )
        )
    known = before | {v.name for v in gan.model_vars}
    optimizer_vars = [v for v in tf.global_variables() if v.name not in known]
    return gan._replace(
        optimizer_vars={v.op.name: v for v in optimizer_vars},
        masks=masks,
        scores=[tf.reduce_mean(probability(x)) for x in (gan.real_logits, gan.fake_logits)],
        generator=in_products(settings.precision, gan.generator),
        discriminator=in_products(settings.precision, gan.discriminator),
        resting_discriminator=gan.resting_discriminator and in_products(settings.precision, gan.resting_discriminator),
    )
