"""--precision bfloat16: the products and nothing else."""

import json
import os

import numpy as np
import pytest

from legacy_gan.tf1.backend.precision import products_in
from legacy_gan.training import engines
from tests.support import training
from tests.support.training import SIZES, tf, trained

pytestmark = pytest.mark.newest

TF1 = tf.version.VERSION.startswith("1.")
MODELS = pytest.mark.parametrize("model", ["basic", "conditional"])


def rounded(array):
    """float32 to bfloat16 and back, by hand: to nearest, ties to even."""
    bits = np.ascontiguousarray(array, np.float32).view(np.uint32)
    bits = bits + (0x7FFF + ((bits >> 16) & 1)).astype(np.uint32)
    return (bits & np.uint32(0xFFFF0000)).view(np.float32)


def cut(array):
    """float32 to bfloat16 and back: what TensorFlow's kernel makes of a product on a processor without units for it."""
    return (np.ascontiguousarray(array, np.float32).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


def evaluated(build, *arrays):
    with tf.Graph().as_default(), tf.Session() as session:
        variables = [tf.Variable(array) for array in arrays]
        tensors = build(*variables)
        session.run(tf.global_variables_initializer())
        return session.run(tensors)


def product_and_gradients(precision):
    def build(a, b, c):
        with products_in(precision):
            y = tf.matmul(a, b)
        return [y] + tf.gradients(tf.reduce_sum(y * c), [a, b])

    return build


@pytest.mark.both_ends
def test_factors_and_product_are_rounded_and_the_gradients_too():
    rng = np.random.RandomState(3)
    # So few terms that they add up exactly in float32, whatever the order.
    a, b, c = (np.float32(rng.randint(-999, 999, size)) / 8 for size in ([5, 2], [2, 4], [5, 4]))
    got = evaluated(product_and_gradients("bfloat16"), a, b, c)
    ra, rb, rc = rounded(a), rounded(b), rounded(c)
    for array, expected in zip(got, (ra @ rb, rc @ rb.T, ra.T @ rc)):
        assert array.dtype == np.float32
        if array.shape != (2, 4):  # a sum of five: the order shows
            ways = [rounded(expected)] if TF1 else [rounded(expected), cut(expected)]
            assert any(np.array_equal(array, way) for way in ways), array
        np.testing.assert_allclose(array, expected, rtol=0.02, atol=30)
    exact = evaluated(product_and_gradients("float32"), a, b, c)
    for array, expected in zip(exact, (a @ b, c @ b.T, a.T @ c)):
        np.testing.assert_allclose(array, expected, rtol=1e-6)
        assert not np.array_equal(array, rounded(array))


def test_precision_ends_where_its_block_ends():
    with tf.Graph().as_default() as graph:
        with products_in("bfloat16"):
            with products_in("float32"):
                tf.matmul(np.ones([2, 3], np.float32), tf.ones([3, 2]), name="inner")
            tf.matmul(tf.ones([3, 2], tf.float64), np.ones([2, 3]), name="double")
            with pytest.raises(ValueError):
                tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))
        tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]), transpose_b=True, name="outer")
        kinds = {op.name: op.outputs[0].dtype for op in graph.get_operations() if op.type == "MatMul"}
    assert kinds == {"inner": tf.float32, "double": tf.float64, "outer": tf.float32}


@MODELS
def test_all_products_of_a_model_are_in_its_precision(model):
    for precision in ("float32", "bfloat16"):
        with training.built(model, precision=precision, **SIZES) as (session, gan, _, _):
            products = [op for op in session.graph.get_operations() if op.type == "MatMul"]
            assert len(products) > 10
            kinds = {op.outputs[0].dtype.name for op in products}
            assert kinds == {"float32" if TF1 else precision}
            are_rounded = [x.op.type == "Cast" for op in products for x in op.inputs]
            assert all(are_rounded) if precision == "bfloat16" else not any(are_rounded)
            assert {v.dtype.base_dtype for v in gan.model_vars} == {tf.float32}
            assert {v.dtype.base_dtype for v in gan.optimizer_vars.values()} == {tf.float32}
            assert gan.d_loss.dtype == gan.sample.dtype == tf.float32


@pytest.mark.both_ends
@pytest.mark.parametrize(
    "kind, model",
    [
        ("feed", "basic"),
        ("compiled", "conditional"),
        pytest.param("feed", "conditional", marks=pytest.mark.slow),
        pytest.param("compiled", "basic", marks=pytest.mark.slow),
    ],
)
def test_both_engines_train_in_bfloat16(kind, model):
    """Rounding to 8 bits shows in the losses, and no more than it should."""
    rounding = trained(kind, model, 9, precision="bfloat16")[0]
    exact = trained(kind, model, 9)[0]
    assert (abs(rounding - exact).max(1) > 1e-5).all()
    np.testing.assert_allclose(rounding, exact, rtol=0.03)


def test_compiled_steps_are_built_in_the_models_precision(monkeypatch):
    kinds = []

    def updated(*given, updated=engines.compiled._updated):
        results = updated(*given)
        kinds.extend(x.op.type for op in results[0].graph.get_operations() if op.type == "MatMul" for x in op.inputs)
        return results

    monkeypatch.setattr(engines.compiled, "_updated", updated)
    trained("compiled", "conditional", 1, precision="bfloat16")
    assert len(kinds) > 20 and set(kinds) == {"Cast"}


def test_processor_without_units_is_told_of(program, made_folder, monkeypatch):
    train = ["train", "basic", "--device", "cpu", "--data-dir", made_folder, "--steps", 1, "--restart"]
    for flags, precision, told in (
        ("fpu avx2", "bfloat16", True),
        ("fpu avx512_bf16", "bfloat16", False),
        ("fpu amx_bf16", "bfloat16", False),
        ("fpu", "float32", False),
        (None, "bfloat16", False),
    ):
        if flags is not None:
            with open("cpuinfo", "w") as f:
                f.write("processor : 0\nflags : " + flags + "\n")
        monkeypatch.setattr("legacy_gan.tf1.backend.precision.CPU_INFO", "cpuinfo" if flags else "none")
        status, _, err = program(*train, "--precision", precision)
        told = precision == "bfloat16" if TF1 else told  # which uses none
        assert status == 0 and ("on cpu has no units for bfloat16" in err) == told


def test_precision_may_change_on_purpose_and_an_older_run_has_float32(program, made_folder):
    """A config.json from before there was the setting."""
    train = ["train", "basic", "--data-dir", made_folder, "--hidden", 12, "--noise", 7, "--sample-every", 9]
    assert program(*train, "--epochs", 1)[0] == 0
    path = os.path.join("runs", "basic", "config.json")
    with open(path) as f:
        config = json.load(f)
    del config["settings"]["precision"]
    with open(path, "w") as f:
        json.dump(config, f)
    assert program(*train, "--epochs", 2)[0] == 0
    status, _, err = program(*train, "--epochs", 3, "--precision", "bfloat16")
    assert status == 2 and "expected --precision float32, got bfloat16" in err
    allowed = ["--precision", "bfloat16", "--allow-change", "precision"]
    assert program(*train, "--epochs", 3, *allowed)[0] == 0
    with open(path) as f:
        config = json.load(f)
    assert config["settings"]["precision"] == "bfloat16"
    assert [change["setting"] for change in config["changes"]] == ["precision"]
