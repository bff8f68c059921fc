"""NumPy's answers, in float64, to what layers compute."""

import numpy as np


def pads(size, kernel, stride, padding, dilation=1):
    """Returns (outputs, rows of padding before, after) of one axis."""
    reach = (kernel - 1) * dilation + 1
    if padding == "valid":
        return (size - reach) // stride + 1, 0, 0
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + reach - size, 0)
    return outputs, total // 2, total - total // 2


def windows(x, kernel, strides, padding, dilation=(1, 1), fill=0.0):
    """Yields (p, q, the values that kernel place (p, q) sees) of [batch, h, w, c]."""
    (rows, top, bottom), (columns, left, right) = (
        pads(x.shape[i + 1], kernel[i], strides[i], padding, dilation[i]) for i in (0, 1)
    )
    x = np.pad(x.astype(np.float64), [(0, 0), (top, bottom), (left, right), (0, 0)], "constant", constant_values=fill)
    for p in range(kernel[0]):
        for q in range(kernel[1]):
            i, j = p * dilation[0], q * dilation[1]
            yield (
                p,
                q,
                x[
                    :,
                    i : i + (rows - 1) * strides[0] + 1 : strides[0],
                    j : j + (columns - 1) * strides[1] + 1 : strides[1],
                ],
            )


def np_conv2d(x, kernel, bias, strides=(1, 1), padding="valid", dilation=(1, 1)):
    return bias + sum(seen @ kernel[p, q] for p, q, seen in windows(x, kernel.shape[:2], strides, padding, dilation))


def np_conv2d_transpose(x, kernel, bias, strides=(1, 1), padding="valid"):
    batch, height, width, _ = x.shape
    beyond = [max(kernel.shape[i] - strides[i], 0) for i in (0, 1)]
    # Every input spreads its kernel from row i * stride on; "same" cuts what hangs over.
    full = np.zeros([batch, height * strides[0] + beyond[0], width * strides[1] + beyond[1], kernel.shape[2]])
    for i in range(height):
        for j in range(width):
            for p in range(kernel.shape[0]):
                for q in range(kernel.shape[1]):
                    full[:, i * strides[0] + p, j * strides[1] + q] += x[:, i, j] @ kernel[p, q].T
    if padding == "same":
        top, left = beyond[0] // 2, beyond[1] // 2
        full = full[:, top : top + height * strides[0], left : left + width * strides[1]]
    return full + bias


def np_max_pool(x, pool, strides, padding):
    return np.max([seen for _, _, seen in windows(x, pool, strides, padding, fill=-np.inf)], 0)


def np_batch_norm(x, axis, mean, variance, gamma=1.0, beta=0.0, epsilon=1e-3):
    x = np.moveaxis(x.astype(np.float64), axis, -1)
    return np.moveaxis(gamma * (x - mean) / np.sqrt(variance + epsilon) + beta, -1, axis)


def np_moments(x, axis, unbiased):
    x = np.moveaxis(x.astype(np.float64), axis, -1).reshape(-1, x.shape[axis])
    return x.mean(0), x.var(0, ddof=1 if unbiased else 0)


def relu(x):
    return np.maximum(x, 0)


def np_softmax_loss(logits, labels):
    logits = logits.astype(np.float64)
    return -(labels * (logits - np.log(np.exp(logits).sum(-1, keepdims=True)))).sum(-1)
