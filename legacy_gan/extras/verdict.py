"""What the numbers of an evaluation come to, in one sentence for a person: green, yellow or red."""

from typing import Any, List, Mapping, NamedTuple, Optional

OBEYS, HARDLY = (
    0.9,
    0.5,
)  # shares of the digit asked for: from where on a model obeys its label, below which it does not
MOSTLY = 0.5  # the share of one digit from which on a model makes mostly that one
LIKE, UNLIKE = 0.5, 0.1  # coverage, as a share of that of real images: half of it is far off, a tenth says nothing


class Verdict(NamedTuple):
    """A judgement of a run."""

    level: str  # "green", "yellow" or "red"
    words: str


def of_result(result: Mapping[str, Any], warnings: int, known: float) -> Verdict:
    """Returns the verdict on a run.

    Args:
      result: what evaluate returns.
      warnings: how many warnings of a collapse or of the numbers stand in the report.
      known: the least share of test images that the judge must name rightly for its numbers to say something.
    """
    if result["judge"]["right"] < known:
        return Verdict("yellow", "The judge does not know pictures like these: look at the images, not at the numbers.")
    metrics = result["metrics"]
    shares: List[float] = metrics["digits"]["value"]
    most = max(range(10), key=lambda digit: shares[digit])
    mostly = f"{_percent(shares[most])} of all images look like {most}s" if shares[most] > MOSTLY else None
    right = metrics.get("right_digit", {}).get("value")
    coverage, real = metrics["coverage"]["value"], metrics["coverage"]["real"]
    found = _of_label(right, mostly) or _of_variety(mostly, coverage / real if real else 1.0)
    if found is not None:
        return found
    good = "Its images are varied, and near to real ones."
    if right is not None:
        good = f"It obeys its label: {_percent(right)} of the images show the digit asked for."
    if warnings:
        return Verdict("yellow", f"{good} Read the warnings below.")
    return Verdict("green", good)


def _of_label(right: Optional[float], mostly: Optional[str]) -> Optional[Verdict]:
    """Returns the verdict on a conditional model that does not obey its label; None where it does, or has none."""
    if right is None or right >= OBEYS:
        return None
    shown = f"only {_percent(right)} of the images show the digit asked for"
    if right < HARDLY:
        return Verdict("red", f"It does not obey its label: {mostly or shown}.")
    return Verdict("yellow", f"It does not always obey its label: {shown}.")


def _of_variety(mostly: Optional[str], coverage: float) -> Optional[Verdict]:
    """Returns the verdict on images that are all alike, or unlike real ones; None where they are neither."""
    if mostly is not None:
        return Verdict("red", f"It makes mostly one digit: {mostly}.")
    if coverage < UNLIKE:
        return Verdict("red", "Its images are hardly like real ones: few real images have one of them near.")
    if coverage < LIKE:
        return Verdict("yellow", "Its images are less varied than real ones: many real images have none of them near.")
    return None


def _percent(share: float) -> str:
    """Returns a share for a person: 99.8 %, 12 %."""
    percent = 100 * share
    return f"{percent:.1f} %" if 0 < percent < 10 or 90 < percent < 100 else f"{percent:.0f} %"
