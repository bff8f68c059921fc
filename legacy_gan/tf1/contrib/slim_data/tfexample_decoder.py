"""slim.tfexample_decoder: from a serialized tf.train.Example to pictures, boxes and other items."""

import abc

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.slim_data import data_decoder

__all__ = [
    "BackupHandler",
    "BoundingBox",
    "Image",
    "ItemHandler",
    "ItemHandlerCallback",
    "LookupTensor",
    "SparseTensor",
    "TFExampleDecoder",
    "Tensor",
]


class ItemHandler(abc.ABC):
    """Makes an item of some features.

    Args:
      keys: str or list, the names of the features.
    """

    def __init__(self, keys):
        self._keys = keys if isinstance(keys, (tuple, list)) else [keys]

    @property
    def keys(self):
        return self._keys

    @abc.abstractmethod
    def tensors_to_item(self, keys_to_tensors):
        """Returns the item, made of {name of a feature: tensor}."""


class ItemHandlerCallback(ItemHandler):
    """An item that a function makes of {name of a feature: tensor}."""

    def __init__(self, keys, func):
        super().__init__(keys)
        self._func = func

    def tensors_to_item(self, keys_to_tensors):
        return self._func(keys_to_tensors)


class BoundingBox(ItemHandler):
    """Boxes, [number, 4]: ymin, xmin, ymax, xmax, or what `keys` names; `prefix` stands before the names."""

    def __init__(self, keys=None, prefix=""):
        keys = ["ymin", "xmin", "ymax", "xmax"] if keys is None else keys
        if len(keys) != 4:
            raise ValueError(f"BoundingBox: expected 4 keys, got {len(keys)}")
        super().__init__([prefix + key for key in keys])

    def tensors_to_item(self, keys_to_tensors):
        sides = [keys_to_tensors[key] for key in self._keys]
        sides = [side.values if isinstance(side, tf.SparseTensor) else side for side in sides]
        return tf.transpose(tf.concat([tf.expand_dims(side, 0) for side in sides], 0))


def _dense(tensor, default_value=0):
    """A tensor, from one that may be sparse."""
    return tf.sparse_tensor_to_dense(tensor, default_value) if isinstance(tensor, tf.SparseTensor) else tensor


class Tensor(ItemHandler):
    """A feature as it is, in the shape that `shape`, or the features `shape_keys`, have."""

    def __init__(self, tensor_key, shape_keys=None, shape=None, default_value=0):
        if shape_keys and shape is not None:
            raise ValueError("Tensor: expected shape_keys or shape, got both")
        shape_keys = [shape_keys] if shape_keys and not isinstance(shape_keys, list) else shape_keys
        super().__init__([tensor_key] + list(shape_keys or []))
        self._tensor_key, self._shape_keys = tensor_key, shape_keys
        self._shape, self._default_value = shape, default_value

    def tensors_to_item(self, keys_to_tensors):
        tensor, shape = keys_to_tensors[self._tensor_key], self._shape
        if self._shape_keys:
            shape = tf.reshape(tf.stack([_dense(keys_to_tensors[key]) for key in self._shape_keys]), [-1])
        if isinstance(tensor, tf.SparseTensor):
            tensor = tensor if shape is None else tf.sparse_reshape(tensor, shape)
            return _dense(tensor, self._default_value)
        return tensor if shape is None else tf.reshape(tensor, shape)


class LookupTensor(Tensor):
    """A feature whose values a table of tf.lookup turns into others."""

    def __init__(self, tensor_key, table, shape_keys=None, shape=None, default_value=""):
        super().__init__(tensor_key, shape_keys, shape, default_value)
        self._table = table

    def tensors_to_item(self, keys_to_tensors):
        return self._table.lookup(super().tensors_to_item(keys_to_tensors))


class BackupHandler(ItemHandler):
    """The item of `handler`, or that of `backup` where the first one is empty."""

    def __init__(self, handler, backup):
        for one in (handler, backup):
            if not isinstance(one, ItemHandler):
                raise ValueError(f"BackupHandler: expected two ItemHandlers, got {type(one)}")
        super().__init__(list(handler.keys) + list(backup.keys))
        self._handler, self._backup = handler, backup

    def tensors_to_item(self, keys_to_tensors):
        item = self._handler.tensors_to_item(keys_to_tensors)
        empty = tf.equal(tf.reduce_prod(tf.shape(item)), 0)
        return tf.cond(empty, lambda: self._backup.tensors_to_item(keys_to_tensors), lambda: item)


