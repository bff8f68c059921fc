"""The advice of legacy_gan.tf1.names leads somewhere: what it names of TensorFlow is there, and the packages import."""

import importlib
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
        except AttributeError as e:
            if symbol == "tf.keras":  # needs the extra
                assert isinstance(e, NotServed) and "pip install" in str(e)
                continue
            # TensorFlow 2's own, which a program that is rewritten uses
            import tensorflow

            found = tensorflow
            for part in symbol.split(".")[1:]:
                found = getattr(found, part)


# What it names of other packages: pip install -e ".[advice-test]"
OTHERS = sorted(
    {name for text in ADVICE for name in re.findall(r"package (\w+)|\bor (tensorflow_\w+)|package \w+ or (\w+)", text)}
)
PACKAGES = sorted({name for found in OTHERS for name in found if name} - {"tf_keras"})
PLACES = sorted({name for text in ADVICE for name in re.findall(r"\b(?:numpy|scipy|sklearn|PIL)(?:\.\w+)+", text)})


def test_the_packages_that_advice_names_are_known():
    assert PACKAGES == ["statsmodels", "tensorboard", "tensorflow_model_optimization", "tensorflow_probability"]
    assert {"scipy.integrate.odeint", "sklearn.ensemble.GradientBoostingClassifier"} <= set(PLACES)


@pytest.mark.advice
@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_advice_names_imports_beside_todays_tensorflow(name):
    importlib.import_module(name)


@pytest.mark.advice
def test_a_distribution_of_tensorflow_probability_is_a_part_of_a_graph():
    import tensorflow_probability

    from legacy_gan.tf1 import tf

    with tf.Graph().as_default(), tf.Session() as session:
        likely = tensorflow_probability.distributions.Normal(0.0, 1.0).log_prob(tf.placeholder_with_default(0.5, []))
        assert session.run(likely) == pytest.approx(-0.5 * 0.5**2 - 0.9189385)


@pytest.mark.advice
@pytest.mark.parametrize("place", PLACES)
def test_what_an_advice_names_of_another_package_is_there(place):
    parts = place.split(".")
    found = importlib.import_module(parts[0])
    for number, part in enumerate(parts[1:], 2):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[:number]))
        found = getattr(found, part)
