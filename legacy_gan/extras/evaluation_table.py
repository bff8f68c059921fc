"""An evaluation in words: a row for each metric, generated images beside real ones, and what the numbers do not say."""

import collections
import math
from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Tuple

from legacy_gan.data.embedded import EMBEDDED
from legacy_gan.translation import tr

CLEAR = 0.9  # the probability of a digit from which on an image counts as clear
NEAR = 0.01  # the share of real test images that are nearer to a training image than "near"
DULL = 0.1  # the share of real images' coverage below which precision, density and clear say little
KNOWN = 0.98  # the least that a judge should name rightly of the test images, else they are others
UNKNOWN = (
    "{source}: {judge} names only {right:.1%} of these test images rightly; what it says of images like them means "
    "little"
)
DULL_NUMBERS = (
    "so few real images have a generated one in their reach (coverage) that precision, density and clear say little: "
    "images that are all alike, or no digits, may have high ones"
)
SEEN = (
    "the embedded digits are among the 60,000 that the package's judge was trained with; --data-dir with MNIST's "
    "files has test images that nobody saw"
)

_SHARE, _NUMBER = "share", "number"
# What each metric is called, with {} for a digit, its kind, and what it means.
ROWS = collections.OrderedDict(
    [
        ("right_digit", ("the digit asked for", _SHARE, "images that the judge takes for the digit asked for")),
        ("right_digit_each", ("  asked for {}", _SHARE, "")),
        ("confidence", ("the judge's confidence", _SHARE, "mean probability that the judge gives its answer")),
        (
            "clear",
            (f"clear, confidence above {100 * CLEAR:g} %", _SHARE, "images that the judge is sure of, right or not"),
        ),
        ("digits", ("  taken for {}", _SHARE, "")),
        ("covered_digits", ("covered digits", _NUMBER, "digits with a share of at least 1 %")),
        ("kl_to_uniform", ("KL to even digits, nats", _NUMBER, "0 for as many of each digit, at most log 10 = 2.3")),
        (
            "mnist_fd",
            (
                "MNIST-FD",
                _NUMBER,
                "squared Frechet distance of the judge's features; less is better, of few images it is "
                "too large, and it is no FID",
            ),
        ),
        (
            "kernel_distance",
            (
                "kernel distance",
                _NUMBER,
                "squared maximum mean discrepancy of the features; 0 on average for real images",
            ),
        ),
        (
            "precision",
            (
                "precision",
                _SHARE,
                "generated images within reach of a real one; says little where coverage is "
                "far below that of real ones",
            ),
        ),
        ("recall", ("recall", _SHARE, "real images within reach of a generated one")),
        (
            "density",
            (
                "density",
                _NUMBER,
                "how many real images' reach a generated one is in, by 5; about 1 for real "
                "ones, more where all are alike",
            ),
        ),
        ("coverage", ("coverage", _SHARE, "real images with a generated one in their reach")),
        (
            "to_training",
            (
                "distance to nearest training image",
                _NUMBER,
                "mean Euclidean distance of pixels in 0..1; real: of test images",
            ),
        ),
        (
            "near_copies",
            (
                f"nearer than {100 - 100 * NEAR:g} % of real ones are",
                _SHARE,
                "images so near to a training image that they may be copies; real: of test images",
            ),
        ),
    ]
)

SHORT = {"near_copies": "possible copies of training images"}  # what a report calls it


class Row(NamedTuple):
    """One line of the table, as it is shown."""

    metric: str
    words: str
    value: str
    standard_error: str
    real: str
    meaning: str
    is_of_digit: bool  # whether it is one of ten, one for each digit


def rows(result: Mapping[str, Any]) -> List[Row]:
    """Returns what is to be shown of an `evaluate`'s result."""
    found = []
    for metric, (words, kind, meaning) in ROWS.items():
        if metric in result["metrics"]:
            numbers = [result["metrics"][metric][part] for part in ("value", "standard_error", "real")]
            for n, row in enumerate(zip(*numbers) if isinstance(numbers[0], list) else [numbers]):
                value, error, real = (_shown(number, kind) for number in row)
                found.append(Row(metric, words.format(n), value, error, real, meaning, "{}" in words))
    return found


