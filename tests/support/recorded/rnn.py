"""Recorded scripts of tf.contrib.rnn's cells: each along a sequence, by dynamic_rnn."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

BATCH, TIME, IN, UNITS = 3, 4, 6, 8
LENGTHS = np.array([4, 2, 3], np.int32)


def _along(make, depth=IN, scale=0.5, part="rnn"):
    def script(T):
        x = tf.constant(draw((BATCH, TIME, depth), 1))
        return Case(
            T.nn.dynamic_rnn(make(getattr(T.contrib, part)), x, tf.constant(LENGTHS), dtype=tf.float32), scale=scale
        )

    return script


def _steps(make, depth=IN):
    """Two steps by hand; the state need not have the size of state_size."""

    def script(T):
        cell = make(T.contrib.rnn)
        state = tf.constant(draw((BATCH, 2 * 3 * UNITS), 2))
        first, state = cell(tf.constant(draw((BATCH, depth), 1)), state)
        return Case([first, cell(tf.constant(draw((BATCH, depth), 3)), state)])

    return script


def phased(T):
    x, times = tf.constant(draw((BATCH, TIME, IN), 1)), np.arange(BATCH * TIME).reshape(BATCH, TIME, 1) * 0.7
    cell = T.contrib.rnn.PhasedLSTMCell(UNITS, use_peepholes=True, ratio_on=0.4, period_init_max=10.0)
    outputs = T.nn.dynamic_rnn(cell, (tf.constant(times.astype(np.float32)), x), dtype=tf.float32)
    return Case(outputs, scale=1.0)


_GRID = dict(feature_size=4, frequency_skip=2, num_frequency_blocks=[3])
_BLOCKS = dict(
    feature_size=2,
    frequency_skip=1,
    num_frequency_blocks=[3, 2],
    start_freqindex_list=[0, 3],
    end_freqindex_list=[4, 6],
)
_SCRIPTS = {
    "bidirectional_grid": _along(lambda C: C.BidirectionalGridLSTMCell(5, True, backward_slice_offset=1, **_GRID), 8),
    "bidirectional_grid_before": _along(
        lambda C: C.BidirectionalGridLSTMCell(5, backward_slice_offset=-1, **_BLOCKS), IN
    ),
    "compiled": _along(lambda C: C.CompiledWrapper(C.LSTMCell(UNITS))),
    "coupled": _along(lambda C: C.CoupledInputForgetGateLSTMCell(UNITS, True, num_proj=5, proj_clip=0.3)),
    "coupled_normalized": _along(
        lambda C: C.CoupledInputForgetGateLSTMCell(
            UNITS, num_unit_shards=3, layer_norm=True, norm_gain=0.9, norm_shift=0.1, state_is_tuple=False
        )
    ),
    "cudnn_gru": _along(lambda C: C.CudnnCompatibleGRUCell(UNITS), part="cudnn_rnn"),
    "cudnn_lstm": _along(lambda C: C.CudnnCompatibleLSTMCell(UNITS), part="cudnn_rnn"),
    "grid": _along(lambda C: C.GridLSTMCell(5, True, cell_clip=0.4, num_unit_shards=2, **_GRID), 8),
    "grid_blocks": _along(lambda C: C.GridLSTMCell(5, couple_input_forget_gates=True, **_BLOCKS)),
    "grid_shared": _along(
        lambda C: C.GridLSTMCell(5, True, True, couple_input_forget_gates=True, state_is_tuple=False, **_GRID), 8
    ),
    "grouped": _along(lambda C: C.GLSTMCell(UNITS, number_of_groups=2)),
    "grouped_projected": _along(lambda C: C.GLSTMCell(UNITS, tf.ones_initializer(), 4, 2, 0.5, tf.nn.relu)),
    "independent": _along(lambda C: C.IndRNNCell(UNITS, tf.nn.relu)),
    "independent_gru": _along(lambda C: C.IndyGRUCell(UNITS)),
    "independent_lstm": _along(lambda C: C.IndyLSTMCell(UNITS, 0.5)),
    "intersection": _along(lambda C: C.IntersectionRNNCell(UNITS, UNITS)),
    "intersection_plain": _along(lambda C: C.IntersectionRNNCell(IN, y_activation=tf.tanh)),
    "nas": _along(lambda C: C.NASCell(UNITS)),
    "nas_projected": _along(lambda C: C.NASCell(UNITS, 5, True)),
    "phased": phased,
    "simple_recurrent": _along(lambda C: C.SRUCell(UNITS)),
    "stacked_nas": _along(lambda C: C.MultiRNNCell([C.NASCell(UNITS), C.UGRNNCell(UNITS)])),
    "time_frequency": _steps(lambda C: C.TimeFreqLSTMCell(UNITS, True, 0.7, feature_size=4, frequency_skip=2), 8),
    "update_gate": _along(lambda C: C.UGRNNCell(UNITS, forget_bias=0.5)),
}
globals().update(_SCRIPTS)
__all__ = sorted(_SCRIPTS)
