"""Imports of graphs that TensorFlow 1 saved: what it wrote into them that today's TensorFlow refuses is left out.

TensorFlow 1.15 writes the shapes of a node's outputs beside it, as the attribute `_output_shapes`. Today's TensorFlow
compares them with the shapes that it infers itself. For batch norm (FusedBatchNormV3 and its gradient) these are
others by now, and the graph is refused. No import needs the attribute, so it is left out.
"""

import functools

import tensorflow.compat.v1 as _v1
from tensorflow.python.framework import importer

__all__ = ["leave_out_saved_shapes"]

_SHAPES = "_output_shapes"


def leave_out_saved_shapes() -> None:
    """Has every import of a graph go without the shapes of batch norm that TensorFlow 1 noted, from TensorFlow 2 on."""
    process = getattr(importer, "_ProcessGraphDefParam", None)  # every import comes through here
    if process is None or hasattr(process, "__wrapped__") or _v1.__version__.startswith("1."):
        return

    @functools.wraps(process)
    def processed(graph_def, *args, **named):
        graph_def = process(graph_def, *args, **named)
        nodes = list(graph_def.node)
        for function in graph_def.library.function:
            nodes.extend(function.node_def)
        if any(node.op.startswith("FusedBatchNorm") for node in nodes):
            for node in nodes:
                node.attr.pop(_SHAPES, None)
        return graph_def

    importer._ProcessGraphDefParam = processed
