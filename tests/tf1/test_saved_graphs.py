"""Graphs that TensorFlow 1.15.5 saved are loaded here and compute what they computed there."""

import json
import os

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.paths import GOLDEN

FOLDER = os.path.join(GOLDEN, "saved_graphs")
with open(os.path.join(FOLDER, "expected.json"), encoding="utf-8") as f:
    EXPECTED = json.load(f)
NAMES = sorted(EXPECTED)
# Dropout draws other masks on another TensorFlow
EVALUATED = [name for name in NAMES if name != "dense"]


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as opened:
        yield opened


def fed(name):
    return {"x:0": np.array(EXPECTED[name]["x"], np.float32)}


def same(value, name, what="y"):
    # float32, and other orders of addition
    np.testing.assert_allclose(value, EXPECTED[name][what], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_meta_graph_is_restored_and_trained_further(name, session):
    tf.train.import_meta_graph(os.path.join(FOLDER, f"{name}.meta")).restore(session, os.path.join(FOLDER, name))
    coordinator = tf.train.Coordinator()
    tf.train.start_queue_runners(session, coordinator)
    if name in EVALUATED:
        same(session.run("y:0", fed(name)), name)
    session.run("train", fed(name))
    if name in EVALUATED:
        same(session.run("loss:0", fed(name)), name, "trained")
    coordinator.request_stop()  # the queue runners close their queue


@pytest.mark.parametrize("name", [name for name in EVALUATED if name != "queue"])
def test_a_saved_model_is_loaded(name, session):
    loaded = tf.saved_model.loader.load(session, ["serve"], os.path.join(FOLDER, f"{name}_saved_model"))
    outputs = loaded.signature_def["serving_default"].outputs["y"].name
    same(session.run(outputs, fed(name)), name)


@pytest.mark.parametrize("name", [name for name in EVALUATED if name != "queue"])
def test_a_frozen_graph_is_imported(name, session):
    graph_def = tf.GraphDef()
    with open(os.path.join(FOLDER, f"{name}.pb"), "rb") as f:
        graph_def.ParseFromString(f.read())
    tf.import_graph_def(graph_def, name="")
    same(session.run("y:0", fed(name)), name)
