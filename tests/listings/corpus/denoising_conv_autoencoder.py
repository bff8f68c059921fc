import numpy as np
import tensorflow as tf
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
from tensorflow.examples.tutorials.mnist import input_data

mnist = input_data.read_data_sets('MNIST_data', validation_size=0)
np.random.seed(12)

learning_rate = 0.01
noise_factor = 0.5
# Input and target placeholders
inputs_ = tf.placeholder(tf.float32, (None, 28, 28, 1), name='inputs')
targets_ = tf.placeholder(tf.float32, (None, 28, 28, 1), name='targets')

### Encoder
conv1 = tf.layers.conv2d(inputs_, 6, (3,3), padding='same', activation=tf.nn.relu)
# Now 28x28x6
maxpool1 = tf.layers.max_pooling2d(conv1, (2,2), (2,2), padding='same')
# Now 14x14x6
conv2 = tf.layers.conv2d(maxpool1, 4, (3,3), padding='same', activation=tf.nn.relu)
encoded = tf.layers.average_pooling2d(conv2, (2,2), (2,2), padding='same')
# Now 7x7x4

### Decoder
upsample1 = tf.image.resize_nearest_neighbor(encoded, (14,14))
conv4 = tf.layers.conv2d(upsample1, 4, (3,3), padding='same', activation=tf.nn.relu)
conv5 = tf.layers.conv2d_transpose(conv4, 6, (3,3), strides=(2,2), padding='same', activation=tf.nn.relu)
logits = tf.layers.conv2d(conv5, 1, (3,3), padding='same', activation=None)
decoded = tf.nn.sigmoid(logits, name='decoded')

loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=targets_, logits=logits)
cost = tf.reduce_mean(loss)
opt = tf.train.AdamOptimizer(learning_rate).minimize(cost)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for var in tf.trainable_variables():
    var.load(np.random.normal(0, 0.2, var.shape.as_list()).astype(np.float32), sess)

batch_size = 20
for e in range(2):
    for ii in range(4):
        imgs = mnist.train.images[ii*batch_size:(ii+1)*batch_size].reshape((-1, 28, 28, 1))
        noisy_imgs = imgs + noise_factor * np.random.randn(*imgs.shape)
        noisy_imgs = np.clip(noisy_imgs, 0., 1.)
        batch_cost, _ = sess.run([cost, opt], feed_dict={inputs_: noisy_imgs, targets_: imgs})
        print("Epoch: {}/{}...".format(e+1, 2), "Training loss: {:.4f}".format(batch_cost))

in_imgs = mnist.test.images[:5].reshape((5, 28, 28, 1))
reconstructed = sess.run(decoded, feed_dict={inputs_: in_imgs})
print(reconstructed.shape, mnist.train.num_examples, mnist.validation.num_examples)
fig, axes = plt.subplots(nrows=2, ncols=5, sharex=True, sharey=True, figsize=(10,4))
for images, row in zip([in_imgs, reconstructed], axes):
    for img, ax in zip(images, row):
        ax.imshow(img.squeeze(), cmap='Greys_r')
        ax.get_xaxis().set_visible(False)
plt.savefig('reconstructed.png')
sess.close()
