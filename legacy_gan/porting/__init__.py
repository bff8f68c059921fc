"""Moving a TensorFlow 1 program: reading, running and comparing it; importing the package loads no TensorFlow."""
