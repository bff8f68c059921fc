"""usage: exit_status.py [CODE]   what a program sees of itself, and its exit status"""
from __future__ import print_function
import os
import sys
import tensorflow as tf

total = tf.add(1.25, 2.5)
with tf.Session() as sess:
    print('total', sess.run(total))
print(__name__, os.path.basename(__file__), os.path.basename(sys.argv[0]), sys.argv[1:])
print(os.path.basename(sys.path[0]), os.path.isfile(os.path.join(sys.path[0], 'exit_status.py')))
print(sys.modules['__main__'].total is total, tf.__name__.split('.')[0], tf.__version__.count('.'))
sys.stdout.flush()
if len(sys.argv) > 1:
    sys.exit(int(sys.argv[1]))
