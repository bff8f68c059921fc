"""Puts back what Pillow, matplotlib and h5py removed."""

import functools
import sys
from typing import Any, Callable, Dict

__all__ = ["FUNCTIONS"]


def _set_new(place: Any, **values: Any) -> None:
    for name, value in values.items():
        if not hasattr(place, name):
            setattr(place, name, value)


# Pillow


def _image(image):
    if not hasattr(image, "ANTIALIAS"):  # until Pillow 9
        image.ANTIALIAS = image.LANCZOS
        _set_new(image, LINEAR=image.BILINEAR, CUBIC=image.BICUBIC)
    _set_new(image, isImageType=lambda t: hasattr(t, "im"))


def _image_font(font):
    """The size of a text, and the bitmap font by default, until Pillow 9."""
    if hasattr(font.ImageFont, "getsize"):
        return

    def getsize(self, text, *args, **named):
        left, _, right, bottom = self.getbbox(text, *args, **named)
        return right - left, bottom + named.get("stroke_width", 0)

    def getsize_multiline(self, text, direction=None, spacing=4, *args, **named):
        lines = text.split("\n")
        height = getsize(self, "A", stroke_width=named.get("stroke_width", 0))[1] + spacing
        width = max(getsize(self, line, "", direction, *args, **named)[0] for line in lines)
        return width, len(lines) * height - spacing

    for kind in (font.FreeTypeFont, font.TransposedFont, font.ImageFont):
        kind.getsize = getsize
    font.FreeTypeFont.getsize_multiline = getsize_multiline
    font.FreeTypeFont.getoffset = lambda self, text: self.font.getsize(text, "", None, None, None, None)[1]
    if hasattr(font, "load_default_imagefont"):
        load_default = font.load_default
        font.load_default = lambda size=None: font.load_default_imagefont() if size is None else load_default(size)


def _image_draw(draw):
    if hasattr(draw.ImageDraw, "textsize"):
        return

    def textsize(self, text, font=None, spacing=4, direction=None, features=None, language=None, stroke_width=0):
        if "\n" in text:
            return multiline_textsize(self, text, font, spacing, direction, features, language, stroke_width)
        font = font or self.getfont()
        if not hasattr(font, "font"):  # a bitmap font knows no such options
            return font.getsize(text)
        return font.getsize(text, self.fontmode, direction, features, language, stroke_width=stroke_width)

    def multiline_textsize(self, text, font=None, spacing=4, direction=None, *args, **named):
        lines = text.split("\n")
        sizes = [textsize(self, line, font, spacing, direction, *args, **named) for line in lines]
        stroke = dict(stroke_width=named["stroke_width"]) if "stroke_width" in named else {}
        height = textsize(self, "A", font, **stroke)[1] + spacing
        return max(width for width, _ in sizes), len(lines) * height - spacing

    draw.ImageDraw.textsize, draw.ImageDraw.multiline_textsize = textsize, multiline_textsize


# matplotlib


def _pyplot(pyplot):
    _set_new(pyplot, hold=lambda b=None: None, ishold=lambda: None)  # until matplotlib 2
    matplotlib = sys.modules["matplotlib"]
    cm, canvas = pyplot.cm, sys.modules["matplotlib.backend_bases"].FigureCanvasBase
    if not hasattr(cm, "get_cmap"):  # until 3.8
        cm.get_cmap = pyplot.get_cmap
        cm.register_cmap = lambda name=None, cmap=None, **_: matplotlib.colormaps.register(cmap, name=name, force=True)
        pyplot.register_cmap = cm.register_cmap
    styles = pyplot.style.library
    for name in list(styles):
        if name.startswith("seaborn-v0_8"):  # until 3.5
            styles.setdefault(name.replace("-v0_8", ""), styles[name])
    _set_new(canvas, set_window_title=_set_window_title, get_window_title=lambda self: "image")  # until 3.5
    figure = sys.modules["matplotlib.figure"].Figure
    if not getattr(figure.gca, "takes_projection", False):
        _gca(figure, pyplot)
    base = sys.modules["matplotlib.axes._base"]._AxesBase
    if hasattr(base, "ArtistList"):  # until 3.6 ax.lines and its like were lists
        _set_new(
            base.ArtistList,
            remove=lambda self, artist: artist.remove(),
            pop=_pop,
            append=lambda self, artist: self._axes.add_artist(artist),
            clear=lambda self: [artist.remove() for artist in list(self)] and None,
        )
    _set_new(pyplot.Axes, plot_date=_plot_date)
    _set_new(pyplot, plot_date=lambda *args, **named: pyplot.gca().plot_date(*args, **named))
    legend = sys.modules["matplotlib.legend"].Legend
    if "legend_handles" in legend.__init__.__code__.co_names:  # until 3.6 each legend had a list of the former name
        _set_new(legend, legendHandles=property(lambda self: self.legend_handles))
    contours = sys.modules.get("matplotlib.contour")
    if contours is not None:
        _set_new(contours.ContourSet, collections=property(lambda self: [self]))  # until 3.9


