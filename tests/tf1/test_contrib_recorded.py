"""tf.contrib of legacy_gan.tf1 beside figures recorded from TensorFlow 1.15.5: variables, outputs, gradients, steps."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support import recorded

SCRIPTS = [(subject, name) for subject in recorded.SUBJECTS for name in recorded.scripts(subject)]
SURE = [
    (subject, name)
    for subject, name in SCRIPTS
    if subject not in recorded.OF_1_14 and name not in recorded.RACES.get(subject, ())
]
every_script = pytest.mark.parametrize("subject, name", SCRIPTS)


def hold(subject, name, T):
    """Holds what a script computes to what is recorded of it."""
    found, lines = recorded.figures(recorded.scripts(subject)[name], T)
    with np.load(recorded.path(subject)) as kept:
        keys = [key for key in kept.files if key.startswith(f"{name}/")]
        expected = {key[len(name) + 1 :]: kept[key] for key in keys}
    assert lines == expected.pop("variables").tolist()  # so a checkpoint of one loads in the other
    assert sorted(found) == sorted(expected)
    for key, value in expected.items():
        assert found[key].dtype == value.dtype and found[key].shape == value.shape, key
        if value.dtype.kind != "f":
            np.testing.assert_array_equal(found[key], value, key)
            continue
        # float32: sums of up to some hundred terms in another order, over some steps of time or of training.
        largest = np.abs(value[np.isfinite(value)]).max(initial=0.0)
        np.testing.assert_allclose(found[key], value, rtol=2e-5, atol=1e-6 + 1e-5 * largest, err_msg=key)


@pytest.mark.tensorflow_2
@every_script
def test_figures_are_those_recorded(subject, name, tf1_defaults):
    hold(subject, name, tf)


@pytest.mark.tf1
@pytest.mark.parametrize("subject, name", SURE)
def test_recorded_figures_are_the_real_ones(subject, name, tf1_defaults):
    import tensorflow

    hold(subject, name, tensorflow)
