"""Where a step of the compiled engine goes: microseconds of each operation, from XLA's own trace.

    LEGACY_GAN_MNIST=DIR python benchmarks/step_profile.py [basic|conditional]

Trains 600 steps, then traces 100 more with TensorFlow's profiler (2.x) and prints the median length of
a step and the mean time of what takes longest in one. Two cores work at once, so the times add up to
more than the step; `MatMul` are products, `fusion` what stands between them, Adam's updates too.
"""

import collections
import glob
import os
import shutil
import sys
import tempfile

import contenders  # first: it quietens TensorFlow
import numpy as np
import tensorflow as tf

STEPS = 100
AROUND = ("SessionRun", "BlockUntilReady")  # that wait for the operations


def traced(train):
    """Returns the events of STEPS training steps, (start, microseconds, name) in order."""
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    folder = tempfile.mkdtemp()
    try:
        tf.profiler.experimental.start(
            folder, tf.profiler.experimental.ProfilerOptions(host_tracer_level=3, python_tracer_level=0)
        )
        train(STEPS)
        tf.profiler.experimental.stop()
        space = xplane_pb2.XSpace()
        for path in glob.glob(os.path.join(folder, "**", "*.xplane.pb"), recursive=True):
            with open(path, "rb") as f:
                space.MergeFromString(f.read())
    finally:
        shutil.rmtree(folder)
    return sorted(
        (line.timestamp_ns / 1e3 + e.offset_ps / 1e6, e.duration_ps / 1e6, plane.event_metadata[e.metadata_id].name)
        for plane in space.planes
        for line in plane.lines
        for e in line.events
    )


def main(model="basic"):
    train = contenders.ours(model, "compiled")
    train(600)
    events = traced(train)
    starts = [start for start, _, name in events if name == "wrapped_compare"]  # the loop's condition
    times = collections.Counter()
    for _, length, name in events:
        if "::" not in name and name not in AROUND:
            times[name] += length / STEPS
    print(f"a step: {np.median(np.diff(starts)):.0f} us (median of {len(starts) - 1})\n")
    print("| operation | us a step |\n|---|---|")
    for name, length in times.most_common(20):
        print(f"| {name} | {length:.0f} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