class SparseTensor(ItemHandler):
    """A sparse tensor of a feature with indices and one with values; dense if `densify`."""

    def __init__(self, indices_key=None, values_key=None, shape_key=None, shape=None, densify=False, default_value=0):
        self._indices_key, self._values_key = indices_key or "indices", values_key or "values"
        super().__init__([self._indices_key, self._values_key] + ([shape_key] if shape_key else []))
        self._shape_key, self._shape = shape_key, shape
        self._densify, self._default_value = densify, default_value

    def tensors_to_item(self, keys_to_tensors):
        indices, values = keys_to_tensors[self._indices_key], keys_to_tensors[self._values_key]
        if self._shape_key:
            shape = _dense(keys_to_tensors[self._shape_key])
        else:
            shape = self._shape or indices.dense_shape
        # The last column of the places in the feature gives way to the indices that the feature holds.
        kept = tf.slice(indices.indices, [0, 0], tf.stack([-1, tf.shape(indices.indices)[1] - 1]))
        places = tf.concat([kept, tf.reshape(tf.cast(indices.values, tf.int64), [-1, 1])], 1)
        tensor = tf.SparseTensor(places, values.values, shape)
        return _dense(tensor, self._default_value) if self._densify else tensor


class Image(ItemHandler):
    """A picture, from its bytes: JPEG, PNG, GIF, BMP, or the numbers themselves where its format is "raw".

    Args:
      image_key, format_key: the features, "image/encoded" and "image/format". shape: of the picture, if known.
      channels: int. dtype: of the result. repeated: bool, whether the feature holds several pictures.
      dct_method: of tf.image.decode_jpeg.
    """

    def __init__(
        self, image_key=None, format_key=None, shape=None, channels=3, dtype=tf.uint8, repeated=False, dct_method=""
    ):
        self._image_key, self._format_key = image_key or "image/encoded", format_key or "image/format"
        super().__init__([self._image_key, self._format_key])
        self._shape, self._channels, self._dtype = shape, channels, dtype
        self._repeated, self._dct_method = repeated, dct_method

    def tensors_to_item(self, keys_to_tensors):
        encoded, kind = keys_to_tensors[self._image_key], keys_to_tensors[self._format_key]
        if self._repeated:
            return tf.map_fn(lambda one: self._decode(one, kind), encoded, dtype=self._dtype)
        return self._decode(encoded, kind)

    def _decode(self, encoded, kind):
        def jpeg():
            return tf.cast(tf.image.decode_jpeg(encoded, self._channels, dct_method=self._dct_method), self._dtype)

        def other():
            return tf.cast(tf.image.decode_image(encoded, self._channels), self._dtype)

        def known():
            return tf.cond(tf.image.is_jpeg(encoded), jpeg, other)

        raw = tf.logical_or(tf.equal(kind, "raw"), tf.equal(kind, "RAW"))
        image = tf.case([(raw, lambda: tf.decode_raw(encoded, self._dtype))], default=known, exclusive=True)
        image.set_shape([None, None, self._channels])
        return image if self._shape is None else tf.reshape(image, self._shape)


class TFExampleDecoder(data_decoder.DataDecoder):
    """Parses a serialized example and makes its items.

    Args:
      keys_to_features: dict of a feature's name to its kind, as tf.FixedLenFeature.
      items_to_handlers: dict of an item's name to its ItemHandler.
    """

    def __init__(self, keys_to_features, items_to_handlers):
        self._keys_to_features, self._items_to_handlers = keys_to_features, items_to_handlers

    def list_items(self):
        return list(self._items_to_handlers)

    def decode(self, serialized_example, items=None):
        parsed = tf.parse_single_example(serialized_example, self._keys_to_features)
        for key, feature in sorted(self._keys_to_features.items()):
            if isinstance(feature, tf.FixedLenFeature):
                parsed[key] = tf.reshape(parsed[key], feature.shape)
        handlers = [self._items_to_handlers[item] for item in items or self._items_to_handlers]
        return [handler.tensors_to_item({key: parsed[key] for key in handler.keys}) for handler in handlers]
