"""tf.contrib.factorization.KMeans: clusters, full batches or mini-batches.

Source: the interface, formulas and variable names of tf.contrib.factorization in TensorFlow 1.15.5; Arthur and
Vassilvitskii 2007, Sculley 2010, Bachem et al. 2016.
"""

import tensorflow.compat.v1 as tf
from tensorflow.python.ops import gen_clustering_ops as _operations  # tf.raw_ops of TF 1.15 lacks them

from legacy_gan.tf1.namespace import refusal

__all__ = ["COSINE_DISTANCE", "KMEANS_PLUS_PLUS_INIT", "KMeans", "RANDOM_INIT", "SQUARED_EUCLIDEAN_DISTANCE"]

__getattr__ = refusal("tf.contrib.factorization")

SQUARED_EUCLIDEAN_DISTANCE = "squared_euclidean"
COSINE_DISTANCE = "cosine"
RANDOM_INIT = "random"
KMEANS_PLUS_PLUS_INIT = "kmeans_plus_plus"
KMC2_INIT = "kmc2"


class KMeans:
    """A graph that finds clusters of points.

    Args:
      inputs: float [points, n], or a list of them.
      num_clusters: int.
      initial_clusters: "random", "kmeans_plus_plus" or "kmc2"; a function of (inputs, how many are missing) that
        returns points; or the clusters, [clusters, n].
      distance_metric: "squared_euclidean" or "cosine".
      use_mini_batch: bool; False computes the clusters anew from all points of a step.
      mini_batch_steps_per_iteration: int, after how many steps the clusters are those that the steps changed.
      random_seed: int.
      kmeans_plus_plus_num_retries, kmc2_chain_length: int, of these two ways to begin.
    """

    def __init__(
        self,
        inputs,
        num_clusters,
        initial_clusters=RANDOM_INIT,
        distance_metric=SQUARED_EUCLIDEAN_DISTANCE,
        use_mini_batch=False,
        mini_batch_steps_per_iteration=1,
        random_seed=0,
        kmeans_plus_plus_num_retries=2,
        kmc2_chain_length=200,
    ):
        known = (RANDOM_INIT, KMEANS_PLUS_PLUS_INIT, KMC2_INIT)
        if isinstance(initial_clusters, str) and initial_clusters not in known:
            raise ValueError(f"KMeans: initial_clusters must be one of {known}, got {initial_clusters!r}")
        if distance_metric not in (SQUARED_EUCLIDEAN_DISTANCE, COSINE_DISTANCE):
            raise ValueError(
                f"KMeans: distance_metric must be {SQUARED_EUCLIDEAN_DISTANCE!r} or {COSINE_DISTANCE!r}, "
                f"got {distance_metric!r}"
            )
        self._inputs = inputs if isinstance(inputs, list) else [inputs]
        self._num_clusters, self._initial_clusters = num_clusters, initial_clusters
        self._cosine = distance_metric == COSINE_DISTANCE
        self._mini_batch, self._steps = use_mini_batch, int(mini_batch_steps_per_iteration)
        self._seed, self._retries, self._chain = random_seed, kmeans_plus_plus_num_retries, kmc2_chain_length

    def training_graph(self):
        """Builds the graph.

        Returns:
          (all_scores, cluster_idx, scores, cluster_centers_initialized, init_op, training_op): tuples with an entry
          for each of the inputs: the distances from each point to each cluster, the nearest cluster and its distance;
          whether there are clusters yet, a bool variable; what makes them, to be run until there are; a step.
        """
        given = not isinstance(self._initial_clusters, str) and not callable(self._initial_clusters)
        initial = tf.convert_to_tensor(self._initial_clusters) if given else self._initial_clusters
        count = tf.shape(initial)[0] if given else tf.convert_to_tensor(self._num_clusters)
        state = _State(count, self._mini_batch, self._steps)
        init_op = self._init_op(initial, count, state)
        inputs, centers = self._inputs, state.centers
        if self._cosine:
            inputs = [tf.nn.l2_normalize(each, dim=1) for each in inputs]
            if not self._centers_are_normalized():
                centers = tf.nn.l2_normalize(centers, dim=1)
        found = [self._nearest(each, centers) for each in inputs]
        all_scores, scores, nearest = zip(*found)
        if self._mini_batch:
            with tf.control_dependencies([self._sync(state)]):
                training_op = tf.group(
                    *(change for points, near in zip(inputs, nearest) for change in _moved(points, near, state))
                )
        else:
            training_op = self._full_batch(inputs, nearest, count, state)
        return all_scores, nearest, scores, state.initialized, init_op, training_op

    def _centers_are_normalized(self):
        return self._cosine and (not self._mini_batch or self._steps > 1)

    def _nearest(self, points, centers):
        """Returns (distances to all centers, the least one, the nearest center)."""
        products = tf.matmul(points, centers, transpose_b=True)
        if self._cosine:
            distances = 1 - products
        else:
            squares = [tf.reduce_sum(tf.square(each), 1, keepdims=True) for each in (points, centers)]
            distances = squares[0] - 2 * products + tf.transpose(squares[1])
        if self._cosine and not self._centers_are_normalized():
            centers = tf.nn.l2_normalize(centers, dim=1)
        nearest = _operations.nearest_neighbors(points=points, centers=centers, k=1)
        # Half of the squared distance of vectors of length 1 is 1 - cosine.
        least = nearest.nearest_center_distances * (0.5 if self._cosine else 1.0)
        return distances, tf.squeeze(least, [-1]), tf.squeeze(nearest.nearest_center_indices, [-1])

    def _full_batch(self, inputs, nearest, count, state):
        sums = tf.add_n([tf.unsorted_segment_sum(points, near, count) for points, near in zip(inputs, nearest)])
        counts = tf.add_n(
            [
                tf.unsorted_segment_sum(tf.ones(tf.stack([tf.shape(points)[0], 1])), near, count)
                for points, near in zip(inputs, nearest)
            ]
        )
        centers = sums / (tf.cast(counts, sums.dtype) + tf.constant(1e-6, sums.dtype))
        if self._centers_are_normalized():
            centers = tf.nn.l2_normalize(centers, dim=1)
        return tf.assign(state.centers, centers)

    def _sync(self, state):
        """Makes the changed clusters the clusters, every so many steps."""
        if state.steps_left is None:
            return tf.no_op()

        def iterate():
            with tf.control_dependencies([tf.assign(state.steps_left, self._steps - 1)]):
                centers = tf.nn.l2_normalize(state.changed, dim=1) if self._cosine else tf.identity(state.changed)
            with tf.control_dependencies([tf.assign(state.centers, centers)]):
                reset = tf.assign(state.counts, tf.zeros_like(state.counts))
            with tf.control_dependencies([reset]):
                return tf.identity(state.steps_left)

        return tf.cond(state.steps_left <= 0, iterate, lambda: tf.assign_sub(state.steps_left, 1))

    def _init_op(self, initial, count, state):
        """Returns what adds clusters until all are there, and then says so."""
        selected = tf.shape(state.centers)[0]
        missing = count - selected

        def initialize():
            with tf.control_dependencies([tf.assert_positive(missing)]):
                if isinstance(initial, str) and initial == KMC2_INIT:
                    left = self._by_chains(count, missing, selected, state)
                else:
                    left = self._added(initial, count, missing, selected, state)
                return tf.cond(
                    tf.equal(left, 0), lambda: tf.group(tf.assign(state.initialized, True)), lambda: tf.no_op()
                )

        return tf.cond(tf.equal(missing, 0), lambda: tf.group(tf.assert_equal(state.initialized, True)), initialize)

    def _added(self, initial, count, missing, selected, state):
        """Adds points to the clusters; returns how many are missing then."""
        points = tf.add_n([tf.shape(each)[0] for each in self._inputs])
        if isinstance(initial, str) and initial == RANDOM_INIT:
            added = tf.cond(points <= missing, lambda: tf.concat(self._inputs, 0), lambda: self._drawn(missing, points))
        elif isinstance(initial, str):
            with tf.control_dependencies([tf.assert_greater_equal(points, missing)]):
                first = tf.nn.l2_normalize(self._inputs[0], dim=1) if self._cosine else self._inputs[0]
                added = _operations.kmeans_plus_plus_initialization(
                    points=first,
                    num_to_sample=tf.cast(missing, tf.int64),
                    seed=tf.constant(self._seed, tf.int64),
                    num_retries_per_sample=tf.constant(self._retries, tf.int64),
                )
        elif callable(initial):
            added = initial(self._inputs, missing)
        else:
            with tf.control_dependencies([tf.assert_equal(missing, tf.shape(initial)[0])]):
                added = tf.identity(initial)
        if self._cosine:
            added = tf.nn.l2_normalize(added, dim=1)
        everything = tf.cond(tf.equal(selected, 0), lambda: added, lambda: tf.concat([state.centers, added], 0))
        return count - tf.shape(state.begin(everything))[0]

    def _drawn(self, missing, points):
        indices = tf.random_uniform(tf.reshape(missing, [-1]), 0, tf.cast(points, tf.int64), tf.int64, seed=self._seed)
        return tf.nn.embedding_lookup(self._inputs, indices, partition_strategy="div")

    def _by_chains(self, count, missing, selected, state):
        """Adds clusters by Markov chains over the first inputs; returns how many are missing then."""
        points = self._inputs[0]
        chains = tf.cast(tf.shape(points)[0] / self._chain, tf.int32)
        rounds = tf.maximum(tf.minimum(missing, chains), 1)

        def normalized(center):
            return tf.nn.l2_normalize(center, dim=1) if self._cosine else center

        def of_chain(step):
            some = points[step * self._chain : (step + 1) * self._chain]
            near = _operations.nearest_neighbors(points=some, centers=state.centers, k=1)
            chosen = _operations.kmc2_chain_initialization(
                distances=tf.squeeze(near.nearest_center_distances), seed=tf.constant(self._seed, tf.int64)
            )
            return tf.concat([state.centers, normalized(tf.reshape(some[chosen], [1, -1]))], 0)

        def add(step, _):
            everything = tf.cond(
                tf.equal(selected, 0), lambda: normalized(tf.reshape(points[0], [1, -1])), lambda: of_chain(step)
            )
            return step + 1, count - tf.shape(state.begin(everything))[0]

        return tf.while_loop(lambda step, _: tf.less(step, rounds), add, [0, 0])[1]


