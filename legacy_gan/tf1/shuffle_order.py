"""The order of Dataset.shuffle(seed=).repeat() and of shuffle_and_repeat(seed=), as TensorFlow 1.15 has it.

TensorFlow 1.15 makes one operation of a shuffle with a repeat right behind it: the random numbers go on from epoch to
epoch, where TensorFlow 2, and a shuffle alone, draw new seeds for each. It does so where a one-shot or an initializable
iterator is made, not for Iterator.from_structure(), which gets the data set as it was written. Only that order differs.

Source: the orders that TensorFlow 1.15.5 gives; Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"
(Philox4x32-10).
"""

import collections
import functools
import itertools
import threading
from typing import Any, Deque, Dict, Iterator, List

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.data.ops import dataset_ops, iterator_ops
from tensorflow.python.data.util import nest, structure
from tensorflow.python.framework import ops, random_seed
from tensorflow.python.framework.func_graph import FuncGraph

__all__ = ["Order", "as_in_1_15", "philox"]

_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_LOW = np.uint64(0xFFFFFFFF)
_BLOCK = 1024
_AT_ONCE = 64  # elements that are read before the order is asked: each question costs as much as many of them
_LARGE = 2**20  # bytes that these may have


def philox(seed: int, seed2: int) -> Iterator[int]:
    """Yields the random numbers of TensorFlow's generator, below 2**32.

    Args:
      seed, seed2: int64, the key and the upper half of the counter.
    """
    upper = [np.uint64(seed2 & 0xFFFFFFFF), np.uint64(seed2 >> 32 & 0xFFFFFFFF)]
    for start in itertools.count(0, _BLOCK):
        count = np.arange(start, start + _BLOCK, dtype=np.uint64)
        state = [count & _LOW, count >> np.uint64(32), np.full_like(count, upper[0]), np.full_like(count, upper[1])]
        key = [seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF]
        for _ in range(10):
            one, other = _MULTIPLIERS[0] * state[0], _MULTIPLIERS[1] * state[2]
            state = [
                other >> np.uint64(32) ^ state[1] ^ np.uint64(key[0]),
                other & _LOW,
                one >> np.uint64(32) ^ state[3] ^ np.uint64(key[1]),
                one & _LOW,
            ]
            key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
        yield from np.stack(state, axis=1).ravel().tolist()


class Order:
    """Tells which element comes next: a buffer that is drawn from, epoch by epoch.

    Args:
      size: int, of the buffer. seed, seed2: see philox.
      goes_on: whether the random numbers go on from epoch to epoch; else they give the seeds of each.
    """

    def __init__(self, size: int, seed: int, seed2: int, goes_on: bool = True):
        self._size, self._random = size, philox(seed, seed2)
        self._seeds = None if goes_on else self._random
        self._buffer: Dict[int, int] = {}  # place, which counts on, to the element's number
        self._begin = self._end = 0  # the places that are filled
        self._epochs: Deque[int] = collections.deque()  # where each epoch after the first in the buffer begins

    def add(self, is_first: bool) -> List[int]:
        """Takes the next element, the first of its epoch or not; returns those that go out now, by number."""
        given = []
        if is_first and self._seeds is not None:
            given = self.rest()
            self._random = philox(next(self._seeds), next(self._seeds))
        if is_first and self._end:
            self._epochs.append(self._end)
        self._buffer[self._end] = self._end
        self._end += 1
        return given + [self._draw()] if self._end - self._begin == self._size else given

    def rest(self) -> List[int]:
        """Returns those that go out once no more come in."""
        return [self._draw() for _ in range(self._end - self._begin)]

    def _draw(self):
        while self._epochs and self._epochs[0] <= self._begin:
            self._epochs.popleft()
        end = self._epochs[0] if self._epochs else self._end
        place = self._begin + next(self._random) % (end - self._begin)
        drawn, self._buffer[place] = self._buffer[place], self._buffer[self._begin]
        del self._buffer[self._begin]
        self._begin += 1
        return drawn


