"""Both models against an independent NumPy implementation, at odd sizes."""

import numpy as np
import pytest

from tests.support import training
from tests.support.numpy_gan import Oracle

BATCH, HIDDEN, NOISE = 11, 13, 7


@pytest.mark.parametrize("model", ["basic", "conditional"])
@pytest.mark.parametrize("engine", ["feed", "compiled"])
def test_training_steps_equal_the_numpy_oracle(engine, model):
    """After the first step, and after two more."""
    rng = np.random.RandomState(3)
    images = rng.uniform(0, 1, (29, 784)).astype(np.float32)
    labels = np.eye(10)[rng.randint(0, 10, 29)]
    with training.built(model, hidden=HIDDEN, noise=NOISE, batch_size=BATCH, seed=5) as built:
        session, gan, module, settings = built
        # Wide weights: at the listing's 0.01 the networks hardly do anything in three steps.
        initial = {v.op.name: rng.normal(0, 0.3, v.shape.as_list()).astype(np.float32) for v in gan.model_vars}
        training.weights.assign(session, gan.named_vars, initial)
        data = training.data_set(images, labels)
        engine = training.engine(session, gan, module, settings, data, engine)
        trained = []
        for steps in (1, 2):
            losses = training.train(engine, steps)
            trained.append((losses, training.weights.fetch(session, gan.named_vars)))

    oracle = Oracle([initial[name] for name in trained[0][1]], settings.learning_rate)
    stream = np.random.RandomState(5)
    data = training.data_set(images, labels)
    data.use(stream)
    sign = -1 if model == "basic" else 1  # listing 1 prints what it maximises
    for losses, after in trained:
        for loss in losses.T:
            xs, ys = data.next_batch(BATCH)
            if model == "basic":
                noise, ys = stream.normal(size=(BATCH, NOISE)), None
            else:
                noise = stream.uniform(-1, 1, size=(BATCH, NOISE))
            expected = oracle.step(xs, noise, ys)
            # float32 sums of some hundred terms against float64
            np.testing.assert_allclose(sign * loss, expected, rtol=1e-5, atol=1e-6)
        for (name, value), expected in zip(after.items(), oracle.g + oracle.d):
            # A step moves a weight by the learning rate; the bound is a hundredth of one step.
            np.testing.assert_allclose(value, expected, atol=settings.learning_rate / 100, rtol=1e-6, err_msg=name)
