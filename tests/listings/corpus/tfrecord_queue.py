"""Writes TFRecords, then reads them back through queues."""
import os
import numpy as np
import tensorflow as tf

tf.app.flags.DEFINE_string('directory', 'records', 'Directory to write the converted result')
tf.app.flags.DEFINE_integer('batch_size', 6, 'Batch size.')
FLAGS = tf.app.flags.FLAGS


def _int64_feature(value):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))


def _bytes_feature(value):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def convert_to(images, labels, name):
    filename = os.path.join(FLAGS.directory, name + '.tfrecords')
    print('Writing', filename)
    writer = tf.python_io.TFRecordWriter(filename)
    for index in range(len(images)):
        image_raw = images[index].tostring()
        example = tf.train.Example(features=tf.train.Features(feature={
            'height': _int64_feature(images.shape[1]),
            'weight': tf.train.Feature(float_list=tf.train.FloatList(value=[0.5 * index])),
            'label': _int64_feature(int(labels[index])),
            'image_raw': _bytes_feature(image_raw)}))
        writer.write(example.SerializeToString())
    writer.close()


def read_and_decode(filename_queue):
    reader = tf.TFRecordReader()
    _, serialized_example = reader.read(filename_queue)
    features = tf.parse_single_example(
        serialized_example,
        features={
            'image_raw': tf.FixedLenFeature([], tf.string),
            'weight': tf.FixedLenFeature([], tf.float32),
            'label': tf.FixedLenFeature([], tf.int64),
        })
    image = tf.decode_raw(features['image_raw'], tf.uint8)
    image.set_shape([5 * 5])
    image = tf.cast(image, tf.float32) * (1. / 255) - 0.5
    label = tf.cast(features['label'], tf.int32)
    return image, label, features['weight']


def inputs(batch_size, num_epochs, shuffle):
    filename = os.path.join(FLAGS.directory, 'train.tfrecords')
    with tf.name_scope('input'):
        filename_queue = tf.train.string_input_producer([filename], num_epochs=num_epochs, shuffle=False)
        image, label, weight = read_and_decode(filename_queue)
        if shuffle:
            return tf.train.shuffle_batch([image, label, weight], batch_size=batch_size, num_threads=2,
                                          capacity=40, min_after_dequeue=10)
        return tf.train.batch([image, label, weight], batch_size=batch_size, capacity=20)


def main(unused_argv):
    if not tf.gfile.Exists(FLAGS.directory):
        tf.gfile.MakeDirs(FLAGS.directory)
    rng = np.random.RandomState(0)
    convert_to(rng.randint(0, 256, [24, 5, 5]).astype(np.uint8), np.arange(24) % 4, 'train')

    images, labels, weights = inputs(FLAGS.batch_size, 2, False)
    w = tf.Variable(rng.normal(0, 0.1, [25, 4]).astype(np.float32))
    logits = tf.matmul(images, w)
    loss = tf.losses.softmax_cross_entropy(tf.one_hot(labels, 4), logits, weights=weights)
    train_op = tf.train.GradientDescentOptimizer(0.02).minimize(loss)
    s_images, s_labels, _ = inputs(12, 1, True)

    init_op = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())
    sess = tf.Session()
    sess.run(init_op)
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess=sess, coord=coord)
    print(sorted(np.concatenate([sess.run(s_labels) for _ in range(2)]).tolist()))
    try:
        step = 0
        while not coord.should_stop():
            _, loss_value = sess.run([train_op, loss])
            if step % 3 == 0:
                print('Step %d: loss = %.5f' % (step, loss_value))
            step += 1
    except tf.errors.OutOfRangeError:
        print('Done training for %d epochs, %d steps.' % (2, step))
    finally:
        coord.request_stop()
    coord.join(threads)
    sess.close()


if __name__ == '__main__':
    tf.app.run()
