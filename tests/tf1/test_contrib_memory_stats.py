"""tf.contrib.memory_stats: a GPU's numbers, when they are asked for; without one the error of TensorFlow 1.15.5."""

import types

import pytest

from legacy_gan.tf1 import tf
from tests.support.graphs import session

pytestmark = [
    pytest.mark.newest,
    pytest.mark.usefixtures("own_graph"),
    pytest.mark.skipif(tf.version.VERSION.startswith("1."), reason="TensorFlow 1 has these operations itself"),
]


def test_memory_stats_are_of_the_device_and_of_the_moment_and_fail_on_a_cpu(monkeypatch):
    from legacy_gan.tf1.contrib import memory_stats

    with tf.device("/gpu:1"):
        asked = [tf.contrib.memory_stats.BytesInUse(), tf.contrib.memory_stats.MaxBytesInUse()]
        limit = tf.contrib.memory_stats.BytesLimit()
    assert [(tensor.dtype, tensor.shape.as_list()) for tensor in [*asked, limit]] == [(tf.int64, [])] * 3
    with session() as sess:
        with pytest.raises(tf.errors.InvalidArgumentError, match="No OpKernel was registered .* 'MaxBytesInUse'"):
            sess.run(asked[1])
        numbers = {"GPU:1": {"current": 5, "peak": 2**40}}
        monkeypatch.setattr(memory_stats.tf.config.experimental, "get_memory_info", numbers.__getitem__)
        devices = [types.SimpleNamespace(name="/device:GPU:1", memory_limit=2**41)]
        monkeypatch.setattr(memory_stats.device_lib, "list_local_devices", lambda: devices)
        assert sess.run([*asked, limit]) == [5, 2**40, 2**41]
        numbers["GPU:1"]["current"] = 7
        assert sess.run(asked[0]) == 7
