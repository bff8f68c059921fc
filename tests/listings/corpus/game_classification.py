# Is it a mammal or a bird? the first network of a course: with names that print
import tensorflow as tf
import numpy as np

# [fur, wings]
x_data = np.array([[0, 0], [1, 0], [1, 1], [0, 0], [0, 0], [0, 1]])
# one-hot: other, mammal, bird
y_data = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [1, 0, 0], [0, 0, 1]])

X = tf.placeholder(tf.float32)
Y = tf.placeholder(tf.float32)

np.random.seed(99)
W1 = tf.Variable(tf.cast(np.random.uniform(-1., 1., [2, 10]), tf.float32))
W2 = tf.Variable(tf.to_float(np.random.uniform(-1., 1., [10, 3])))
b1 = tf.Variable(tf.zeros([10]))
b2 = tf.Variable(tf.zeros([3]))

L1 = tf.add(tf.matmul(X, W1), b1)
L1 = tf.nn.relu(L1)
model = tf.add(tf.matmul(L1, W2), b2)

cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=Y, logits=model))
optimizer = tf.train.AdamOptimizer(learning_rate=0.01)
train_op = optimizer.minimize(cost)

init = tf.global_variables_initializer()
sess = tf.Session()
sess.run(init)

for step in range(30):
    sess.run(train_op, feed_dict={X: x_data, Y: y_data})
    if (step + 1) % 10 == 0:
        print(step + 1, sess.run(cost, feed_dict={X: x_data, Y: y_data}))

prediction = tf.argmax(model, 1)
target = tf.argmax(Y, 1)
print('predicted:', sess.run(prediction, feed_dict={X: x_data}))
print('true:', sess.run(target, feed_dict={Y: y_data}))

is_correct = tf.equal(prediction, target)
accuracy = tf.reduce_mean(tf.cast(is_correct, tf.float32))
print('accuracy: %.2f' % sess.run(accuracy * 100, feed_dict={X: x_data, Y: y_data}))
print(model, train_op.name, train_op.type)
print(optimizer.get_slot_names(), optimizer.get_slot(W1, 'm').name, [v.name for v in tf.global_variables()][:6])
print(sess.run([cost, accuracy], {X: x_data, Y: y_data}))
