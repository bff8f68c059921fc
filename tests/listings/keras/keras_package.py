"""Models of the package keras with fixed weights and data: layers, optimizers and arguments of Keras 1 and 2."""
from __future__ import print_function

import numpy as np
import keras
from keras import backend as K
from keras import layers, objectives, optimizers, regularizers
from keras.callbacks import Callback, EarlyStopping, LearningRateScheduler
from keras.engine.topology import Layer
from keras.layers import BatchNormalization, Conv2D, Convolution2D, Dense, Dropout, Flatten, GRU, Input, LSTM, MaxPooling2D
from keras.layers.advanced_activations import LeakyReLU
from keras.layers.core import Activation, Reshape
from keras.models import Model, Sequential
from keras.optimizers import SGD
from keras.utils import np_utils
from keras.utils.generic_utils import Progbar

random = np.random.RandomState(3)


def fixed(model):
    model.set_weights([random.uniform(-0.5, 0.5, w.shape) for w in model.get_weights()])
    for layer in model.layers:
        if isinstance(layer, BatchNormalization):
            layer.set_weights([np.ones_like(layer.get_weights()[0])] + layer.get_weights()[1:3]
                              + [np.ones_like(layer.get_weights()[0])])
    return model


def show(name, values):
    print(name, " ".join("%.5f" % float(v) for v in np.ravel(values)))


x, y = random.uniform(-1, 1, (12, 5)), random.uniform(-1, 1, (12, 2))
# Those that read the number of the step are left out: Keras 2.3 itself reads it before or after it counts, by chance.
for optimizer in (optimizers.Adadelta(), optimizers.Adagrad(), optimizers.RMSprop(lr=0.01),
                  SGD(lr=0.1, momentum=0.9, nesterov=True), SGD(lr=0.1, clipnorm=0.1), "adadelta"):
    model = fixed(Sequential([Dense(7, input_dim=5, activation="tanh"), Dense(2, init="uniform", W_regularizer=regularizers.l2(0.01))]))
    model.compile(loss="mse", optimizer=optimizer)
    history = model.fit(x, y, batch_size=4, nb_epoch=3, shuffle=False, verbose=0)
    show(optimizer if isinstance(optimizer, str) else type(optimizer).__name__, history.history["loss"])

images = random.uniform(-1, 1, (8, 7, 7, 3))
digits = np_utils.to_categorical(random.randint(0, 4, 8), 4)
model = Sequential()
model.add(Convolution2D(6, 3, 3, border_mode="same", subsample=(2, 2), input_shape=(7, 7, 3)))
model.add(BatchNormalization(momentum=0.8))
model.add(LeakyReLU(alpha=0.2))
model.add(Dropout(0.0))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(output_dim=5))
model.add(BatchNormalization(momentum=0.5))
model.add(Activation("relu"))
model.add(Dense(4, activation="softmax"))
fixed(model).compile(loss="categorical_crossentropy", optimizer=SGD(lr=0.05), metrics=["accuracy"])
for _ in range(3):
    show("convolution", model.train_on_batch(images, digits))
show("evaluated", model.evaluate(images, digits, verbose=0))
show("averages", model.layers[7].get_weights()[3])
print(model.predict_classes(images).tolist())

steps = random.uniform(-1, 1, (6, 4, 3))
for kind in (LSTM, GRU):
    model = Sequential([kind(5, input_shape=(4, 3)), Dense(1, activation="sigmoid")])
    fixed(model).compile(loss="binary_crossentropy", optimizer=SGD(lr=0.5))
    show(kind.__name__, [model.train_on_batch(steps, np.array([[1], [0], [1], [1], [0], [0]])) for _ in range(3)])


class Scale(Layer):
    def __init__(self, start, **kwargs):
        self.start = start
        super(Scale, self).__init__(**kwargs)

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[1],), initializer="ones", trainable=True)
        super(Scale, self).build(input_shape)

    def call(self, inputs):
        return inputs * self.scale * self.start

    def compute_output_shape(self, input_shape):
        return input_shape


def wasserstein(y_true, y_pred):
    return K.mean(y_true * y_pred)


a = Input(shape=(5,))
b = layers.concatenate([Dense(3, activation="relu")(a), Scale(0.5)(a)])
d = fixed(Model(input=a, output=Dense(1)(b)))
d.compile(loss=wasserstein, optimizer=SGD(lr=0.01), metrics=["mae"])
z = Input((2,))
g = fixed(Sequential([Dense(5, input_dim=2, activation="tanh")]))
d.trainable = False
both = Model(z, d(g(z)))
both.compile(loss=wasserstein, optimizer=SGD(lr=0.1))
for _ in range(3):
    show("gan", list(d.train_on_batch(x, np.ones((12, 1)))) + [both.train_on_batch(y, -np.ones((12, 1)))])

gradient = K.gradients(K.sum(K.square(d.outputs[0])), a)[0]
show("function", K.function([a, K.learning_phase()], [gradient])([x[:1], 0])[0])
show("session", K.get_session().run(d.outputs[0], {a: x[:2]}))
print(K.int_shape(b), b._keras_shape, K.image_data_format(), round(K.get_value(both.optimizer.lr), 3), keras.__version__[:2])
for optimizer in (optimizers.Adam(), optimizers.Adamax(), optimizers.Nadam(), optimizers.Adam(0.0002, 0.5)):
    show(type(optimizer).__name__, [K.get_value(optimizer.lr), K.get_value(optimizer.beta_1), optimizer.epsilon])
