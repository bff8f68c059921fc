# A classifier of tf.contrib.learn
import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
rng = np.random.RandomState(95)
x = rng.normal(size=[60, 4]).astype(np.float32)
y = (x[:, 0] > 0).astype(np.int64)
print(x.shape, y.sum())

# Specify that all features have real-value data
feature_columns = [tf.contrib.layers.real_valued_column("", dimension=4)]

# Build 3 layer DNN with 10, 20, 10 units respectively.
classifier = tf.contrib.learn.DNNClassifier(feature_columns=feature_columns,
                                            hidden_units=[10, 20, 10],
                                            n_classes=2,
                                            model_dir="iris_model")

# Fit model.
classifier.fit(x=x, y=y, steps=60)

# Evaluate accuracy.
accuracy_score = classifier.evaluate(x=x, y=y)["accuracy"]
print('better than chance:', accuracy_score > 0.7)
