"""tf.contrib: what TF1 listings use of it, a module for each of its parts."""
