"""tf.contrib.framework: arg_scope, variables by scope and name, checkpoints, nest."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from legacy_gan.tf1.contrib import framework, layers, slim
from tests.support.graphs import close, floats, images, names, session, set_weights

pytestmark = pytest.mark.usefixtures("own_graph")


# --- arg_scope --------------------------------------------------------------------------------


@framework.add_arg_scope
def tagged(value, first=1, second=2):
    """Returns its arguments."""
    return value, first, second


@framework.add_arg_scope
def other(value, first=5):
    return value, first


def test_arg_scope_sets_options_and_calls_win():
    with slim.arg_scope([tagged, other], first=10) as outer:
        assert tagged("a") == ("a", 10, 2) and other("a") == ("a", 10)
        assert tagged("a", first=3) == ("a", 3, 2)
        with slim.arg_scope([tagged], second=20):
            assert tagged("a") == ("a", 10, 20)
            with slim.arg_scope(outer):
                assert tagged("a") == ("a", 10, 2)
        assert framework.current_arg_scope() == outer
    assert tagged("a") == ("a", 1, 2)
    with slim.arg_scope(outer):
        assert tagged("a") == ("a", 10, 2)


def test_arg_scope_is_left_after_an_error():
    with pytest.raises(KeyError):
        with slim.arg_scope([tagged], first=10):
            raise KeyError
    assert tagged("a") == ("a", 1, 2)


def test_arg_scope_knows_its_functions():
    assert framework.has_arg_scope(tagged) and framework.has_arg_scope(slim.conv2d)
    assert not framework.has_arg_scope(len)
    assert framework.arg_scoped_arguments(tagged) == ("first", "second")
    assert tagged.__name__ == "tagged" and tagged.__doc__ == "Returns its arguments."
    with pytest.raises(ValueError, match="arg_scope: <built-in function len> has no add_arg_scope"):
        with slim.arg_scope([len], first=1):
            pass
    with pytest.raises(TypeError, match="arg_scope: expected a list of functions or a scope"):
        with slim.arg_scope(tagged, first=1):
            pass
    with pytest.raises(ValueError, match="a scope that is opened again takes no options, got first"):
        with slim.arg_scope({}, first=1):
            pass


def test_aliases_share_one_arg_scope_between_slim_and_layers():
    with slim.arg_scope([slim.conv2d], activation_fn=None, padding="VALID"):
        y = layers.convolution2d(images(), 13, 3)
    assert y.op.type == "BiasAdd" and y.shape.as_list() == [11, 5, 3, 13]


def test_arg_scope_of_variables_reaches_the_layers():
    with slim.arg_scope([slim.model_variable, slim.variable], device="/cpu:0"):
        slim.fully_connected(floats(11, 13), 17)
    assert {v.device for v in tf.global_variables()} == {"/device:CPU:0"}


# --- framework --------------------------------------------------------------------------------


def two_layers():
    with tf.variable_scope("one"):
        layers.fully_connected(floats(11, 13), 17)
    with tf.variable_scope("two"):
        layers.fully_connected(floats(11, 13), 17, trainable=False)
    tf.get_variable("weights", [3])


def found(variables):
    return [v.op.name for v in variables]


def test_variables_are_found_by_scope_suffix_and_name():
    two_layers()
    one, two = "one/fully_connected/", "two/fully_connected/"
    assert found(framework.get_variables("one")) == [one + "weights", one + "biases"]
    assert found(framework.get_variables(suffix="biases")) == [one + "biases", two + "biases"]
    assert found(slim.get_variables_by_name("weights")) == [one + "weights", two + "weights", "weights"]
    assert found(slim.get_variables_by_suffix("ights", "two")) == [two + "weights"]
    assert found(framework.get_model_variables()) == names()[:4]
    assert found(framework.get_trainable_variables("one")) == [one + "weights", one + "biases"]
    assert found(framework.get_trainable_variables("two")) == []
    assert found(slim.get_variables_to_restore(exclude=["two", "weights"])) == [one + "weights", one + "biases"]
    assert found(slim.get_variables_to_restore(["two"])) == [two + "weights", two + "biases"]
    assert framework.get_unique_variable("weights").op.name == "weights"
    with tf.variable_scope("one") as scope:
        assert found(framework.get_variables(scope)) == [one + "weights", one + "biases"]
    assert found(framework.filter_variables(tf.global_variables(), ["^one", "^w"], ["biases"])) == [
        one + "weights",
        "weights",
    ]
    with pytest.raises(ValueError, match="get_unique_variable: no variable 'three'"):
        framework.get_unique_variable("three")


def test_local_and_global_variables_join_their_collections():
    local, whole = framework.local_variable(1.0), framework.global_variable(2.0)
    assert tf.local_variables() == framework.get_local_variables() == [local]
    assert tf.global_variables() == [whole] and tf.trainable_variables() == []
    framework.add_model_variable(whole)
    framework.add_model_variable(whole)
    assert framework.get_model_variables() == [whole]


def test_global_step_is_made_once():
    step = slim.get_or_create_global_step()
    assert slim.get_or_create_global_step() is step is framework.get_global_step()
    assert framework.assert_or_get_global_step() is step


def test_values_come_from_a_checkpoint(tmp_path):
    two_layers()
    path = str(tmp_path / "model")
    with session() as sess:
        state = set_weights(sess)
        path = tf.train.Saver().save(sess, path)
    assert [name for name, _ in framework.list_variables(path)] == sorted(names())
    close(framework.load_variable(path, "weights"), state["weights"])
    weights = framework.get_unique_variable("weights")
    late = tf.get_variable("late", [3])
    operation, feed = slim.assign_from_checkpoint(path, {"weights": late})
    restore = slim.assign_from_checkpoint_fn(path, [weights, late], ignore_missing_vars=True)
    values = slim.assign_from_values_fn({"late": np.array([7.0, 8.0, 9.0])})
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(operation, feed)
        restore(sess)
        close(sess.run(late), state["weights"])
        close(sess.run(weights), state["weights"])
        values(sess)
        close(sess.run(late), np.array([7.0, 8.0, 9.0]))
    with pytest.raises(ValueError, match=r"Checkpoint is missing variable \[late\]"):
        slim.assign_from_checkpoint(path, [late])
    assert slim.assign_from_checkpoint_fn(path, [late], ignore_missing_vars=True) is None
    with pytest.raises(ValueError, match="var_list cannot be empty"):
        slim.assign_from_checkpoint_fn(path, [])


def test_nest_flattens_maps_and_packs():
    nest, tree = framework.nest, {"b": (1, [2]), "a": 3}
    assert nest.flatten(tree) == [3, 1, 2]
    assert nest.map_structure(lambda v: v + 1, tree) == {"b": (2, [3]), "a": 4}
    assert nest.pack_sequence_as(tree, [5, 6, 7]) == {"b": (6, [7]), "a": 5}
    assert nest.is_sequence([1]) and not nest.is_sequence(1)
    with pytest.raises((ValueError, TypeError)):
        nest.assert_same_structure(tree, [1])


def test_device_chooser_deals_out_servers():
    choose = slim.VariableDeviceChooser(num_tasks=2)
    places = [f"/job:ps/task:{task}/device:CPU:0" for task in (0, 1, 0)]
    assert [choose(None) for _ in places] == places
