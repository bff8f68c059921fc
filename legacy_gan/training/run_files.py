"""The names of what a run keeps in its folder."""

CONFIG = "config.json"
LOSSES = "losses.csv"
HEALTH = "health.csv"
LOCK = "lock"
CHECKPOINTS = "checkpoints"
TENSORBOARD = "tensorboard"
QUALITY = "quality.json"
OWN = (CONFIG, LOSSES, HEALTH, LOCK, CHECKPOINTS)  # names that nothing else may have
