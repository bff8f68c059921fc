"""slim.dataset and its kin: examples are read, decoded and put into batches as TensorFlow 1.15.5 did it."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf

pytestmark = pytest.mark.usefixtures("own_graph")
slim = tf.contrib.slim


def example(**features):
    """A serialized tf.train.Example of bytes, ints and floats."""

    def feature(values):
        if isinstance(values, bytes):
            return tf.train.Feature(bytes_list=tf.train.BytesList(value=[values]))
        if isinstance(values[0], float):
            return tf.train.Feature(float_list=tf.train.FloatList(value=values))
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))

    found = {name.replace("__", "/"): feature(values) for name, values in features.items()}
    return tf.train.Example(features=tf.train.Features(feature=found)).SerializeToString()


PNG = (np.arange(24) * 10).astype(np.uint8).reshape(2, 4, 3)


def decoded(data, features, handlers):
    """Returns {item: value} of one serialized example."""
    decoder = slim.tfexample_decoder.TFExampleDecoder(features, handlers)
    with tf.Session() as sess:
        return dict(zip(decoder.list_items(), sess.run(decoder.decode(tf.constant(data)))))


def test_examples_are_decoded_by_their_handlers():
    handler = slim.tfexample_decoder
    with tf.Session() as sess:
        png = sess.run(tf.image.encode_png(PNG))
    data = example(
        image__encoded=png,
        image__format=b"png",
        raw=PNG.tobytes(),
        kind=b"raw",
        ymin=[0.1, 0.2],
        xmin=[0.3, 0.4],
        ymax=[0.5, 0.6],
        xmax=[0.7, 0.8],
        label=[7],
        values=[1.0, 2.0, 3.0],
        places=[0, 2, 4],
        wide=[1, 2, 3, 4, 5, 6],
        size=[2, 3],
    )
    text, many = tf.FixedLenFeature((), tf.string), tf.VarLenFeature
    features = {name: many(tf.float32) for name in ("ymin", "xmin", "ymax", "xmax", "values", "none")}
    features.update({name: many(tf.int64) for name in ("places", "wide")})
    features.update(dict.fromkeys(("image/encoded", "image/format", "raw", "kind"), text))
    features.update(label=tf.FixedLenFeature([1], tf.int64), size=tf.FixedLenFeature([2], tf.int64))
    got = decoded(
        data,
        features,
        {
            "image": handler.Image(shape=[2, 4, 3]),
            "raw": handler.Image("raw", "kind", shape=[2, 4, 3]),
            "boxes": handler.BoundingBox(),
            "label": handler.Tensor("label", shape=[]),
            "wide": handler.Tensor("wide", shape_keys="size"),
            "sparse": handler.SparseTensor("places", "values", shape=[6], densify=True),
            "twice": handler.ItemHandlerCallback(["label"], lambda found: found["label"] * 2),
            "backup": handler.BackupHandler(handler.Tensor("none"), handler.Tensor("values")),
        },
    )
    np.testing.assert_array_equal(got["image"], PNG)
    np.testing.assert_array_equal(got["raw"], PNG)
    np.testing.assert_allclose(got["boxes"], [[0.1, 0.3, 0.5, 0.7], [0.2, 0.4, 0.6, 0.8]], rtol=1e-6)
    assert (got["label"], got["twice"].tolist(), got["backup"].tolist()) == (7, [14], [1.0, 2.0, 3.0])
    assert got["wide"].tolist() == [[1, 2, 3], [4, 5, 6]] and got["sparse"].tolist() == [1, 0, 2, 0, 3, 0]


def test_a_data_set_comes_out_of_queues_in_batches():
    for number in range(2):
        with tf.python_io.TFRecordWriter(f"train-{number}.tfrecord") as writer:
            for i in range(4):
                writer.write(example(label=[10 * number + i]))
    decoder = slim.tfexample_decoder.TFExampleDecoder(
        {"label": tf.FixedLenFeature([], tf.int64)}, {"label": slim.tfexample_decoder.Tensor("label")}
    )
    dataset = slim.dataset.Dataset("train-*", tf.TFRecordReader, decoder, 8, {"label": "a number"}, num_classes=20)
    assert dataset.num_classes == 20
    provider = slim.dataset_data_provider.DatasetDataProvider(dataset, shuffle=False, num_epochs=1)
    assert provider.num_samples() == 8 and sorted(provider.list_items()) == ["label", "record_key"]
    with pytest.raises(ValueError, match="expected items among"):
        provider.get(["image"])
    label, key = provider.get(["label", "record_key"])
    assert (label.shape.ndims, key.dtype) == (0, tf.string)
    queue = slim.prefetch_queue.prefetch_queue([tf.train.batch([label], 4)], capacity=2)
    batch = queue.dequeue()
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        with slim.queues.QueueRunners(sess):
            got = [sess.run(batch) for _ in range(2)]
            with pytest.raises(tf.errors.OutOfRangeError):
                sess.run(batch)
    # What 1.15.5 gave, with one reader and without shuffling.
    assert [labels.tolist() for labels in got] == [[0, 1, 2, 3], [10, 11, 12, 13]]
