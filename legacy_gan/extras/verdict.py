"""What the numbers of an evaluation come to, in one sentence for a person: green, yellow or red."""

from typing import Any, List, Mapping, NamedTuple, Optional, Tuple

from legacy_gan.translation import tr

# Shares of images with the digit asked for: from where on a model obeys its label, below which it does not.
OBEYS, HARDLY = 0.9, 0.5
MOSTLY = 0.5  # the share of one digit from which on a model makes mostly that one
LIKE, UNLIKE = 0.5, 0.1  # coverage, as a share of that of real images: half of it is far off, a tenth says nothing


class Verdict(NamedTuple):
    """A judgement of a run."""

    level: str  # "green", "yellow" or "red"
    words: str
    rule: str  # which numbers make it so, in words


def of_result(result: Mapping[str, Any], warnings: int, known: float) -> Verdict:
    """Returns the verdict on a run.

    Args:
      result: what evaluate returns.
      warnings: how many warnings of a collapse or of the numbers stand in the report.
      known: the least share of test images that the judge must name rightly for its numbers to say something.
    """
    metrics = result["metrics"]
    right = metrics.get("right_digit", {}).get("value")
    level, words = _judged(metrics, right, warnings, result["judge"]["right"] >= known)
    return Verdict(level, words, _rule(right is not None, known))


def _judged(metrics: Mapping[str, Any], right: Optional[float], warnings: int, is_known: bool) -> Tuple[str, str]:
    """Returns (level, words).

    Args:
      metrics: of a result. right: the share of the digit asked for, None without labels.
      warnings: as for `of_result`. is_known: whether the judge knows such images.
    """
    if not is_known:
        return "yellow", tr("The judge does not know pictures like these: look at the images, not at the numbers.")
    shares: List[float] = metrics["digits"]["value"]
    most = max(range(10), key=lambda digit: shares[digit])
    mostly = None
    if shares[most] > MOSTLY:
        mostly = tr("{percent} of all images look like {digit}s").format(percent=_percent(shares[most]), digit=most)
    coverage, real = metrics["coverage"]["value"], metrics["coverage"]["real"]
    found = _of_label(right, mostly) or _of_variety(mostly, coverage / real if real else 1.0)
    if found is not None:
        return found
    good = tr("Its images are varied, and near to real ones.")
    if right is not None:
        good = tr("It obeys its label: {percent} of the images show the digit asked for.").format(
            percent=_percent(right)
        )
    if warnings:
        return "yellow", tr("{good} Read the warnings below.").format(good=good)
    return "green", good


def _of_label(right: Optional[float], mostly: Optional[str]) -> Optional[Tuple[str, str]]:
    """Returns the verdict on a conditional model that does not obey its label; None where it does, or has none."""
    if right is None or right >= OBEYS:
        return None
    shown = tr("only {percent} of the images show the digit asked for").format(percent=_percent(right))
    if right < HARDLY:
        return "red", tr("It does not obey its label: {numbers}.").format(numbers=mostly or shown)
    return "yellow", tr("It does not always obey its label: {numbers}.").format(numbers=shown)


def _of_variety(mostly: Optional[str], coverage: float) -> Optional[Tuple[str, str]]:
    """Returns the verdict on images that are all alike, or unlike real ones; None where they are neither."""
    if mostly is not None:
        return "red", tr("It makes mostly one digit: {numbers}.").format(numbers=mostly)
    if coverage < UNLIKE:
        return "red", tr("Its images are hardly like real ones: few real images have one of them near.")
    if coverage < LIKE:
        return "yellow", tr("Its images are less varied than real ones: many real images have none of them near.")
    return None


def _rule(is_conditional: bool, known: float) -> str:
    """Returns in words from which numbers on a verdict is green, yellow or red."""
    variety = tr(
        "Red: more than {mostly} of all images look like one digit, or coverage is below {unlike} of that of real "
        "images. Yellow: coverage is below {like} of that of real images, the report has a warning, or the judge names "
        "fewer than {known} of the test images correctly. Green: none of these."
    ).format(mostly=_percent(MOSTLY), unlike=_percent(UNLIKE), like=_percent(LIKE), known=_percent(known))
    if not is_conditional:
        return variety
    label = tr(
        "Red if fewer than {hardly} of the images show the digit asked for, yellow if fewer than {obeys}."
    ).format(hardly=_percent(HARDLY), obeys=_percent(OBEYS))
    return f"{label} {variety}"


def _percent(share: float) -> str:
    """Returns a share for a person: 99.8 %, 12 %."""
    percent = 100 * share
    return f"{percent:.1f} %" if 0 < percent < 10 or 90 < percent < 100 else f"{percent:.0f} %"
