"""tf.nn.rnn_cell, the loops, contrib.rnn and contrib.legacy_seq2seq: signatures, and what is served."""

import inspect

import pytest

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import namespace, rnn, rnn_cell
from legacy_gan.tf1.contrib import legacy_seq2seq, rnn as contrib_rnn
from legacy_gan.tf1.rnn_cell import linear
from tests.support.cells import ours, real
from tests.support.used_names import used_names

pytestmark = pytest.mark.usefixtures("own_graph")


# --- The interface ----------------------------------------------------------------------------

SIGNATURES = {
    "BasicRNNCell": "num_units, activation=None, reuse=None, name=None, dtype=None, **kwargs",
    "GRUCell": "num_units, activation=None, reuse=None, kernel_initializer=None, "
    "bias_initializer=None, name=None, dtype=None, **kwargs",
    "BasicLSTMCell": "num_units, forget_bias=1.0, state_is_tuple=True, activation=None, "
    "reuse=None, name=None, dtype=None, **kwargs",
    "LSTMCell": "num_units, use_peepholes=False, cell_clip=None, initializer=None, num_proj=None, "
    "proj_clip=None, num_unit_shards=None, num_proj_shards=None, forget_bias=1.0, "
    "state_is_tuple=True, activation=None, reuse=None, name=None, dtype=None, **kwargs",
    "MultiRNNCell": "cells, state_is_tuple=True",
    "RNNCell": "trainable=True, name=None, dtype=None, **kwargs",
    "LSTMBlockCell": "num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, dtype=None, "
    "reuse=None, name='lstm_cell'",
    "LSTMBlockFusedCell": "num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, "
    "reuse=None, dtype=None, name='lstm_fused_cell'",
    "GRUBlockCell": "num_units=None, cell_size=None, reuse=None, name='gru_cell'",
    "LayerNormBasicLSTMCell": "num_units, forget_bias=1.0, input_size=None, activation=tanh, "
    "layer_norm=True, norm_gain=1.0, norm_shift=0.0, dropout_keep_prob=1.0, "
    "dropout_prob_seed=None, reuse=None",
    "AttentionCellWrapper": "cell, attn_length, attn_size=None, attn_vec_size=None, "
    "input_size=None, state_is_tuple=True, reuse=None",
    "EmbeddingWrapper": "cell, embedding_classes, embedding_size, initializer=None, reuse=None",
    "InputProjectionWrapper": "cell, num_proj, activation=None, input_size=None, reuse=None",
    "OutputProjectionWrapper": "cell, output_size, activation=None, reuse=None",
    "HighwayWrapper": "cell, couple_carry_transform_gates=True, carry_bias_init=1.0",
    "ConvLSTMCell": "conv_ndims, input_shape, output_channels, kernel_shape, use_bias=True, "
    "skip_connection=False, forget_bias=1.0, initializers=None, name='conv_lstm_cell'",
    # TF 1.15 hides these three behind *args.
    "DropoutWrapper": "cell, input_keep_prob=1.0, output_keep_prob=1.0, state_keep_prob=1.0, "
    "variational_recurrent=False, input_size=None, dtype=None, seed=None, "
    "dropout_state_filter_visitor=None, **kwargs",
    "ResidualWrapper": "cell, residual_fn=None, **kwargs",
    "DeviceWrapper": "cell, device, **kwargs",
}
HIDDEN = {"DropoutWrapper", "ResidualWrapper", "DeviceWrapper"}


def signature(function, skip=0):
    shown = []
    for parameter in list(inspect.signature(function).parameters.values())[skip:]:
        default = parameter.default
        if parameter.kind is parameter.VAR_KEYWORD:
            shown.append("**" + parameter.name)
        elif default is parameter.empty:
            shown.append(parameter.name)
        else:
            default = default.__name__ if callable(default) else repr(default)
            shown.append(f"{parameter.name}={default}")
    return ", ".join(shown)


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_signature_is_the_table_of_tf_115(name):
    assert signature(getattr(contrib_rnn, name).__init__, 1) == SIGNATURES[name]


@pytest.mark.tf1
@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_signature_is_that_of_the_real_cell(name):
    # A wrapper's own arguments stand in its second base, where 1.15 has them.
    cell = getattr(real().rnn, name)
    cell = cell.__mro__[1] if name in HIDDEN else cell
    assert signature(cell.__init__, 1) == SIGNATURES[name]


@pytest.mark.tf1
@pytest.mark.parametrize(
    "name", legacy_seq2seq.__all__ + ["stack_bidirectional_rnn", "stack_bidirectional_dynamic_rnn"]
)
def test_signature_is_that_of_the_real_function(name):
    def found(served):
        return getattr(served.seq2seq if hasattr(served.seq2seq, name) else served.rnn, name)

    shown = signature(found(ours))
    assert shown.count(",") > 2
    assert shown.replace("tf.float32", "") == signature(found(real())).replace("tf.float32", "")


@pytest.mark.tf1
def test_namespaces_are_those_of_the_real_modules():
    theirs = real()
    assert set(rnn_cell.__all__) == {name for name in dir(theirs.cell) if name[0] != "_"}
    assert set(contrib_rnn.__all__) <= set(dir(theirs.rnn))
    assert set(legacy_seq2seq.__all__) == {name for name in dir(theirs.seq2seq) if name[0] != "_"}
    assert set(rnn.__all__) <= set(dir(theirs.loops))


@pytest.mark.parametrize(
    "module, prefix",
    [(rnn_cell, "tf.nn.rnn_cell"), (contrib_rnn, "tf.contrib.rnn"), (legacy_seq2seq, "tf.contrib.legacy_seq2seq")],
)
def test_what_is_not_served_is_an_error_that_names_what_is(module, prefix):
    with pytest.raises(NotServed, match=prefix + ".NoSuchThing is not served; .* has " + module.__all__[0]):
        module.NoSuchThing
    for name in module.__all__:
        assert callable(getattr(module, name))


def test_private_names_that_programs_take_are_there():
    """Not in __all__: programs of 2017 import them from TensorFlow's inner modules."""
    assert namespace.look_up("tf.contrib.rnn.python.ops.core_rnn_cell")._Linear is linear.Linear
    seq2seq = namespace.look_up("tf.contrib.legacy_seq2seq.python.ops.seq2seq")
    assert callable(seq2seq._extract_argmax_and_embed)


@pytest.mark.parametrize("module", [rnn_cell, rnn, contrib_rnn, legacy_seq2seq])
def test_source_uses_no_keras(module):
    used = used_names(module)
    assert "tensorflow.compat.v1" in used
    assert not [name for name in used if "keras" in name.lower()]
