"""tf.keras in graph mode: fit with a callback."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
images, labels = rng.uniform(size=[2000, 28, 28, 1]), rng.randint(10, size=2000)
model = tf.keras.Sequential(
    [
        tf.keras.layers.Conv2D(32, 3, activation="relu", input_shape=(28, 28, 1)),
        tf.keras.layers.MaxPooling2D(),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


class Timed(tf.keras.callbacks.Callback):
    steps = Steps()

    def on_batch_begin(self, batch, logs=None):
        if not self.model.stop_training and not self.steps.more():
            self.model.stop_training = True


model.fit(images, labels, batch_size=64, epochs=10, verbose=0, callbacks=[Timed()])
