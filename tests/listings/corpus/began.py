# BEGAN: auto-encoder as discriminator, balance k_t
import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def GeneratorCNN(z, hidden_num, output_num, repeat_num, data_format, reuse):
    with tf.variable_scope("G", reuse=reuse) as vs:
        num_output = int(np.prod([8, 8, hidden_num]))
        x = slim.fully_connected(z, num_output, activation_fn=None)
        x = reshape(x, 8, 8, hidden_num)

        for idx in range(repeat_num):
            x = slim.conv2d(x, hidden_num, 3, 1, activation_fn=tf.nn.elu, data_format=data_format)
            x = slim.conv2d(x, hidden_num, 3, 1, activation_fn=tf.nn.elu, data_format=data_format)
            if idx < repeat_num - 1:
                x = upscale(x, 2)
        out = slim.conv2d(x, output_num, 3, 1, activation_fn=None, data_format=data_format)

    variables = tf.contrib.framework.get_variables(vs)
    return out, variables


def DiscriminatorCNN(x, input_channel, z_num, repeat_num, hidden_num, data_format):
    with tf.variable_scope("D") as vs:
        # Encoder
        x = slim.conv2d(x, hidden_num, 3, 1, activation_fn=tf.nn.elu, data_format=data_format)
        prev_channel_num = hidden_num
        for idx in range(repeat_num):
            channel_num = hidden_num * (idx + 1)
            x = slim.conv2d(x, channel_num, 3, 1, activation_fn=tf.nn.elu, data_format=data_format)
            if idx < repeat_num - 1:
                x = slim.conv2d(x, channel_num, 3, 2, activation_fn=tf.nn.elu, data_format=data_format)
        x = tf.reshape(x, [-1, np.prod([8, 8, channel_num])])
        z = x = slim.fully_connected(x, z_num, activation_fn=None)

        # Decoder
        x = slim.fully_connected(x, int(np.prod([8, 8, hidden_num])), activation_fn=None)
        x = reshape(x, 8, 8, hidden_num)
        for idx in range(repeat_num):
            x = slim.conv2d(x, hidden_num, 3, 1, activation_fn=tf.nn.elu, data_format=data_format)
            if idx < repeat_num - 1:
                x = upscale(x, 2)
        out = slim.conv2d(x, input_channel, 3, 1, activation_fn=None, data_format=data_format)

    variables = tf.contrib.framework.get_variables(vs)
    return out, z, variables


def int_shape(tensor):
    shape = tensor.get_shape().as_list()
    return [num if num is not None else -1 for num in shape]


def reshape(x, h, w, c):
    return tf.reshape(x, [-1, h, w, c])


def upscale(x, scale):
    _, h, w, _ = int_shape(x)
    return tf.image.resize_nearest_neighbor(x, (h*scale, w*scale))


def main():
    gamma, lambda_k, batch = 0.9, 0.01, 6
    rng = np.random.RandomState(123)
    step = tf.Variable(0, name='step', trainable=False)
    g_lr = tf.Variable(0.0008, name='g_lr')
    g_lr_update = tf.assign(g_lr, tf.maximum(g_lr * 0.5, 0.0001), name='g_lr_update')
    x = tf.placeholder(tf.float32, [batch, 16, 16, 3])
    z = tf.placeholder(tf.float32, [batch, 8])
    k_t = tf.Variable(0., trainable=False, name='k_t')

    G, G_var = GeneratorCNN(z, 4, 3, 2, 'NHWC', reuse=False)
    d_out, D_z, D_var = DiscriminatorCNN(tf.concat([G, x], 0), 3, 8, 2, 4, 'NHWC')
    AE_G, AE_x = tf.split(d_out, 2)

    optimizer = tf.train.AdamOptimizer
    g_optimizer, d_optimizer = optimizer(g_lr), optimizer(g_lr)

    d_loss_real = tf.reduce_mean(tf.abs(AE_x - x))
    d_loss_fake = tf.reduce_mean(tf.abs(AE_G - G))
    d_loss = d_loss_real - k_t * d_loss_fake
    g_loss = tf.reduce_mean(tf.abs(AE_G - G))

    d_optim = d_optimizer.minimize(d_loss, var_list=D_var)
    g_optim = g_optimizer.minimize(g_loss, global_step=step, var_list=G_var)

    balance = gamma * d_loss_real - g_loss
    measure = d_loss_real + tf.abs(balance)
    k_update = tf.assign(k_t, tf.clip_by_value(k_t + lambda_k * balance, 0, 1))

    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    for var in G_var + D_var:
        sess.run(var.assign(rng.normal(0, 0.2, var.get_shape().as_list())))
    print(len(G_var), len(D_var), D_var[0].name, D_var[-1].name)

    for i in range(4):
        feed = {x: rng.uniform(-1, 1, (batch, 16, 16, 3)), z: rng.uniform(-1, 1, (batch, 8))}
        sess.run(d_optim, feed)
        sess.run(g_optim, feed)
        fetch_dict = {"k_update": k_update}
        if i % 2 == 1:
            fetch_dict.update({"g_loss": g_loss, "measure": measure, "d_loss": d_loss_real})
        result = sess.run(fetch_dict, feed)
        if i % 2 == 1:
            print("[{}/{}] Loss_D: {:.6f} Loss_G: {:.6f} measure: {:.4f}, k_t: {:.6f}".
                  format(i, 4, result['d_loss'], result['g_loss'], result['measure'], result['k_update']))
        sess.run(g_lr_update)
    print(sess.run([step, g_lr]))


if __name__ == "__main__":
    main()