def _set_window_title(self, title):
    if self.manager is not None:
        self.manager.set_window_title(title)


def _pop(self, index=-1):
    artist = self[index]
    artist.remove()
    return artist


def _plot_date(self, x, y, fmt="o", tz=None, xdate=True, ydate=False, **named):
    """Axes.plot_date, until 3.10."""
    if xdate:
        self.xaxis_date(tz)
    if ydate:
        self.yaxis_date(tz)
    return self.plot(x, y, fmt, **named)


def _gca(figure, pyplot):
    """gca(projection="3d") makes axes, until 3.5."""
    gca = figure.gca

    @functools.wraps(gca)
    def call(self, **named):
        if not named:
            return gca(self)
        current = self.axes[-1] if self.axes else None
        wanted = named.get("projection")
        if current is not None and (wanted is None or getattr(current, "name", None) == wanted):
            return current
        return self.add_subplot(1, 1, 1, **named)

    call.takes_projection = True  # type: ignore[attr-defined]
    figure.gca = call
    pyplot.gca = lambda **named: pyplot.gcf().gca(**named)


def _agg(backend):
    """tostring_rgb(), until 3.9."""

    def tostring_rgb(self):
        import numpy as np

        return np.asarray(self.buffer_rgba())[..., :3].tobytes()

    _set_new(backend.FigureCanvasAgg, tostring_rgb=tostring_rgb)
    _set_new(backend.RendererAgg, tostring_rgb=tostring_rgb)


def _axes_3d(module):
    """Axes3D(fig) adds itself to the figure, until 3.6: it was drawn."""
    kind = module.Axes3D
    if "w_xaxis" not in dir(kind):
        for axis in "xyz":
            setattr(kind, f"w_{axis}axis", property(_axis(axis)))
    init: Callable = kind.__init__

    @functools.wraps(init)
    def call(self, fig, *args, **named):
        adds = named.pop("auto_add_to_figure", True)
        init(self, fig, *args, **named)
        if adds and self not in self.figure.axes:
            self.figure.add_axes(self)

    kind.__init__ = call


def _axis(letter):
    return lambda self: getattr(self, f"{letter}axis")


# h5py


def _h5py(h5py):
    """Dataset.value, and files that are opened for change by default, until h5py 2."""
    if hasattr(h5py.Dataset, "value"):
        return
    h5py.Dataset.value = property(lambda self: self[()])
    init = h5py.File.__init__

    @functools.wraps(init)
    def call(self, name, mode=None, *args, **named):
        try:
            init(self, name, "a" if mode is None else mode, *args, **named)
        except OSError:  # of a file that may only be read
            if mode is not None:
                raise
            init(self, name, "r", *args, **named)

    h5py.File.__init__ = call


# Called with each of these modules, once it is loaded.
FUNCTIONS: Dict[str, Callable] = {
    "PIL.Image": _image,
    "PIL.ImageFont": _image_font,
    "PIL.ImageDraw": _image_draw,
    "matplotlib.pyplot": _pyplot,
    "matplotlib.backends.backend_agg": _agg,
    "mpl_toolkits.mplot3d.axes3d": _axes_3d,
    "h5py": _h5py,
}