class _Rows:
    """The elements that are in an iterator's buffer, part by part in an array each, and their order.

    Args:
      order: Order.
    """

    def __init__(self, order: Order):
        self._order = order
        self._parts: List[np.ndarray] = []
        self._free: List[int] = []
        self._row_of: Dict[int, int] = {}  # an element's number -> its row
        self._count = 0

    def add(self, places: np.ndarray, parts: List[np.ndarray]) -> List[np.ndarray]:
        """Takes elements with their places in their epochs; returns those that go out, part by part."""
        if not self._parts:
            self._parts = [part[:0] for part in parts]
        lacking = len(places) - len(self._free)
        if lacking > 0:
            begin = len(self._parts[0])
            more = max(lacking, begin)
            self._free += range(begin, begin + more)
            self._parts = [np.concatenate([old, np.zeros((more, *old.shape[1:]), old.dtype)]) for old in self._parts]
        rows, self._free = self._free[: len(places)], self._free[len(places) :]
        for own, part in zip(self._parts, parts):
            own[rows] = part
        given: List[int] = []
        for row, place in zip(rows, places.tolist()):
            self._row_of[self._count] = row
            self._count += 1
            given += self._order.add(place == 0)
        return self._taken(given)

    def rest(self) -> List[np.ndarray]:
        return self._taken(self._order.rest())

    def _taken(self, given):
        rows = [self._row_of.pop(number) for number in given]
        self._free += rows
        return [part[rows] for part in self._parts]


class _Orders:
    """The orders of a data set's iterators, each with a number, as the graph asks for them.

    Attributes:
      goes_on: see Order.
    """

    def __init__(self, seed, seed2):
        self.goes_on = True
        self._seeds = seed, seed2
        self._numbers, self._lock = itertools.count(), threading.Lock()
        self._orders: Dict[int, Order] = {}
        self._rows: Dict[int, _Rows] = {}

    def begin(self, size):
        with self._lock:
            number = next(self._numbers)
            self._orders[number] = Order(int(size), *self._seeds, self.goes_on)
        return np.int64(number)

    def add(self, number, places):
        order, given = self._orders[int(number)], []
        for place in places.tolist():
            given += order.add(place == 0)
        return _keys(number, given)

    def rest(self, number):
        return _keys(number, self._orders.pop(int(number)).rest())

    def begin_rows(self, size):
        number = self.begin(size)
        self._rows[int(number)] = _Rows(self._orders.pop(int(number)))
        return number

    def add_rows(self, number, places, *parts):
        return self._rows[int(number)].add(places, list(parts))

    def rest_of_rows(self, number, *none):
        rows = self._rows.pop(int(number)).rest()
        return rows if rows else list(none)


_ITERATOR = 2**40  # an element's key is its number, and that of its iterator times this


def _keys(number, elements):
    return np.array(elements, np.int64) + number * _ITERATOR


_names = itertools.count()


def _shuffled_and_repeated(data: Any, size: Any, seed: int, seed2: int, count: Any) -> Any:
    """Returns (data set, _Orders): `count` epochs of another, each element in 1.15's place."""
    orders, name = _Orders(seed, seed2), f"shuffle_and_repeat_{next(_names)}"
    spec = data.element_spec
    types = structure.get_flat_tensor_types(spec)
    shapes = structure.get_flat_tensor_shapes(spec)

    def keys_of(function, *inputs):
        keys = tf.numpy_function(function, inputs, tf.int64)
        keys.set_shape([None])
        return keys

    def keep(number, counted, place, element):
        kept = tf.raw_ops.MapStage(
            key=number * _ITERATOR + counted,
            indices=tf.range(len(types)),
            values=structure.to_tensor_list(spec, element),
            dtypes=types,
            shared_name=name,
        )
        with tf.control_dependencies([kept]):
            return tf.identity(place)

    def take(key):
        values = tf.raw_ops.MapUnstage(key=key, indices=tf.range(len(types)), dtypes=types, shared_name=name)
        for value, shape in zip(values, shapes):
            value.set_shape(shape)
        return structure.from_tensor_list(spec, values)

    def of_one_iterator(number):
        number.set_shape([])
        counted = data.enumerate().repeat(count).enumerate()
        places = counted.map(lambda n, pair: keep(number, n, pair[0], pair[1])).batch(_AT_ONCE)
        keys = places.map(lambda some: keys_of(orders.add, number, some))
        rest = tf.data.Dataset.from_tensors(number).map(lambda n: keys_of(orders.rest, n))
        return keys.concatenate(rest).flat_map(tf.data.Dataset.from_tensor_slices).map(take)

    def rows_of_one_iterator(number):
        number.set_shape([])

        def as_parts(function, *inputs):
            parts = tf.numpy_function(function, inputs, types)
            for part, shape in zip(parts, shapes):
                part.set_shape([None, *shape])
            return structure.from_compatible_tensor_list(batched, list(parts))

        batched = _batched(spec)
        some = data.enumerate().repeat(count).batch(_AT_ONCE)
        some = some.map(
            lambda n, parts: as_parts(orders.add_rows, number, n, *structure.to_tensor_list(batched, parts))
        )
        none = [tf.zeros([0, *shape.as_list()], kind) for shape, kind in zip(shapes, types)]
        rest = tf.data.Dataset.from_tensors(number).map(lambda n: as_parts(orders.rest_of_rows, n, *none))
        return some.concatenate(rest).unbatch()

    begin = tf.data.Dataset.from_tensors(tf.cast(size, tf.int64))
    if _has_rows(spec, types, shapes):
        begin = begin.map(lambda n: tf.numpy_function(orders.begin_rows, [n], tf.int64))
        return begin.flat_map(rows_of_one_iterator), orders
    begin = begin.map(lambda n: tf.numpy_function(orders.begin, [n], tf.int64))
    return begin.flat_map(of_one_iterator), orders


