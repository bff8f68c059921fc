"""tf.keras in graph mode with fixed weights and data: layers in a graph of one's own, fit, a GAN, save and load."""
from __future__ import print_function

import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import BatchNormalization, Conv2D, Dense, Dropout, Flatten, Input, LSTM
from tensorflow.keras.models import Model, Sequential, load_model

random = np.random.RandomState(3)


def fixed(model):
    model.set_weights([random.uniform(0.1, 0.9, w.shape) for w in model.get_weights()])
    return model


def show(name, values):
    print(name, " ".join("%.5f" % float(v) for v in np.ravel(values)))


x, y = random.uniform(-1, 1, (12, 5)), random.uniform(-1, 1, (12, 2))
keras = tf.keras.optimizers
for optimizer in (keras.Adadelta(), keras.Adagrad(), keras.Adam(lr=0.01), keras.Adamax(), keras.Nadam(), keras.RMSprop(),
                  keras.SGD(lr=0.1, clipnorm=0.1), "adam", tf.train.AdamOptimizer(0.01)):
    model = fixed(Sequential([Dense(7, input_dim=5, activation="tanh"), Dense(2)]))
    model.compile(loss="mse", optimizer=optimizer, metrics=["mae"])
    history = model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    show(optimizer if isinstance(optimizer, str) else type(optimizer).__name__.replace("Optimizer", ""), history.history["loss"])

images, labels = random.uniform(-1, 1, (8, 6, 6, 3)), random.randint(0, 4, 8)
model = Sequential([Conv2D(6, 3, 2, input_shape=(6, 6, 3)), BatchNormalization(momentum=0.8), Flatten(),
                    Dense(5), BatchNormalization(momentum=0.5), Dropout(0.0), Dense(4, activation="softmax")])
fixed(model).compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
for _ in range(3):
    show("convolution", model.train_on_batch(images, labels))
show("evaluated", model.evaluate(images, labels, verbose=0))
show("averages", model.layers[4].get_weights()[3])
print(model.predict_classes(images).tolist())
path = os.path.join(tempfile.mkdtemp(), "model.h5")
model.save(path)
show("loaded", np.abs(load_model(path).predict(images) - model.predict(images)).max())

steps = random.uniform(-1, 1, (6, 4, 3))
model = fixed(Sequential([LSTM(5, input_shape=(4, 3)), Dense(1, activation="sigmoid")]))
model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
history = model.fit(steps, np.array([1, 0, 1, 1, 0, 0]), epochs=3, verbose=0, shuffle=False, validation_split=0.5)
show("LSTM", history.history["loss"])
print(sorted(history.history))

fed = tf.placeholder(tf.float32, [None, 5])
with tf.variable_scope("own"):
    inner = Dense(3, activation="relu", kernel_initializer="ones", kernel_regularizer=tf.keras.regularizers.l2(0.1))
    out = BatchNormalization()(inner(fed), training=True)
loss = tf.reduce_mean(tf.square(out[:, :2] - y)) + tf.add_n(inner.losses)
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, var_list=inner.trainable_weights)
session = tf.Session()
K.set_session(session)
session.run(tf.global_variables_initializer())
for _ in range(3):
    show("graph", session.run([loss, train], {fed: x})[0])
print([v.name for v in inner.trainable_variables], len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)))
show("phase", session.run(tf.cast(K.learning_phase(), tf.int32), {}))
