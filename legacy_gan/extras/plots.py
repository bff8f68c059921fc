"""The curves that legacy_gan.extras.theory draws; a report's are charts.py's."""

import contextlib
from typing import Iterator, Sequence, Tuple

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from legacy_gan import files
from legacy_gan.extras.divergences import Stage

DATA_COLOR, G_COLOR, D_COLOR = "black", "tab:green", "tab:blue"  # as in figure 1 of the 2014 paper
LEFT, RIGHT = -4, 3.5  # what is drawn of the line
X_LINE, Z_LINE = -0.1, -0.55  # where figure 1 has x and, beneath, z


def save_game(path: str, x: np.ndarray, panels: Sequence[Tuple[str, Stage]]) -> None:
    """Draws stages of a game as figure 1 of the 2014 paper.

    Data are dotted and black, generated examples green, D dashed and blue; grey, which the paper has
    not, is the best D where there are examples. Beneath, lines lead from the noise z, even on -1..1,
    to G(z).

    Args:
      path: of the PNG, written whole or not at all.
      x: float [n], the grid.
      panels: (title, the stage on this grid) of each.
    """
    with _figure(path, (3.5 * len(panels), 4.2)) as figure:
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        top = max(np.max([stage.p, stage.q]) for _, stage in panels)
        for axis, (title, stage) in zip(axes, panels):
            axis.plot(x, stage.p, ":", color=DATA_COLOR, linewidth=2, label="$p_{data}(x)$")
            axis.plot(x, stage.q, "-", color=G_COLOR, linewidth=1.5, label="$p_g(x)$")
            there = stage.p + stage.q > 0.01  # examples of either
            axis.plot(
                x[there],
                (stage.p / (stage.p + stage.q + 1e-300))[there],
                "-",
                color="lightgrey",
                linewidth=4,
                zorder=0,
                label="$p_{data}/(p_{data}+p_g)$",
            )
            axis.plot(x, stage.d, "--", color=D_COLOR, linewidth=1.5, label="$D(x)$")
            axis.axhline(0.5, color="grey", linewidth=0.5, zorder=0)
            axis.hlines([X_LINE, Z_LINE], LEFT, RIGHT, color="black", linewidth=0.8)
            for z, end in zip(stage.z, stage.g_of_z):
                start = LEFT + (z + 1) / 2 * (RIGHT - LEFT)
                axis.annotate(
                    "",
                    (end, X_LINE),
                    (start, Z_LINE),
                    annotation_clip=True,
                    arrowprops=dict(arrowstyle="->", color="black", linewidth=0.6, shrinkA=0, shrinkB=0),
                )
            axis.text(LEFT - 0.15, X_LINE, "$x$", ha="right", va="center")
            axis.text(LEFT - 0.15, Z_LINE, "$z$", ha="right", va="center")
            axis.set(title=title, xlim=(LEFT, RIGHT), ylim=(Z_LINE - 0.03, max(1.02, 1.05 * top)))
            axis.set_xticks([])
            axis.spines["bottom"].set_visible(False)
        axes[0].set_yticks([0, 0.5, 1])
        figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", ncol=4, frameon=False)
        figure.subplots_adjust(left=0.03, right=0.99, top=0.92, bottom=0.1, wspace=0.1)


def save_discriminators(
    path: str, x: np.ndarray, p: np.ndarray, q: np.ndarray, best: np.ndarray, seen: Sequence[Tuple[int, np.ndarray]]
) -> None:
    """Draws a discriminator at several times of its training, and the best one.

    Args:
      path: of the PNG, written whole or not at all.
      x, p, q, best: float [n], the grid, the two densities, p / (p + q).
      seen: (steps, D after them, float [n]) of each.
    """
    with _figure(path, (3.5 * len(seen), 3.4)) as figure:
        axes = figure.subplots(1, len(seen), sharey=True, squeeze=False)[0]
        for axis, (steps, d) in zip(axes, seen):
            axis.plot(x, p, ":", color=DATA_COLOR, linewidth=2, label="$p(x)$")
            axis.plot(x, q, "-", color=G_COLOR, linewidth=1.5, label="$q(x)$")
            axis.plot(x, best, "-", color="lightgrey", linewidth=4, zorder=0, label="$p/(p+q)$")
            axis.plot(x, d, "--", color=D_COLOR, linewidth=1.5, label="$D(x)$")
            axis.set(title=f"D after {steps} steps", xlabel="$x$", xlim=(LEFT, RIGHT), ylim=(0, 1.02))
        axes[0].set_yticks([0, 0.5, 1])
        figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", ncol=4, frameon=False)
        figure.subplots_adjust(left=0.03, right=0.99, top=0.91, bottom=0.24, wspace=0.1)


def save_generator_losses(
    path: str, logits: np.ndarray, losses: Tuple[np.ndarray, np.ndarray], slopes: Tuple[np.ndarray, np.ndarray]
) -> None:
    """Draws the generator's two losses and their slopes against D's logit.

    Args:
      path: of the PNG, written whole or not at all.
      logits: float [n], D's logit of G(z).
      losses, slopes: (saturating, non_saturating), float [n] each.
    """
    with _figure(path, (9, 3.6)) as figure:
        axes = figure.subplots(1, 2)
        titles = "loss of G, nats", "its slope by the logit"
        for axis, title, pair in zip(axes, titles, (losses, slopes)):
            axis.plot(logits, pair[0], "-", color="tab:red", label=r"saturating, $\log(1 - D(G(z)))$")
            axis.plot(logits, pair[1], "--", color=D_COLOR, label=r"non-saturating, $-\log D(G(z))$")
            axis.axvline(0, color="lightgrey", linewidth=0.8, zorder=0)
            axis.set(title=title, xlabel="D's logit of G(z):  found out  <  0  <  taken for data")
        axes[0].legend(frameon=False, loc="upper right")
        figure.subplots_adjust(left=0.05, right=0.99, top=0.91, bottom=0.15, wspace=0.12)


@contextlib.contextmanager
def _figure(path: str, inches: Tuple[float, float]) -> Iterator[Figure]:
    """Yields a figure that no display and no matplotlibrc touches, then writes it as a PNG."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        figure = Figure(figsize=inches, dpi=100)
        FigureCanvasAgg(figure)
        yield figure
        with files.replacing(path, ".png") as temporary:
            figure.savefig(temporary, format="png")
