"""The advice of legacy_gan.tf1.names leads somewhere: what it names of TensorFlow is there, and the packages import."""

import re

import pytest

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import names, namespace

pytestmark = pytest.mark.newest  # advice is on what there is today

# These do not import on TensorFlow 2.16 and later.
IMPORTED_NOWHERE = ("tensorflow_addons", "tensorflow_gan", "tensorflow_decision_forests")

ADVICE = sorted({text for row in names.ADVICE.values() for text in row.values()} | set(names.REFUSED.values()))


def test_no_advice_names_a_package_that_does_not_import_today():
    assert not [text for text in ADVICE if any(package in text for package in IMPORTED_NOWHERE)]


@pytest.mark.parametrize("text", [text for text in ADVICE if re.search(r"\btf\.[a-z]", text)])
def test_what_an_advice_names_of_tensorflow_is_there(text):
    for symbol in re.findall(r"\btf(?:\.\w+)+", text):
        try:
            assert namespace.look_up(symbol) is not None
        except NotServed as e:
            assert symbol == "tf.keras" and "pip install" in str(e), symbol  # needs the extra
        except AttributeError:
            # TensorFlow 2's own, which a program that is rewritten uses
            import tensorflow

            found = tensorflow
            for part in symbol.split(".")[1:]:
                found = getattr(found, part)
