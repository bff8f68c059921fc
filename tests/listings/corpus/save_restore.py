'''
Save and restore a model: the checkpoint, names, the meta graph, a part of the variables.
'''

from __future__ import print_function
import os
import numpy as np
import tensorflow as tf

model_path = "tmp/model.ckpt"
os.makedirs("tmp")
data = np.loadtxt((u"%d,%d,%d" % (h, w, h > w) for h, w in [(1, 0), (0, 2), (3, 1), (2, 4), (5, 1), (1, 1)]),
                  delimiter=',', unpack=True, dtype='float32')
x_data = np.transpose(data[0:2])
y_data = np.transpose(data[2:])
rng = np.random.RandomState(6)

global_step = tf.Variable(0, trainable=False, name='global_step')
X = tf.placeholder(tf.float32, [None, 2], name='X')
Y = tf.placeholder(tf.float32, [None, 1], name='Y')

with tf.name_scope('layer1'):
    W1 = tf.Variable(rng.uniform(-1., 1., [2, 10]).astype('float32'), name='W1')
    L1 = tf.nn.relu(tf.matmul(X, W1))
with tf.name_scope('output'):
    W2 = tf.Variable(rng.uniform(-1., 1., [10, 1]).astype('float32'), name='W2')
    model = tf.nn.sigmoid(tf.matmul(L1, W2), name='model')
cost = tf.reduce_mean(-Y * tf.log(model) - (1 - Y) * tf.log(1 - model))
train_op = tf.train.AdamOptimizer(0.01).minimize(cost, global_step=global_step)
tf.add_to_collection('predict', model)

for session in range(2):
    with tf.Session() as sess:
        saver = tf.train.Saver(max_to_keep=2)
        ckpt = tf.train.get_checkpoint_state('./tmp')
        if ckpt and tf.train.checkpoint_exists(ckpt.model_checkpoint_path):
            saver.restore(sess, ckpt.model_checkpoint_path)
        else:
            sess.run(tf.global_variables_initializer())
        for step in range(3):
            sess.run(train_op, feed_dict={X: x_data, Y: y_data})
            print('Step: %d, ' % sess.run(global_step),
                  'Cost: %.5f' % sess.run(cost, feed_dict={X: x_data, Y: y_data}))
        print(saver.save(sess, model_path, global_step=global_step))

# another graph, from its meta file
tf.reset_default_graph()
with tf.Session() as sess:
    new_saver = tf.train.import_meta_graph(tf.train.latest_checkpoint('tmp') + '.meta')
    new_saver.restore(sess, tf.train.latest_checkpoint('tmp'))
    graph = tf.get_default_graph()
    X = graph.get_tensor_by_name("X:0")
    print(sess.run(graph.get_tensor_by_name('output/model:0'), feed_dict={X: x_data[:2]}))
    print(sess.run(tf.get_collection('predict')[0], feed_dict={X: x_data[2:4]}))
    print([v.name for v in tf.trainable_variables()], sess.run('layer1/W1:0').shape)
    frozen = tf.graph_util.convert_variables_to_constants(sess, graph.as_graph_def(), ['output/model'])
    with tf.gfile.GFile('tmp/frozen.pb', 'wb') as f:
        f.write(frozen.SerializeToString())

# some of its variables, under other names
with tf.Graph().as_default(), tf.Session() as sess:
    again = tf.get_variable('again', [2, 10])
    tf.train.Saver({'layer1/W1': again}).restore(sess, tf.train.latest_checkpoint('tmp'))
    print('%.6f' % sess.run(tf.reduce_sum(again)))
    reader = tf.train.NewCheckpointReader(tf.train.latest_checkpoint('tmp'))
    print(sorted(reader.get_variable_to_shape_map())[:4], int(reader.get_tensor('global_step')))

# the frozen graph
graph_def = tf.GraphDef()
with tf.gfile.FastGFile('tmp/frozen.pb', 'rb') as f:
    graph_def.ParseFromString(f.read())
with tf.Graph().as_default() as g:
    out, = tf.import_graph_def(graph_def, return_elements=['output/model:0'], name='frozen')
    with tf.Session(graph=g) as sess:
        print(sess.run(out, {'frozen/X:0': x_data[:1]}))
