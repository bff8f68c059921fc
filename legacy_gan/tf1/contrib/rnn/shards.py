"""Variables in shards, as the cells of tf.contrib.rnn have them: their names end in the shard's number."""

import tensorflow.compat.v1 as tf


def sharded_variable(name, shape, dtype, shards):
    """Returns a variable [rows, columns] whose rows stand in `name_0`, `name_1`, ..., the first ones longer.

    Args:
      name: str. shape: list of two int.
      dtype: of the variables.
      shards: int, at most the rows.
    Raises:
      ValueError: for more shards than rows.
    """
    if shards > shape[0]:
        raise ValueError(f"{name}: {shape[0]} rows cannot be cut into {shards} shards")
    rows, longer = divmod(shape[0], shards)
    made = [tf.get_variable(f"{name}_{k}", [rows + (k < longer)] + shape[1:], dtype) for k in range(shards)]
    return made[0] if shards == 1 else tf.concat(made, 0)
