"""Runs somebody's TensorFlow 1 program in this process; the modules here load TensorFlow."""
