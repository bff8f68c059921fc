"""Moving a TensorFlow 1 program: reading it, running it, comparing two runs. Loading this package loads no TensorFlow."""
