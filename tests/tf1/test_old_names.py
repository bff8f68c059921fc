"""legacy_gan.tf1.old_names: names and argument orders of before TensorFlow 1.0."""

import glob

import numpy as np
import pytest

from legacy_gan.tf1 import tf

A = np.arange(6, dtype=np.float32).reshape(2, 3) - 2.5
B = np.float32([[1, 4, 2], [8, 5, 7]])


@pytest.fixture
def value():
    """Returns a function that evaluates a tensor, or a list, in a graph of the test's own."""
    with tf.Graph().as_default(), tf.Session() as session:
        yield session.run


@pytest.mark.parametrize(
    "build,expected",
    [
        (lambda: tf.mul(A, B), A * B),
        (lambda: tf.sub(A, B), A - B),
        (lambda: tf.neg(A), -A),
        (lambda: tf.inv(B), 1 / B),
        (lambda: tf.complex_abs(tf.complex(A, B)), np.hypot(A, B)),
        (lambda: tf.pack([A, B]), np.stack([A, B])),
        (lambda: tf.pack([A, B], axis=1), np.stack([A, B], 1)),
        (lambda: tf.unpack(A)[1], A[1]),
        (lambda: tf.unpack(A, 3, 1)[2], A[:, 2]),
        (lambda: tf.select(A > 0, A, B), np.where(A > 0, A, B)),
        (lambda: tf.select([True, False], A, B), np.stack([A[0], B[1]])),
        (lambda: tf.listdiff([1, 2, 3, 4], [2, 4])[0], [1, 3]),
        (lambda: tf.batch_matmul(np.stack([A, B]), np.stack([B, A]), adj_y=True), np.stack([A @ B.T, B @ A.T])),
        (lambda: tf.batch_matrix_transpose(np.stack([A, B])), np.stack([A.T, B.T])),
        # concat and split, the old way round and the new, by position and by name
        (lambda: tf.concat(1, [A, B]), np.concatenate([A, B], 1)),
        (lambda: tf.concat(0, [A, B], "joined"), np.concatenate([A, B], 0)),
        (lambda: tf.concat(concat_dim=1, values=[A, B]), np.concatenate([A, B], 1)),
        (lambda: tf.concat(1, values=[A, B]), np.concatenate([A, B], 1)),
        (lambda: tf.concat(tf.constant(1), [A, B]), np.concatenate([A, B], 1)),
        (lambda: tf.concat([A, B], 1), np.concatenate([A, B], 1)),
        (lambda: tf.concat([A, B], axis=-1), np.concatenate([A, B], 1)),
        (lambda: tf.concat(axis=0, values=[A, B]), np.concatenate([A, B], 0)),
        (lambda: tf.split(1, 3, A)[1], A[:, 1:2]),
        (lambda: tf.split(split_dim=0, num_split=2, value=A)[1], A[1:]),
        (lambda: tf.split(A, 3, 1)[1], A[:, 1:2]),
        (lambda: tf.split(A, [1, 2], axis=1)[1], A[:, 1:]),
        (lambda: tf.split(value=A, num_or_size_splits=2)[0], A[:1]),
        (lambda: tf.reverse(A, [False, True]), A[:, ::-1]),
        (lambda: tf.reverse(A, [0]), A[::-1]),
        (lambda: tf.reverse(A, axis=[0, 1]), A[::-1, ::-1]),
        # old names of arguments, which 1.15 still took
        (lambda: tf.reduce_sum(A, reduction_indices=[1]), A.sum(1)),
        (lambda: tf.reduce_mean(A, 0, keep_dims=True), A.mean(0, keepdims=True)),
        (lambda: tf.argmax(B, dimension=1), B.argmax(1)),
        (lambda: tf.expand_dims(A, dim=0), A[None]),
        (lambda: tf.squeeze(A[None], squeeze_dims=[0]), A),
    ],
)
def test_old_name_or_order_computes_what_it_did(value, build, expected):
    # One operation on float32 of a few digits: NumPy rounds it the same way, reciprocal and hypot to 1 ulp
    np.testing.assert_allclose(value(build()), expected, rtol=2e-7)


def softmax(logits):
    e = np.exp(logits.astype(np.float64))
    return e / e.sum(1, keepdims=True)


ONE_HOT = np.float32([[0, 1, 0], [1, 0, 0]])


@pytest.mark.parametrize(
    "name,labels,expected",
    [
        ("softmax_cross_entropy_with_logits", ONE_HOT, -np.log((softmax(A) * ONE_HOT).sum(1))),
        ("sparse_softmax_cross_entropy_with_logits", np.int64([1, 0]), -np.log((softmax(A) * ONE_HOT).sum(1))),
        ("sigmoid_cross_entropy_with_logits", ONE_HOT, np.log1p(np.exp(A.astype(np.float64))) - A * ONE_HOT),
    ],
)
def test_cross_entropy_takes_logits_first_by_position_and_either_by_name(value, name, labels, expected):
    function = getattr(tf.nn, name)
    for got in value([function(A, labels), function(A, labels=labels), function(logits=A, labels=labels)]):
        np.testing.assert_allclose(got, expected, rtol=1e-6)  # float32 against float64