def readable_rows(result: Mapping[str, Any]) -> List[Row]:
    """Returns what is to be shown to a person of an `evaluate`'s result, in the language of the command.

    Numbers have the digits that their standard error leaves them. A metric of ten digits has no row: in a report it is
    the map, or bars.
    """
    found = []
    for metric, (words, kind, meaning) in ROWS.items():
        if metric in result["metrics"] and "{}" not in words:
            facts = result["metrics"][metric]
            shown = rounded(facts["value"], facts["standard_error"], facts["real"], kind == _SHARE)
            found.append(Row(metric, tr(SHORT.get(metric, words)), *shown, tr(meaning), False))
    return found


def rounded(
    value: Optional[float], error: Optional[float], real: Optional[float], is_share: bool
) -> Tuple[str, str, str]:
    """Returns a number, its standard error and the same number of real images, for a person.

    Args:
      value, error, real: None where it is not known. is_share: whether they are parts of 1, shown as per cent.
    """
    factor = 100 if is_share else 1
    known = [factor * abs(number) for number in (error, value, real) if number]
    # One digit of the error, two where it begins with 1; without an error three of the value, and never more than four.
    decimals = 1 if is_share else 2
    if error and known:
        decimals = -math.floor(math.log10(known[0])) + (f"{known[0]:e}"[0] == "1")
    elif known:
        decimals = 2 - math.floor(math.log10(known[0]))
    if value:
        decimals = min(decimals, 3 - math.floor(math.log10(factor * abs(value))))
    decimals = min(max(decimals, 0), 2 if is_share else 6)
    return tuple(  # type: ignore[return-value]
        "-" if number is None else f"{factor * number:,.{decimals}f}" + (" %" if is_share else "")
        for number in (value, error, real)
    )


def notes(result: Mapping[str, Any], translated: Callable[[str], str]) -> List[str]:
    """Returns what the numbers of a result do not say.

    Args:
      result: as of `evaluate`; its own notes are not read. translated: `translation.tr`, or `str` for English.
    """
    judge, source, said = result["judge"], result["data"]["source"], []
    if judge["right"] < KNOWN:
        said.append(translated(UNKNOWN).format(source=source, judge=judge["name"], right=judge["right"]))
    elif source == EMBEDDED:
        said.append(translated(SEEN))
    coverage = result["metrics"]["coverage"]
    if coverage["value"] < DULL * coverage["real"]:
        said.append(translated(DULL_NUMBERS))
    return said


def table(result: Mapping[str, Any]) -> str:
    """Returns what is to be printed of an `evaluate`'s result."""
    facts = result["images"]
    if facts["run"] is not None:
        what = "{run}: {count:,} images of step {step}, seed {seed}".format(**facts)
    else:
        what = "{file}: {count:,}{among} images".format(
            among="" if facts["of"] == facts["count"] else " of {of:,}".format(**facts), **facts
        )
    lines = [
        "{}; beside {test_images:,} test images of {source}; real: {real_images:,} training images".format(
            what, **result["data"]
        ),
        "{name}, which names {right:.2%} of the test images rightly; other judges give other numbers".format(
            **result["judge"]
        ),
        "",
        f"{'':<38}{'generated':>10}{'+- s.e.':>12}{'real':>13}",
    ]
    for row in rows(result):
        lines.append(f"{row.words:<38}{row.value:>10}{row.standard_error:>12}{row.real:>13}")
    return "\n".join(lines)


def _shown(number: Optional[float], kind: str) -> str:
    if number is None:
        return "-"
    if kind == _SHARE:
        return f"{100 * number:.2f} %"
    return f"{0.0 if abs(number) < 1e-12 else number:.4g}"  # what rounding leaves of 0
