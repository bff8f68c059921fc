#! /usr/bin/env python

import tensorflow as tf
import numpy as np
import os
import time
import data_helpers
from text_cnn import TextCNN

# Parameters
# ==================================================

# Model Hyperparameters
tf.flags.DEFINE_integer("embedding_dim", 12, "Dimensionality of character embedding (default: 12)")
tf.flags.DEFINE_string("filter_sizes", "2,3,4", "Comma-separated filter sizes (default: '2,3,4')")
tf.flags.DEFINE_integer("num_filters", 6, "Number of filters per filter size (default: 6)")
tf.flags.DEFINE_float("l2_reg_lambda", 0.1, "L2 regularization lambda (default: 0.1)")

# Misc Parameters
tf.flags.DEFINE_boolean("allow_soft_placement", True, "Allow device soft device placement")
tf.flags.DEFINE_boolean("log_device_placement", False, "Log placement of ops on devices")

FLAGS = tf.flags.FLAGS


def train(x_train, y_train, vocabulary):
    with tf.Graph().as_default():
        session_conf = tf.ConfigProto(
          allow_soft_placement=FLAGS.allow_soft_placement,
          log_device_placement=FLAGS.log_device_placement)
        sess = tf.Session(config=session_conf)
        with sess.as_default():
            cnn = TextCNN(
                sequence_length=x_train.shape[1],
                num_classes=y_train.shape[1],
                vocab_size=len(vocabulary),
                embedding_size=FLAGS.embedding_dim,
                filter_sizes=list(map(int, FLAGS.filter_sizes.split(","))),
                num_filters=FLAGS.num_filters,
                l2_reg_lambda=FLAGS.l2_reg_lambda)

            # Define Training procedure
            global_step = tf.Variable(0, name="global_step", trainable=False)
            optimizer = tf.train.AdamOptimizer(1e-2)
            grads_and_vars = optimizer.compute_gradients(cnn.loss)
            train_op = optimizer.apply_gradients(grads_and_vars, global_step=global_step)

            # Keep track of gradient values and sparsity (optional)
            grad_summaries = []
            for g, v in grads_and_vars:
                if g is not None:
                    grad_hist_summary = tf.summary.histogram("{}/grad/hist".format(v.name.replace(':', '_')), g)
                    sparsity_summary = tf.summary.scalar("{}/grad/sparsity".format(v.name.replace(':', '_')),
                                                         tf.nn.zero_fraction(g))
                    grad_summaries.append(grad_hist_summary)
                    grad_summaries.append(sparsity_summary)
            grad_summaries_merged = tf.summary.merge(grad_summaries)

            out_dir = os.path.abspath(os.path.join(os.path.curdir, "runs", "1"))
            train_summary_writer = tf.summary.FileWriter(os.path.join(out_dir, "summaries"), sess.graph)
            saver = tf.train.Saver(tf.global_variables(), max_to_keep=5)

            sess.run(tf.global_variables_initializer())
            rng = np.random.RandomState(10)
            for v in tf.trainable_variables():
                print(v.name)
                sess.run(v.assign(rng.normal(0, 0.3, v.get_shape().as_list())))

            batches = data_helpers.batch_iter(list(zip(x_train, y_train)), 4, 5, rng)
            for batch in batches:
                x_batch, y_batch = zip(*batch)
                feed_dict = {
                  cnn.input_x: x_batch,
                  cnn.input_y: y_batch,
                  cnn.dropout_keep_prob: 1.0
                }
                summaries, loss, accuracy = sess.run(
                    [grad_summaries_merged, cnn.loss, cnn.accuracy],
                    feed_dict)
                sess.run(train_op, feed_dict)
                step = tf.train.global_step(sess, global_step)
                train_summary_writer.add_summary(summaries, step)
                if step % 5 == 0:
                    print("step {}, loss {:.4f}, acc {:g}".format(step, loss, accuracy))
            path = saver.save(sess, os.path.join(out_dir, "model"), global_step=step)
            print("Saved model checkpoint to {}\n".format(os.path.basename(path)))


def evaluate(x, y):
    checkpoint_file = tf.train.latest_checkpoint("runs/1")
    graph = tf.Graph()
    with graph.as_default():
        sess = tf.Session()
        with sess.as_default():
            # Load the saved meta graph and restore variables
            saver = tf.train.import_meta_graph("{}.meta".format(checkpoint_file))
            saver.restore(sess, checkpoint_file)

            # Get the placeholders from the graph by name
            input_x = graph.get_operation_by_name("input_x").outputs[0]
            dropout_keep_prob = graph.get_operation_by_name("dropout_keep_prob").outputs[0]
            predictions = graph.get_operation_by_name("output/predictions").outputs[0]
            batch_predictions = sess.run(predictions, {input_x: x, dropout_keep_prob: 1.0})
            print("Accuracy: {:g}".format(np.mean(batch_predictions == np.argmax(y, axis=1))))


def main(argv=None):
    x, y, vocabulary = data_helpers.load_data_and_labels()
    print("Vocabulary Size: {:d}".format(len(vocabulary)), x.shape)
    train(x, y, vocabulary)
    evaluate(x, y)

if __name__ == '__main__':
    tf.app.run()
