"""The global step is read before a training step changes it: what TensorFlow 1.15 leaves to chance has one result.

Programs with an optimizer of their own (BERT's, and those made after it) group the update of the weights with
`global_step.assign(global_step + 1)`. Nothing orders that after the learning rate's reading of the step: on
TensorFlow 1.15.5 a small BERT's first step has the rate of step 0 in some runs, and that of step 1 in others. So
before a session sees such an operation, on any TensorFlow, it is made to wait for what reads the step.
"""

import functools
import weakref
from typing import Any, Dict, List, Set, Tuple

import tensorflow.compat.v1 as _v1
from tensorflow.python.client import session

__all__ = ["keep_its_order", "order_reads_first"]

_CHANGES = ("Assign", "AssignAdd", "AssignVariableOp", "AssignAddVariableOp")
_READ_BY_HOOKS = "global_step_read_op_cache"  # the collection of what monitored sessions read
_FAR = 8  # operations between a reading of the step and its new value

# What has been seen of each graph: its version, and the names of the operations that change its step.
_seen: "weakref.WeakKeyDictionary[_v1.Graph, Tuple[int, Set[str]]]" = weakref.WeakKeyDictionary()


def keep_its_order() -> None:
    """Orders every graph before a session sees it, in this process."""
    extend = session.BaseSession._extend_graph

    @functools.wraps(extend)
    def ordered(self):
        order_reads_first(self.graph)
        return extend(self)

    session.BaseSession._extend_graph = ordered


def order_reads_first(graph: _v1.Graph) -> None:
    """Lets what changes a graph's global step wait for what reads it; what a session may know already stays."""
    version, known = _seen.get(graph, (-1, set()))
    if version == graph.version:
        return
    try:
        step = _v1.train.get_global_step(graph)
    except (TypeError, RuntimeError):  # several, or of another type: no step of training
        step = None
    if step is not None and hasattr(step, "initializer"):
        variable = (step.handle if hasattr(step, "handle") else step._ref()).op.outputs[0]
        reads = [tensor.op for tensor in graph.get_collection(_READ_BY_HOOKS)] + _reads(variable)
        for change in _changes(variable, getattr(step.initializer, "op", step.initializer)):
            if change.name not in known:
                known.add(change.name)
                change._add_control_inputs([read for read in reads if read is not change])
    _seen[graph] = graph.version, known


def _changes(variable: Any, initializer: Any) -> List[_v1.Operation]:
    """Returns what makes a new value of the step from its old one; not what initializes and restores it."""
    return [
        op
        for op in variable.consumers()
        if op.type in _CHANGES
        and op is not initializer
        and op.inputs[0] is variable
        and op._get_control_flow_context() is None
        and ("Add" in op.type or _comes_from(op.inputs[1].op, variable, _FAR))
    ]


def _comes_from(op: _v1.Operation, variable: Any, far: int) -> bool:
    """Whether an operation is computed from a variable, at most so many operations away."""
    if any(tensor is variable for tensor in op.inputs):
        return True
    return far > 0 and any(_comes_from(tensor.op, variable, far - 1) for tensor in op.inputs)


def _reads(variable: Any) -> List[_v1.Operation]:
    """Returns what reads the step and needs nothing else.

    A reading of a reference variable is no copy: there it is what uses the reading that must come first.
    """
    found: Dict[str, _v1.Operation] = {}
    reads = [op for op in variable.consumers() if op.type in ("Identity", "ReadVariableOp") and _needs_only(op, ())]
    copies = [op for op in reads if op.type == "ReadVariableOp"]
    for read in reads:
        found.update((op.name, op) for op in read.outputs[0].consumers() if _needs_only(op, reads))
    found.update((op.name, op) for op in copies)
    return [op for op in found.values() if op.type not in _CHANGES]


def _needs_only(op: _v1.Operation, reads: Any) -> bool:
    """Whether an operation, outside of loops and conditions, takes readings of the step and constants only."""
    if op.control_inputs or op._get_control_flow_context() is not None:
        return False
    return not reads or all(tensor.op in reads or tensor.op.type == "Const" for tensor in op.inputs)
