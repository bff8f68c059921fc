"""What a graph's results come from beside its feeds: random operations, iterators, queues; and of what kind it is.

Outside of loops and conditions a replay feeds what these gave. Inside it cannot: there a random operation draws
the same numbers again, because it has the same seeds, and because the iterations of its loop follow one another.
"""

import os
import threading
import weakref
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
import tensorflow.compat.v1 as v1

from legacy_gan.porting.traces import NUMBERS

__all__ = ["Plan", "Seeds", "Sources", "is_number"]

# Random operations: their numbers follow from their attributes seed and seed2, unless both are 0.
SEEDED = {
    "AllCandidateSampler",
    "FixedUnigramCandidateSampler",
    "LearnedUnigramCandidateSampler",
    "LogUniformCandidateSampler",
    "Multinomial",
    "ParameterizedTruncatedNormal",
    "RandomGamma",
    "RandomPoisson",
    "RandomPoissonV2",
    "RandomShuffle",
    "RandomStandardNormal",
    "RandomUniform",
    "RandomUniformInt",
    "SampleDistortedBoundingBox",
    "SampleDistortedBoundingBoxV2",
    "ThreadUnsafeUnigramCandidateSampler",
    "TruncatedNormal",
    "UniformCandidateSampler",
}
# Others whose results no graph determines.
UNSEEDED = {
    "BarrierTakeMany",
    "IteratorGetNext",
    "IteratorGetNextSync",
    "NonDeterministicInts",
    "QueueDequeue",
    "QueueDequeueMany",
    "QueueDequeueManyV2",
    "QueueDequeueUpTo",
    "QueueDequeueUpToV2",
    "QueueDequeueV2",
    "RandomDequeue",
    "Unstage",
}
# Functions of the program's, which a replay calls again.
PYTHON = {"PyFunc", "PyFuncStateless", "EagerPyFunc"}


# What makes a run one that trains, however little it returns.
TRAINING = (
    "Apply",
    "ResourceApply",
    "SparseApply",
    "ResourceSparseApply",
    "AssignAdd",
    "AssignSub",
    "Scatter",
    "ResourceScatter",
)


class Plan:
    """What a kind of run does.

    Attributes:
      setup: whether it is one. restores: whether it reads a checkpoint. trains: whether it changes variables.
      sources: Sources, of a run that is no setup. kinds: of the training. gradients: {name of a variable: tensor}, what
        optimizers apply. counts: for each fetch, whether it counts
        or chooses (argmax, equal), so that rounding makes it jump.
    """

    def __init__(self, graph, elements, fed, seeds):
        operations = _needed(graph, elements, fed)
        self.trains = any(operation.type.startswith(TRAINING) for operation in operations)
        self.restores = any(operation.type == "RestoreV2" for operation in operations)
        self.setup = not self.trains and not any(is_number(element) for element in elements)
        self.sources = Sources(graph, [] if self.setup else operations, seeds)
        self.kinds = _kinds(operations) if self.trains else []
        self.gradients = _gradients(operations) if self.trains else {}
        self.counts = [not self.setup and is_number(element) and _counts(element) for element in elements]


# What has no gradient, and jumps.
JUMPING = {
    "ArgMax",
    "ArgMin",
    "Ceil",
    "Equal",
    "Floor",
    "Greater",
    "GreaterEqual",
    "InTopK",
    "InTopKV2",
    "Less",
    "LessEqual",
    "Multinomial",
    "NotEqual",
    "Rint",
    "Round",
    "Sign",
}


class Sources:
    """What of the operations of a run a replay repeats.

    Args:
      graph: a graph. operations: those that a run carries out. seeds: Seeds, or None.
    Attributes:
      tensors: whose values are recorded and fed.
      loose: names of operations whose results no replay repeats. functions: names of the program's own functions.
    """

    def __init__(self, graph: Any, operations: Sequence[Any], seeds: "Seeds"):
        self.tensors: List[Any] = []
        self.loose: List[str] = []
        self.functions: List[str] = []
        drawing = _drawing_functions(graph)
        for operation in operations:
            if operation.type in PYTHON:
                self.functions.append(operation.name)
            elif operation.type in SEEDED or operation.type in UNSEEDED:
                if operation._get_control_flow_context() is None:
                    fed = [
                        t for t in operation.outputs if is_number(t) and graph.is_fetchable(t) and graph.is_feedable(t)
                    ]
                    self.tensors += fed
                    if len(fed) < len(operation.outputs):
                        self.loose.append(operation.name)
                elif not seeds.repeats(operation):
                    self.loose.append(operation.name)
            elif drawing and drawing & _called(operation):
                self.loose.append(operation.name)


def _drawing_functions(graph):
    """Returns the names of a graph's functions that draw numbers themselves."""
    if not getattr(graph, "_functions", None):
        return set()
    library = graph.as_graph_def(add_shapes=False).library.function
    return {
        function.signature.name
        for function in library
        if any(node.op in SEEDED or node.op in UNSEEDED for node in function.node_def)
    }


def _called(operation):
    """Returns the names of the functions that an operation calls while it is carried out."""
    if "Dataset" in operation.type or "Iterator" in operation.type:
        return set()  # what these give is recorded
    return {operation.type} | {attribute.func.name for attribute in operation.node_def.attr.values()}


