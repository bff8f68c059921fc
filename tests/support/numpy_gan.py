"""The book's two models once more, in NumPy and float64: forward, backward and Adam by hand."""

import numpy as np


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def softplus(x):
    return np.logaddexp(0, x)


class Adam:
    """Adam as TF 1 has it: epsilon outside the bias correction."""

    def __init__(self, learning_rate, count, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.learning_rate, self.beta1, self.beta2, self.epsilon = (learning_rate, beta1, beta2, epsilon)
        self.t, self.m, self.v = 0, [0.0] * count, [0.0] * count

    def step(self, variables, gradients):
        self.t += 1
        rate = self.learning_rate * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)
        for i, g in enumerate(gradients):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g * g
            variables[i] -= rate * self.m[i] / (np.sqrt(self.v[i]) + self.epsilon)


class Oracle:
    """Two-layer G and D; `labels` join both inputs when they are given.

    Args:
      weights: eight float64 arrays: G W1, b1, W2, b2, D W1, b1, W2, b2.
      learning_rate: of both networks.
    """

    def __init__(self, weights, learning_rate):
        weights = [np.array(w, np.float64) for w in weights]
        self.g, self.d = weights[:4], weights[4:]
        self.adam_g, self.adam_d = Adam(learning_rate, 4), Adam(learning_rate, 4)

    @staticmethod
    def layers(inputs, weights):
        """Returns (hidden, output before its activation)."""
        hidden = np.maximum(inputs @ weights[0] + weights[1], 0)
        return hidden, hidden @ weights[2] + weights[3]

    @staticmethod
    def backward(inputs, hidden, weights, slope):
        """Returns the gradients of the four weights, and of the inputs, for d loss/d output."""
        back = (slope @ weights[2].T) * (hidden > 0)
        return [inputs.T @ back, back.sum(0), hidden.T @ slope, slope.sum(0)], back @ weights[0].T

    @staticmethod
    def joined(inputs, labels):
        return inputs if labels is None else np.concatenate([inputs, labels], 1)

    def generate(self, noise, labels=None):
        return sigmoid(self.layers(self.joined(noise, labels), self.g)[1])

    def step(self, real, noise, labels=None):
        """One D step, then one G step with the new D; returns (d_loss, g_loss) to be minimised."""
        batch = len(real)
        # D: mean softplus(-D(x)) + mean softplus(D(G(z)))
        d_real, d_fake = self.joined(real, labels), self.joined(self.generate(noise, labels), labels)
        (h_real, real_logits), (h_fake, fake_logits) = (self.layers(x, self.d) for x in (d_real, d_fake))
        d_loss = softplus(-real_logits).mean() + softplus(fake_logits).mean()
        from_real, _ = self.backward(d_real, h_real, self.d, -sigmoid(-real_logits) / batch)
        from_fake, _ = self.backward(d_fake, h_fake, self.d, sigmoid(fake_logits) / batch)
        self.adam_d.step(self.d, [a + b for a, b in zip(from_real, from_fake)])
        # G: mean softplus(-D(G(z))), through the D just changed
        g_inputs = self.joined(noise, labels)
        g_hidden, raw = self.layers(g_inputs, self.g)
        images = sigmoid(raw)
        d_inputs = self.joined(images, labels)
        d_hidden, logits = self.layers(d_inputs, self.d)
        g_loss = softplus(-logits).mean()
        _, slope = self.backward(d_inputs, d_hidden, self.d, -sigmoid(-logits) / batch)
        slope = slope[:, : images.shape[1]] * images * (1 - images)
        gradients, _ = self.backward(g_inputs, g_hidden, self.g, slope)
        self.adam_g.step(self.g, gradients)
        return d_loss, g_loss
