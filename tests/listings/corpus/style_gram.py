# The losses of a style transfer on random filters: gram matrices, total variation, an image that is trained
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(85)
filters = [rng.normal(0, 0.3, [3, 3, 3, 6]).astype('float32'), rng.normal(0, 0.3, [3, 3, 6, 8]).astype('float32')]
content, style = [rng.uniform(0, 1, [1, 12, 12, 3]).astype('float32') for _ in range(2)]


def net(image):
    layers = {}
    current = image
    for i, kernels in enumerate(filters):
        current = tf.nn.relu(tf.nn.conv2d(current, tf.constant(kernels), strides=(1, 1, 1, 1), padding='SAME'))
        layers['relu%d' % (i + 1)] = current
        current = tf.nn.avg_pool(current, ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), padding='SAME')
    return layers


def gram_matrix(layer):
    _, height, width, number = map(lambda i: i.value, layer.get_shape())
    size = height * width * number
    feats = tf.reshape(layer, (-1, number))
    return tf.matmul(tf.transpose(feats), feats) / size


with tf.Graph().as_default(), tf.device('/cpu:0'), tf.Session() as sess:
    target = {k: v.eval() for k, v in net(tf.constant(content)).items()}
    grams = {k: gram_matrix(v).eval() for k, v in net(tf.constant(style)).items()}

with tf.Graph().as_default():
    image = tf.Variable(rng.normal(0.5, 0.1, content.shape).astype('float32'))
    layers = net(image)
    content_loss = 2 * tf.nn.l2_loss(layers['relu2'] - target['relu2']) / target['relu2'].size
    style_loss = sum(2 * tf.nn.l2_loss(gram_matrix(layers[k]) - grams[k]) / grams[k].size for k in sorted(grams))
    tv_loss = tf.nn.l2_loss(image[:, 1:, :, :] - image[:, :-1, :, :]) / 396 + \
        tf.nn.l2_loss(image[:, :, 1:, :] - image[:, :, :-1, :]) / 396
    loss = 5. * content_loss + 100. * style_loss + 0.1 * tv_loss
    train_step = tf.train.AdamOptimizer(0.05, 0.9, 0.999, 1e-08).minimize(loss)
    best = float('inf')
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(11):
            train_step.run()
            if i % 5 == 0:
                print('iteration %d content %g style %g tv %g total %g' % (
                    i, content_loss.eval(), style_loss.eval(), tv_loss.eval(), loss.eval()))
            if loss.eval() < best:
                best = loss.eval()
        print('%.6f' % image.eval().mean(), image.eval().dtype, best == loss.eval())