class Seeds:
    """The seeds of the random operations in loops and conditions.

    A record takes them as they are, or draws them where the program gives none; a replay sets them. They are set
    before a session knows the operation, and nothing is added to a graph.

    Args:
      recorded: [name, type, seed, seed2] of a trace, to be set; None draws them.
    Attributes:
      found: the same of the graphs that were seen.
    """

    def __init__(self, recorded: Optional[List[Tuple[str, str, int, int]]] = None):
        self._left = None if recorded is None else list(recorded)
        self.found: List[Tuple[str, str, int, int]] = []
        self._seen: Any = weakref.WeakKeyDictionary()  # graph -> (version, how many of its operations)
        self._repeated: Any = weakref.WeakKeyDictionary()  # graph -> names
        self._frames: Any = weakref.WeakKeyDictionary()  # graph -> names of loops that draw
        self._lock = threading.Lock()

    def repeats(self, operation: Any) -> bool:
        """Whether an operation in a loop or condition draws what it drew when it was recorded."""
        return operation.name in self._repeated.get(operation.graph, ())

    def prepare(self, graph: Any) -> None:
        """Looks at what a graph has now and a session does not know yet."""
        with self._lock:
            version, count = self._seen.get(graph, (None, 0))
            if graph.version == version:
                return
            operations = graph.get_operations()
            names, frames = self._repeated.setdefault(graph, set()), self._frames.setdefault(graph, set())
            for operation in operations[count:]:
                if operation.type in SEEDED:
                    context = operation._get_control_flow_context()
                    if context is not None and self._set(operation):
                        names.add(operation.name)
                        frames.update(_loops_around(context))
            if frames:
                for operation in operations[count:]:
                    if operation.type in ("Enter", "RefEnter") and operation.get_attr("frame_name").decode() in frames:
                        operation._set_attr("parallel_iterations", v1.AttrValue(i=1))
            self._seen[graph] = graph.version, len(operations)

    def _set(self, operation):
        """Sets an operation's seeds; returns whether they are those of the trace, or go into one."""
        own = operation.get_attr("seed"), operation.get_attr("seed2")
        if self._left is None:
            seeds = own if any(own) else tuple(int.from_bytes(os.urandom(4), "little") | 1 for _ in own)
        else:
            row = next((row for row in self._left if list(row[:2]) == [operation.name, operation.type]), None)
            row = row or next((row for row in self._left if row[1] == operation.type), None)
            if row is None:
                return False
            self._left.remove(row)
            seeds = tuple(row[2:])
        if seeds != own:
            for name, seed in zip(("seed", "seed2"), seeds):
                operation._set_attr(name, v1.AttrValue(i=seed))
        self.found.append((operation.name, operation.type, *seeds))
        return True


def _loops_around(context):
    """Yields the frames of the loops that a control flow context is in."""
    while context is not None:
        if context.IsWhileContext():
            yield context.name
        context = context.outer_context


def _needed(graph: Any, elements: Sequence[Any], fed: Any) -> List[Any]:
    """Returns the operations that must be carried out for what is fetched, in the order of their making."""
    waiting = [getattr(element, "op", element) for element in elements if element.name not in fed]
    found = set()
    while waiting:
        operation = waiting.pop()
        if operation.name not in found:
            found.add(operation.name)
            waiting += [tensor.op for tensor in operation.inputs if tensor.name not in fed]
            waiting += operation.control_inputs
    return [operation for operation in graph.get_operations() if operation.name in found]


def _kinds(operations: Sequence[Any]) -> List[str]:
    """Returns of what kinds a training step is: the words of porting.compare.BOUNDS."""
    types = {operation.type for operation in operations}
    found = set()
    if any(kind.startswith(("Conv2D", "Conv3D", "DepthwiseConv2d")) for kind in types):
        found.add("convolution")
    if any(kind.startswith("FusedBatchNorm") for kind in types) or any(
        "moments/" in operation.name and operation.type == "SquaredDifference" for operation in operations
    ):
        found.add("normalization")
    if types & {"Enter", "RefEnter", "While", "StatelessWhile"} or {"Sigmoid", "Tanh", "SigmoidGrad"} <= types:
        found.add("recurrent")
    if "Softmax" in types and any(kind.startswith("BatchMatMul") for kind in types):
        found.add("attention")
    return sorted(found or {"dense"})


def _gradients(operations):
    """Returns {name of a variable: the dense gradient that an optimizer applies to it}."""
    found = {}
    for operation in operations:
        if operation.type.startswith(("Apply", "ResourceApply")) and operation._get_control_flow_context() is None:
            names = [argument.name for argument in operation.op_def.input_arg]
            for name in ("grad", "delta"):
                if name in names and is_number(operation.inputs[names.index(name)]):
                    found[operation.inputs[0].op.name] = operation.inputs[names.index(name)]
    return found


def _counts(element):
    """Whether weights reach a fetch only through what counts or chooses: rounding then makes it jump, or not move."""
    graph = element.graph
    weights = {variable.op.name for variable in graph.get_collection("trainable_variables")}

    def reached(is_smooth):
        waiting, seen = [element.op], set()
        while waiting:
            operation = waiting.pop()
            if operation.name in weights:
                return True
            if operation.name not in seen and not (is_smooth and operation.type in JUMPING):
                seen.add(operation.name)
                waiting += [tensor.op for tensor in operation.inputs]
        return False

    return not reached(True) and reached(False)


def is_number(element: Any) -> bool:
    """Whether a tensor holds numbers; an operation does not."""
    dtype = getattr(element, "dtype", None)
    try:
        return dtype is not None and np.dtype(dtype.base_dtype.as_numpy_dtype).kind in NUMBERS
    except (TypeError, AttributeError):
        return False
