"""Texts of small modules that repositories.py puts beside a repository in the place of what a machine may lack."""

__all__ = ["ENVIRONMENTS", "LIBROSA", "MPI", "NCHW", "SEEDED_CARTPOLE"]

# mpi4py in one process.
MPI = """
import numpy as np


class Communicator:
    def Get_rank(self):
        return 0

    def Get_size(self):
        return 1

    rank, size = 0, 1

    def Allreduce(self, sent, received, op=None):
        received[...] = np.asarray(sent)

    def Bcast(self, buffer, root=0):
        pass

    def bcast(self, value, root=0):
        return value

    def allreduce(self, value, op=None):
        return value

    def allgather(self, value):
        return [value]

    gather = allgather

    def Barrier(self):
        pass


class MPI:
    COMM_WORLD = Communicator()
    SUM, MIN, MAX = "sum", "min", "max"
"""

# Convolutions and pools of channels-first pictures, which TensorFlow 1.15.5 has on a GPU only.
NCHW = """
import tensorflow as tf


def last(values):
    return [values[0], values[2], values[3], values[1]] if isinstance(values, (list, tuple)) else \\
        tf.gather(values, [0, 2, 3, 1])


def channels_last(function, shapes):
    def call(x, *args, **kwargs):
        if kwargs.get("data_format") != "NCHW":
            return function(x, *args, **kwargs)
        kwargs["data_format"] = "NHWC"
        for name in shapes:
            if name in kwargs:
                kwargs[name] = last(kwargs[name])
        args = [last(value) if isinstance(value, (list, tuple)) or value.shape.ndims == 1 else value for value in args]
        return tf.transpose(function(tf.transpose(x, [0, 2, 3, 1]), *args, **kwargs), [0, 3, 1, 2])

    return call


for name in ("conv2d", "conv2d_transpose", "depthwise_conv2d", "avg_pool", "max_pool"):
    setattr(tf.nn, name, channels_last(getattr(tf.nn, name), ("strides", "ksize", "output_shape")))
"""

# What takes the place of gym.make('CartPole-v0') in a program without seeds: its runs would differ.
SEEDED_CARTPOLE = "gym.make('CartPole-v0'); env.seed(1); np.random.seed(1)"

# Environments for gym: two forces move a point, with or without a goal; pictures as Atari's.
ENVIRONMENTS = """
import gym
import numpy as np
from gym import spaces


class Point(gym.Env):
    observation_space = spaces.Box(-1, 1, (4,), np.float32)
    action_space = spaces.Box(-1, 1, (2,), np.float32)
    np_random = np.random.RandomState(1)

    def seed(self, seed=None):
        self.np_random = np.random.RandomState(seed)
        return [seed]

    def seen(self):
        return self.place

    def reset(self):
        self.place = self.np_random.uniform(-1, 1, 4).astype(np.float32)
        return self.seen()

    def step(self, action):
        self.place = np.clip(self.place + 0.1 * np.resize(action, 4), -1, 1).astype(np.float32)
        return self.seen(), -float(np.abs(self.place).sum()), False, {"is_success": 0.0}


class Goal(Point):
    observation_space = spaces.Dict(
        {
            name: spaces.Box(-1, 1, (size,), np.float32)
            for name, size in (("observation", 4), ("achieved_goal", 2), ("desired_goal", 2))
        }
    )

    def seen(self):
        return {
            "observation": self.place,
            "achieved_goal": self.place[:2],
            "desired_goal": np.full(2, 0.5, np.float32),
        }

    def compute_reward(self, achieved, desired, info):
        return -(np.linalg.norm(achieved - desired, axis=-1) > 0.3).astype(np.float32)


class Pictures(Point):
    observation_space = spaces.Box(0, 255, (84, 84, 3), np.uint8)
    action_space = spaces.Discrete(4)

    class ale:
        lives = staticmethod(lambda: 1)

    def get_action_meanings(self):
        return ["NOOP", "UP", "DOWN", "LEFT"]

    def seen(self):
        return np.full((84, 84, 3), int(127 * (1 + self.place[0])), np.uint8)


for name in ("Point-v0", "Goal-v0", "PicturesNoFrameskip-v4"):
    gym.register(id=name, entry_point="made_envs:" + name.split("-")[0].split("No")[0], max_episode_steps=20)
"""

# librosa.load of a file of 16-bit sound in one channel.
LIBROSA = """
import wave

import numpy as np


def load(path, sr=None, mono=True):
    with wave.open(path) as f:
        return np.frombuffer(f.readframes(f.getnframes()), "<i2").astype(np.float32) / 32768, sr
"""
