# Siamese net: one set of weights for two inputs, contrastive loss
import tensorflow as tf
import numpy as np


class siamese:
    # Create model
    def __init__(self):
        self.x1 = tf.placeholder(tf.float32, [None, 12])
        self.x2 = tf.placeholder(tf.float32, [None, 12])

        with tf.variable_scope("siamese") as scope:
            self.o1 = self.network(self.x1)
            scope.reuse_variables()
            self.o2 = self.network(self.x2)

        # Create loss
        self.y_ = tf.placeholder(tf.float32, [None])
        self.loss = self.loss_with_spring()

    def network(self, x):
        fc1 = self.fc_layer(x, 16, "fc1")
        ac1 = tf.nn.relu(fc1)
        fc2 = self.fc_layer(ac1, 16, "fc2")
        ac2 = tf.nn.relu(fc2)
        fc3 = self.fc_layer(ac2, 2, "fc3")
        return fc3

    def fc_layer(self, bottom, n_weight, name):
        assert len(bottom.get_shape()) == 2
        n_prev_weight = bottom.get_shape()[1]
        initer = tf.truncated_normal_initializer(stddev=0.01)
        W = tf.get_variable(name+'W', dtype=tf.float32, shape=[n_prev_weight, n_weight], initializer=initer)
        b = tf.get_variable(name+'b', dtype=tf.float32, initializer=tf.constant(0.01, shape=[n_weight], dtype=tf.float32))
        fc = tf.nn.bias_add(tf.matmul(bottom, W), b)
        return fc

    def loss_with_spring(self):
        margin = 1.0
        labels_t = self.y_
        labels_f = tf.subtract(1.0, self.y_, name="1-yi")          # labels_ = !labels;
        eucd2 = tf.pow(tf.subtract(self.o1, self.o2), 2)
        eucd2 = tf.reduce_sum(eucd2, 1)
        eucd = tf.sqrt(eucd2+1e-6, name="eucd")
        C = tf.constant(margin, name="C")
        pos = tf.multiply(labels_t, eucd2, name="yi_x_eucd2")
        neg = tf.multiply(labels_f, tf.pow(tf.maximum(tf.subtract(C, eucd), 0), 2), name="Nyi_x_C-eucd_xx_2")
        losses = tf.add(pos, neg, name="losses")
        loss = tf.reduce_mean(losses, name="loss")
        return loss


sess = tf.InteractiveSession()
model = siamese()
train_step = tf.train.GradientDescentOptimizer(0.1).minimize(model.loss)
saver = tf.train.Saver()
tf.initialize_all_variables().run()

rng = np.random.RandomState(80)
for v in tf.trainable_variables():
    print(v.op.name, v.get_shape())
    sess.run(v.assign(rng.normal(0, 0.3, v.get_shape().as_list())))
means = rng.normal(size=[3, 12])
for step in range(13):
    y1, y2 = rng.randint(0, 3, 20), rng.randint(0, 3, 20)
    batch_y = (y1 == y2).astype('float')
    _, loss_v = sess.run([train_step, model.loss], feed_dict={
                        model.x1: means[y1] + 0.1 * rng.normal(size=[20, 12]),
                        model.x2: means[y2] + 0.1 * rng.normal(size=[20, 12]),
                        model.y_: batch_y})
    if step % 4 == 0:
        print('step %d: loss %.4f' % (step, loss_v))
    if np.isnan(loss_v):
        print('Model diverged with loss = NaN')
        quit()
print(model.o1.eval({model.x1: means}))
