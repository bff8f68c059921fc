"""What a GIF shows, frame by frame."""

import numpy as np
from PIL import Image


def gif_frames(path, milliseconds):
    """Returns (frames, loop) of a GIF: uint8 [n, height, width] at one length, and its loop count."""
    frames = []
    with Image.open(str(path)) as gif:
        for n in range(gif.n_frames):
            gif.seek(n)
            # Equal frames may be one that is shown as long as all of them.
            frames += [np.asarray(gif.convert("L"))] * int(round(gif.info["duration"] / milliseconds))
        return np.array(frames), gif.info["loop"]
