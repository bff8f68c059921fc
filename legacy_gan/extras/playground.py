"""A generator of fully connected layers as a browser can compute it."""

import base64
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from legacy_gan.images.run_model import RunModel

STARTS = 24  # noises that the page knows, to start from and to go towards
TOLERANCE = 1e-4  # of a pixel in 0..1, between this formula in float64 and TensorFlow


def of_run(run: RunModel) -> Optional[Dict[str, Any]]:
    """Returns what a page needs to draw what a run's generator draws.

    Returns:
      dict for JSON: `layers`, a list of {"inputs", "outputs" (int), "kernel", "bias" (base64 of float32,
      little-endian, [inputs, outputs] and [outputs])}, ReLU after each but the last; `last`, "sigmoid" or
      "tanh", whose -1..1 becomes 0..1; `digits`, whether a one-hot label follows the noise; `noise`
      (base64 of float32 [STARTS, noise]). None where the generator is none of fully connected layers, or
      computes something else.
    """
    arrays = run.generator_arrays()
    pairs = list(zip(arrays[::2], arrays[1::2]))
    if len(arrays) % 2 or not all(kernel.ndim == 2 and bias.shape == kernel.shape[1:] for kernel, bias in pairs):
        return None
    noise = run.noise(STARTS).astype(np.float32)
    labels = np.eye(10)[np.arange(STARTS) % 10] if run.conditional else None
    given = noise if labels is None else np.concatenate([noise, labels], 1)
    if pairs[0][0].shape[0] != given.shape[1]:
        return None
    expected = run.images(noise, labels)
    for last in ("sigmoid", "tanh"):
        if np.abs(_computed(pairs, last, given) - expected).max() < TOLERANCE:
            return {
                "layers": [
                    {
                        "inputs": kernel.shape[0],
                        "outputs": kernel.shape[1],
                        "kernel": _text(kernel),
                        "bias": _text(bias),
                    }
                    for kernel, bias in pairs
                ],
                "last": last,
                "digits": run.conditional,
                "noise": _text(noise),
                "starts": STARTS,
            }
    return None  # a page that was changed


def _computed(pairs: List[Tuple[np.ndarray, np.ndarray]], last: str, x: np.ndarray) -> np.ndarray:
    """What the page computes, in NumPy: images in 0..1, float64 [n, 784]."""
    for n, (kernel, bias) in enumerate(pairs, 1):
        x = x @ kernel.astype(np.float64) + bias
        if n < len(pairs):
            x = np.maximum(x, 0)
    return (np.tanh(x) + 1) / 2 if last == "tanh" else 1 / (1 + np.exp(-np.clip(x, -500, 500)))


def _text(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode("ascii")
