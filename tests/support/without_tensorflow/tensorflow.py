"""Stands where TensorFlow would be imported while tests run that need none."""

raise ImportError("a test marked no_tensorflow imports TensorFlow")
