from __future__ import print_function

import argparse
import os

import numpy as np
import tensorflow as tf

from utils import TextLoader
from model import Model

TEXT = '''
the fat cat sat on the mat and the rat sat on the cat.
the cat that sat on the rat ate the fat rat that ate the mat.
''' * 4

parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
parser.add_argument('--save_dir', type=str, default='save', help='directory to store checkpointed models')
parser.add_argument('--log_dir', type=str, default='logs', help='directory to store tensorboard logs')
parser.add_argument('--model', type=str, default='lstm', help='lstm, rnn or gru')
parser.add_argument('--rnn_size', type=int, default=20, help='size of RNN hidden state')
parser.add_argument('--num_layers', type=int, default=2, help='number of layers in the RNN')
parser.add_argument('--seq_length', type=int, default=10, help='RNN sequence length')
parser.add_argument('--batch_size', type=int, default=5, help='minibatch size')
parser.add_argument('--num_epochs', type=int, default=1, help='number of epochs')
parser.add_argument('--grad_clip', type=float, default=5., help='clip gradients at this value')
parser.add_argument('--learning_rate', type=float, default=0.02, help='learning rate')
parser.add_argument('--decay_rate', type=float, default=0.97, help='decay rate')
parser.add_argument('--output_keep_prob', type=float, default=1.0, help='probability of keeping weights')
parser.add_argument('--input_keep_prob', type=float, default=1.0, help='probability of keeping weights')
args = parser.parse_args()


def train(args):
    data_loader = TextLoader(TEXT, args.batch_size, args.seq_length)
    args.vocab_size = data_loader.vocab_size
    if not os.path.isdir(args.save_dir):
        os.makedirs(args.save_dir)

    model = Model(args)
    np.random.seed(9)

    with tf.Session() as sess:
        summaries = tf.summary.merge_all()
        writer = tf.summary.FileWriter(os.path.join(args.log_dir, 'run'))
        writer.add_graph(sess.graph)

        sess.run(tf.global_variables_initializer())
        for v in tf.trainable_variables():
            print(v.name)
            sess.run(v.assign(np.random.uniform(-0.3, 0.3, v.get_shape().as_list())))
        saver = tf.train.Saver(tf.global_variables())
        for e in range(args.num_epochs):
            sess.run(tf.assign(model.lr, args.learning_rate * (args.decay_rate ** e)))
            data_loader.reset_batch_pointer()
            state = sess.run(model.initial_state)
            for b in range(data_loader.num_batches):
                x, y = data_loader.next_batch()
                feed = {model.input_data: x, model.targets: y}
                for i, (c, h) in enumerate(model.initial_state):
                    feed[c] = state[i].c
                    feed[h] = state[i].h
                summ, train_loss, state, _ = sess.run([summaries, model.cost, model.final_state,
                                                       model.train_op], feed)
                writer.add_summary(summ, e * data_loader.num_batches + b)
                if b % 3 == 0:
                    print("{}/{} (epoch {}), train_loss = {:.5f}".format(
                        e * data_loader.num_batches + b, args.num_epochs * data_loader.num_batches,
                        e, train_loss))
        checkpoint_path = os.path.join(args.save_dir, 'model.ckpt')
        saver.save(sess, checkpoint_path, global_step=data_loader.num_batches)
        print("model saved to {}".format(checkpoint_path))
        writer.close()
    return data_loader


def sample(args, data_loader):
    model = Model(args, training=False)
    with tf.Session() as sess:
        tf.global_variables_initializer().run()
        saver = tf.train.Saver(tf.global_variables())
        ckpt = tf.train.get_checkpoint_state(args.save_dir)
        if ckpt and ckpt.model_checkpoint_path:
            saver.restore(sess, ckpt.model_checkpoint_path)
            print(repr(model.sample(sess, data_loader.chars, data_loader.vocab)))


if __name__ == '__main__':
    loader = train(args)
    tf.reset_default_graph()
    sample(args, loader)