def _batched(spec):
    """Returns the specification of many elements: each part with a dimension before it."""
    return nest.map_structure(lambda part: tf.TensorSpec([None, *part.shape.as_list()], part.dtype), spec)


def _has_rows(spec, types, shapes):
    """Whether all elements of a data set have one shape, of numbers and texts, and are not large: arrays hold many."""
    if not all(isinstance(part, tf.TensorSpec) for part in nest.flatten(spec)):
        return False
    known = all(shape.is_fully_defined() for shape in shapes)
    plain = all(kind.is_floating or kind.is_integer or kind in (tf.bool, tf.string) for kind in types)
    if not (known and plain and types):
        return False
    return _AT_ONCE * sum(shape.num_elements() * max(kind.size or 0, 8) for shape, kind in zip(shapes, types)) <= _LARGE


def as_in_1_15() -> None:
    """Gives data sets TensorFlow 1.15's order, for the rest of the process; 1.15 itself is left as it is."""
    if tf.__version__.startswith("1."):
        return
    from tensorflow.python.data.experimental.ops import shuffle_ops

    kind: Any = dataset_ops.DatasetV1
    shuffle, repeat, of_both = kind.shuffle, kind.repeat, shuffle_ops.shuffle_and_repeat

    @functools.wraps(shuffle)
    def shuffled(self, buffer_size, seed=None, reshuffle_each_iteration=None, *args, **named):
        result = shuffle(self, buffer_size, seed, reshuffle_each_iteration, *args, **named)
        if seed is not None and not tf.is_tensor(seed) and reshuffle_each_iteration in (None, True):
            result._before_shuffle = (self, buffer_size, *_seeds(seed))
        return result

    @functools.wraps(repeat)
    def repeated(self, count=None, *args, **named):
        before = getattr(self, "_before_shuffle", None)
        is_once = count is not None and not tf.is_tensor(count) and count in (0, 1)
        if before is None or is_once or isinstance(ops.get_default_graph(), FuncGraph):
            return repeat(self, count, *args, **named)
        result, result._orders_of_1_15 = _shuffled_and_repeated(*before, count)
        return result

    @functools.wraps(of_both)
    def both(buffer_size, count=None, seed=None):
        if seed is None or tf.is_tensor(seed):
            return of_both(buffer_size, count, seed)
        return lambda data: _shuffled_and_repeated(data, buffer_size, *_seeds(seed), count)[0]

    iterator: Any = iterator_ops.Iterator
    make_initializer = iterator.make_initializer

    @functools.wraps(make_initializer)
    def initializer(self, dataset, *args, **named):
        todo = [dataset]
        while todo:
            one = todo.pop()
            if hasattr(one, "_orders_of_1_15"):
                one._orders_of_1_15.goes_on = False
            todo += one._inputs()
        return make_initializer(self, dataset, *args, **named)

    iterator.make_initializer = initializer
    kind.shuffle, kind.repeat = shuffled, repeated
    tf.data.experimental.shuffle_and_repeat = shuffle_ops.shuffle_and_repeat = both


def _seeds(seed):
    """The two numbers that TensorFlow makes of the graph's seed and the operation's."""
    of_graph, of_operation = random_seed.get_seed(int(seed))
    return (of_graph, of_operation) if of_graph or of_operation else (0, 2**31 - 1)
