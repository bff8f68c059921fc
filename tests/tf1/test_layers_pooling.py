"""tf.layers' pooling is NumPy's, in float64."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.graphs import IMAGES, close, draw, evaluate, shown, two
from tests.support.numpy_layers import np_max_pool, windows

pytestmark = pytest.mark.usefixtures("own_graph")


POOLS = [
    dict(pool_size=2, strides=2),
    dict(pool_size=2, strides=2, padding="same"),
    dict(pool_size=3, strides=(1, 2), padding="SAME"),
    dict(pool_size=(3, 2), strides=1),
    dict(pool_size=[2, 3], strides=[3, 1], padding="valid"),
]


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("options", POOLS, ids=shown)
def test_max_pooling2d_value_is_the_oracles(options, data_format):
    x, first = draw(IMAGES) - 3, data_format == "channels_first"  # below zero: padding shows
    fed = np.transpose(x, [0, 3, 1, 2]) if first else x
    y, state, static = evaluate(lambda t: tf.layers.max_pooling2d(t, data_format=data_format, **options), fed)
    expected = np_max_pool(
        x, two(options["pool_size"]), two(options["strides"]), options.get("padding", "valid").lower()
    )
    np.testing.assert_array_equal(y, np.transpose(expected, [0, 3, 1, 2]) if first else expected)
    assert static == list(y.shape)
    assert state == {}


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooling_of_one_to_three_axes_is_the_oracles(kind, padding):
    def np_pool(x):  # the mean is of the places inside of the image
        seen = np.stack([w for _, _, w in windows(x, (1, 3), (1, 2), padding, fill=np.nan)])
        return (np.nanmax if kind == "max" else np.nanmean)(seen, 0)

    image = draw((11, 1, 7, 3)) - 3  # below zero: padding shows
    expected = np_pool(image)
    for x, rank, sizes in (
        (image[:, 0], 1, (3, 2)),
        (image, 2, ((1, 3), (1, 2))),
        (image[:, None], 3, ((1, 1, 3), (1, 1, 2))),
    ):
        layer = getattr(tf.layers, f"{kind}_pooling{rank}d")
        y, state, static = evaluate(lambda t, layer=layer, sizes=sizes: layer(t, sizes[0], sizes[1], padding), x)
        close(y.reshape(expected.shape), expected)
        assert static == list(y.shape)
        assert state == {}
