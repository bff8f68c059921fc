# Lines of text files through a reader and decode_csv
import tensorflow as tf
import numpy as np

rng = np.random.RandomState(8)
for k in range(2):
    with open('data-%02d.csv' % k, 'w') as f:
        f.write('# hours, attended, score\n')
        for _ in range(10):
            a, b = rng.randint(0, 10, 2)
            f.write('%d,%d,%.2f\n' % (a, b, 3.5 * a + 2 * b + rng.normal(0, 0.1)))

filename_queue = tf.train.string_input_producer(
    ['data-00.csv', 'data-01.csv'], shuffle=False, name='filename_queue')

reader = tf.TextLineReader(skip_header_lines=1)
key, value = reader.read(filename_queue)

# Default values, in case of empty columns. Also specifies the type of the decoded result.
record_defaults = [[0.], [0.], [0.]]
xy = tf.decode_csv(value, record_defaults=record_defaults)

# collect batches of csv in
train_x_batch, train_y_batch = \
    tf.train.batch([xy[0:-1], xy[-1:]], batch_size=10)

X = tf.placeholder(tf.float32, shape=[None, 2])
Y = tf.placeholder(tf.float32, shape=[None, 1])

W = tf.Variable(rng.normal(size=[2, 1]).astype(np.float32), name='weight')
b = tf.Variable(rng.normal(size=[1]).astype(np.float32), name='bias')

hypothesis = tf.matmul(X, W) + b
cost = tf.reduce_mean(tf.square(hypothesis - Y))

optimizer = tf.train.GradientDescentOptimizer(learning_rate=0.01)
train = optimizer.minimize(cost)

sess = tf.Session()
sess.run(tf.global_variables_initializer())

# Start populating the filename queue.
coord = tf.train.Coordinator()
threads = tf.train.start_queue_runners(sess=sess, coord=coord)

for step in range(41):
    x_batch, y_batch = sess.run([train_x_batch, train_y_batch])
    cost_val, hy_val, _ = sess.run(
        [cost, hypothesis, train], feed_dict={X: x_batch, Y: y_batch})
    if step % 20 == 0:
        print(step, "Cost: %.5f" % cost_val, "\nPrediction:\n", hy_val[:3])

coord.request_stop()
coord.join(threads)

print("Your score will be ", sess.run(hypothesis, feed_dict={X: [[7, 9]]}))
