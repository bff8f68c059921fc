"""Writes tests/golden/contrib on TensorFlow 1.15.5: python -m tests.support.recorded.make [SUBJECT ...]."""

import importlib
import sys

import numpy as np
import tensorflow

from tests.support.recorded import OF_1_14, SUBJECTS, figures, path, scripts


def main(subjects):
    assert tensorflow.__version__ == "1.15.5", f"the figures are those of 1.15.5, this is {tensorflow.__version__}"
    tensorflow.compat.v1.disable_control_flow_v2()
    tensorflow.compat.v1.disable_resource_variables()
    for subject in subjects or [each for each in SUBJECTS if each not in OF_1_14]:
        importlib.import_module(f"tensorflow.contrib{f'.{subject}' if subject in OF_1_14 else ''}")
        kept = {}
        for name, script in scripts(subject).items():
            found, lines = figures(script, tensorflow)
            kept.update((f"{name}/{key}", value) for key, value in found.items())
            kept[f"{name}/variables"] = np.array(lines, dtype=str)
        np.savez_compressed(path(subject), **kept)


if __name__ == "__main__":
    main(sys.argv[1:])
