"""NumPy as it was with TensorFlow 1 (1.18), for a program on today's NumPy."""