class _State:
    """The variables: clusters, whether they are initialized, and what mini-batches count."""

    def __init__(self, count, mini_batch, steps):
        nothing = tf.constant([], tf.float32)
        self.centers = tf.Variable(nothing, name="clusters", validate_shape=False)
        self.initialized = tf.Variable(False, dtype=tf.bool, name="initialized")
        self.changed, self.counts, self.steps_left = self.centers, None, None
        if mini_batch and steps > 1:
            self.changed = tf.Variable(nothing, name="clusters_updated", validate_shape=False)
            self.steps_left = tf.Variable(steps, dtype=tf.int64, name="update_in_steps")
            self.counts = tf.Variable(tf.zeros([count], tf.int64))
        elif mini_batch:
            self.counts = tf.Variable(tf.ones([count], tf.int64))

    def begin(self, centers):
        """Assigns the first clusters; returns them."""
        made = tf.assign(self.centers, centers, validate_shape=False)
        if self.changed is not self.centers:
            made = tf.assign(self.changed, made, validate_shape=False)
        return made


def _moved(points, nearest, state):
    """Returns the operations that move each point's nearest cluster towards the points, by one part of their count."""
    clusters, places = tf.unique(tf.reshape(nearest, [-1]))
    count = tf.size(clusters)
    before = tf.gather(state.counts, clusters)
    more = tf.unsorted_segment_sum(tf.ones_like(places, dtype=tf.int64), places, count)
    sums = tf.unsorted_segment_sum(points, places, count)
    centers = tf.gather(state.changed, clusters)
    change = sums - tf.cast(tf.expand_dims(more, 1), points.dtype) * centers
    change *= tf.expand_dims(tf.reciprocal(tf.cast(before + more, points.dtype)), 1)
    with tf.control_dependencies([before, change]):  # both are of the state before
        return tf.scatter_add(state.counts, clusters, more), tf.scatter_add(state.changed, clusters, change)
