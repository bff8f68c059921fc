"""What a Session.run is asked for: its fetches and feeds in their order, whatever structures they stand in."""

from typing import Any, Dict, List, Tuple

import numpy as np

from legacy_gan.porting.program.sources import is_number

__all__ = ["feeds_of", "flat", "leaves_of"]


def leaves_of(graph: Any, fetch: Any) -> List[Tuple[str, Any]]:
    """Returns [(name, tensor or operation)] of a structure of fetches, in its order."""
    if isinstance(fetch, dict):
        return [leaf for part in fetch.values() for leaf in leaves_of(graph, part)]
    if isinstance(fetch, (list, tuple)):
        return [leaf for part in fetch for leaf in leaves_of(graph, part)]
    if hasattr(fetch, "indices") and hasattr(fetch, "values"):
        return [leaf for part in _parts(fetch) for leaf in leaves_of(graph, part)]
    return [(getattr(fetch, "name", None) or str(fetch), graph.as_graph_element(fetch))]


def _parts(sparse):
    """Returns the tensors of a SparseTensor or IndexedSlices in the order of its value's."""
    named = type(sparse).__name__
    first = [sparse.values, sparse.indices] if named == "IndexedSlices" else [sparse.indices, sparse.values]
    return first + ([] if sparse.dense_shape is None else [sparse.dense_shape])


def flat(fetch: Any, result: Any) -> List[Any]:
    """Returns the values of a result in the order of leaves_of."""
    if isinstance(fetch, dict):
        return [leaf for key in fetch for leaf in flat(fetch[key], result[key])]
    if isinstance(fetch, (list, tuple)):
        return [leaf for part, value in zip(fetch, result) for leaf in flat(part, value)]
    if hasattr(fetch, "indices") and hasattr(fetch, "values"):
        return [value for value in result if value is not None]
    return [result]


def feeds_of(graph: Any, feed_dict: Any) -> Tuple[List[Tuple[str, Any, np.ndarray]], Dict[Any, Any]]:
    """Splits a feed_dict: ([(name, tensor, array)] of what holds numbers, dict of the rest)."""
    numbers, others = [], {}
    for key, value in (feed_dict or {}).items():
        if hasattr(key, "indices") and hasattr(key, "values"):
            pairs = zip(_parts(key), value)
        else:
            pairs = [(key, value)]
        for part, one in pairs:
            tensor = graph.as_graph_element(part, allow_operation=False)
            if is_number(tensor):
                array = np.asarray(one, dtype=tensor.dtype.base_dtype.as_numpy_dtype)
                numbers.append((tensor.name, tensor, array))
            else:
                others[tensor] = one
    return numbers, others