def test_sigmoid_cross_entropy_takes_targets(value):
    by_old_name = tf.nn.sigmoid_cross_entropy_with_logits(logits=A, targets=ONE_HOT)
    np.testing.assert_array_equal(*value([by_old_name, tf.nn.sigmoid_cross_entropy_with_logits(A, ONE_HOT)]))


@pytest.mark.parametrize("name", ["nce_loss", "sampled_softmax_loss"])
def test_sampled_losses_take_inputs_and_labels_either_way(value, name):
    weights, biases = tf.constant(B @ A.T @ B), tf.zeros([2])
    labels, sampled = tf.constant([[1], [0]]), (tf.constant([0], tf.int64), tf.ones([2, 1]), tf.ones([1]))
    function = getattr(tf.nn, name)
    old = function(weights, biases, tf.constant(A), labels, 1, 2, sampled_values=sampled)
    new = function(weights, biases, labels, tf.constant(A), 1, 2, sampled_values=sampled)
    old, new = value([old, new])
    np.testing.assert_array_equal(old, new)
    assert np.all(np.isfinite(old))


def test_transposed_convolutions_have_the_shape_that_is_asked_for():
    with tf.Graph().as_default():
        x, kernel = tf.placeholder(tf.float32, [None, 4, 5, 3]), tf.zeros([5, 5, 2, 3])
        batch = tf.shape(x)[0]
        for shape, known in (
            ([11, 8, 10, 2], [11, 8, 10, 2]),
            (tf.stack([batch, 8, 10, 2]), [None, 8, 10, 2]),
            (tf.constant([11, 8, 10, 2]), [11, 8, 10, 2]),
        ):
            assert tf.nn.conv2d_transpose(x, kernel, shape, [1, 2, 2, 1]).shape.as_list() == known
        y = tf.nn.conv2d_transpose(x, kernel, output_shape=[11, 7, 9, 2], strides=[1, 2, 2, 1], name="y")
        assert (y.shape.as_list(), y.op.name) == ([11, 7, 9, 2], "y")
        volume, kernel = tf.placeholder(tf.float32, [None, 4, 5, 6, 3]), tf.zeros([5, 5, 5, 2, 3])
        z = tf.nn.conv3d_transpose(volume, kernel, [11, 8, 10, 12, 2], [1, 2, 2, 2, 1])
        assert z.shape.as_list() == [11, 8, 10, 12, 2]


def test_resize_images_takes_two_numbers_or_a_pair(value):
    images = np.arange(2 * 3 * 5 * 1, dtype=np.float32).reshape(2, 3, 5, 1)
    old, named, new = value(
        [
            tf.image.resize_images(images, 7, 11, 1),
            tf.image.resize_images(images, new_height=7, new_width=11),
            tf.image.resize_images(images, [7, 11], 1),
        ]
    )
    assert old.shape == named.shape == (2, 7, 11, 1)
    np.testing.assert_array_equal(old, new)
    assert not np.array_equal(old, named)  # nearest neighbour, and the default


def test_initialisers_of_all_variables(value):
    kept = tf.Variable([1.5, 2.5])
    assert tf.all_variables() == [kept]
    value(tf.initialize_all_variables())
    assert value(kept).tolist() == [1.5, 2.5]
    value(tf.initialize_variables([kept]))
    value(tf.initialize_local_variables())


def test_summaries_keep_their_tag_as_it_is_given(value, tmp_path):
    with tf.name_scope("scope"):
        tf.scalar_summary("a tag/of old", 2.5)
        tf.scalar_summary(["one", "two"], [1.0, 2.0])
        tf.histogram_summary("histogram", A)
        tf.image_summary("image", np.zeros([2, 3, 5, 1], np.float32), max_images=1)
        tf.audio_summary("audio", np.zeros([1, 8], np.float32), 8000)
    merged = tf.merge_all_summaries()
    writer = tf.train.SummaryWriter(str(tmp_path), tf.get_default_graph())
    writer.add_summary(value(merged), 7)
    writer.close()
    tags = {}
    for event in tf.train.summary_iterator(glob.glob(str(tmp_path / "*"))[0]):
        for one in event.summary.value:
            tags[one.tag] = (event.step, one.simple_value)
    assert {tag.split("/")[0] for tag in tags} == {"a tag", "one", "two", "histogram", "image", "audio"}
    assert tags["a tag/of old"] == (7, 2.5)
    assert tags["two"] == (7, 2.0)


def test_summary_writer_takes_a_graph_definition(value, tmp_path):
    tf.constant(1, name="in_the_graph")
    tf.train.SummaryWriter(str(tmp_path), tf.get_default_graph().as_graph_def()).close()
    with open(glob.glob(str(tmp_path / "*"))[0], "rb") as f:
        assert b"in_the_graph" in f.read()


@pytest.mark.tf1
def test_new_order_is_tensorflow_1_15_s_own(value):
    import tensorflow

    for name, arguments in (("concat", ([A, B], 1)), ("split", (A, [1, 2], 1)), ("reverse", (A, [1]))):
        ours, real = value([getattr(tf, name)(*arguments), getattr(tensorflow, name)(*arguments)])
        for one, other in zip(ours, real):
            np.testing.assert_array_equal(one, other)
