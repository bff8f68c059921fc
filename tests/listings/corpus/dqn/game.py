import numpy as np


class Game:
    """A catcher: a block falls in a small field, the player moves left, stays or moves right."""

    def __init__(self, width, height, rng):
        self.width, self.height, self.rng = width, height, rng

    def reset(self):
        self.player = self.width // 2
        self.block = [0, int(self.rng.randint(self.width))]
        return self.state()

    def state(self):
        state = np.zeros((self.width, self.height))
        state[self.block[1], self.block[0]] = 1
        state[self.player, self.height - 1] = 1
        return state

    def step(self, action):
        self.player = min(max(self.player + action - 1, 0), self.width - 1)
        self.block[0] += 1
        done = self.block[0] == self.height - 1
        reward = (1 if self.block[1] == self.player else -1) if done else 0
        return self.state(), reward, done
