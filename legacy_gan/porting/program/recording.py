"""Records what a program's sessions are fed and return, and replays it: `legacy-gan run --record`, `--replay`.

A step is a Session.run of the program that is not setup: setup fetches operations or text only and trains
nothing (initialisers, savers, iterators). Before the first step, when the program has initialised its
variables, `--record` reads the weights and `--replay` assigns those of the trace. From then on a replay
feeds what the trace has, instead of what the program feeds, and in the place of the graph's random
operations, iterators and queues. Random operations inside of tf.cond and tf.while_loop have the seeds of the
trace (sources.py); what no replay repeats is said. No operation is added to the program's graph, so that its names
and its random numbers stay as they are. Runs in other threads than the program's own are left alone.

The format is in legacy_gan.porting.traces.
"""

import contextlib
import functools
import os
import sys
import tempfile
import threading
from typing import Any, Optional

import numpy as np

from legacy_gan.errors import TraceError
from legacy_gan.porting import traces
from legacy_gan.porting.program.fetches import feeds_of, flat, leaves_of
from legacy_gan.porting.program.sources import Plan, Seeds, is_number
from legacy_gan.porting.traces import NUMBERS, Omitted, Trace

__all__ = ["Recording"]


class Recording:
    """Sees every Session.run of a program between `install` and `close`.

    Args:
      record: the npz to write, or None. replay: the npz to feed from, or None.
      steps: how many steps are recorded.
      program: its path, for the trace.
    Raises:
      TraceError: if `replay` is no trace, or `record` cannot be written.
    """

    def __init__(self, record: Optional[str] = None, replay: Optional[str] = None, steps: int = 100, program: str = ""):
        self._path = record and os.path.abspath(record)
        if record:
            _prove_writable(self._path)
        self._steps = steps
        self._replayed = traces.read(replay) if replay else None
        self._next = 0  # the call of the trace that comes next
        self._trace = Trace(program=os.path.basename(program), requested=steps)
        self._seeds = Seeds(self._replayed and self._replayed.seeds)
        self._done = 0  # steps
        self._known = set()  # (graph, name) of variables whose value was read or assigned
        self._numbers = {}  # id of a graph whose variables have names that another's had first: its number, from 2
        self._restored = set()  # graphs whose variables have had values of a checkpoint, by id
        self._setups = 0  # runs that may have initialised variables
        self._looked = None  # when variables were looked for last: graph, its version, setups, first steps
        self._said = set()  # what no replay repeats
        self._updated = set()  # variables whose first gradient was recorded
        self._sessions = {}  # those that made steps, by id
        self._plans = {}

    def install(self, tf: Any = None, unlimited: Any = contextlib.nullcontext) -> None:
        """Begins: TensorFlow is loaded and in graph mode.

        Args:
          tf: of no use here. unlimited: function that returns a context, whose time the program's limit leaves out.
        """
        import tensorflow.compat.v1 as v1
        from tensorflow.python.client.session import BaseSession

        self._errors = v1.errors
        self._trace.tensorflow = v1.version.VERSION
        self._thread = threading.get_ident()
        self._unlimited = unlimited
        self._class, self._run, self._close = BaseSession, BaseSession.run, BaseSession.close
        self._extend = BaseSession._extend_graph

        @functools.wraps(self._run)
        def run(session, fetches, feed_dict=None, options=None, run_metadata=None):
            def carry_out(fetches, feed_dict):
                return self._run(session, fetches, feed_dict, options, run_metadata)

            return self._observed_run(session, fetches, feed_dict, carry_out)

        @functools.wraps(self._close)
        def close(session):
            self._finish(session)
            return self._close(session)

        @functools.wraps(self._extend)
        def extend(session):
            self._seeds.prepare(session.graph)
            self._extend(session)

        BaseSession.run, BaseSession.close, BaseSession._extend_graph = run, close, extend

    def close(self) -> None:
        """Ends, and writes the trace; sessions that the program left open are read first."""
        for session in list(self._sessions.values()):
            self._finish(session)
        self._class.run, self._class.close, self._class._extend_graph = self._run, self._close, self._extend
        if self._path:
            if not self._trace.reached:
                self._trace.reached = self._trace.final
            self._trace.seeds = self._seeds.found
            self._trace.write(self._path)

    # One run

    def _observed_run(self, session, fetches, feed_dict, carry_out):
        if threading.get_ident() != self._thread or self._finished():
            return carry_out(fetches, feed_dict)
        try:
            leaves = leaves_of(session.graph, fetches)
            feeds, others = feeds_of(session.graph, feed_dict)
        except (TypeError, ValueError, KeyError, NotImplementedError):
            return carry_out(fetches, feed_dict)  # which says what is wrong
        self._seeds.prepare(session.graph)
        plan = self._plan(session.graph, leaves, feeds, others)
        setup, sources = plan.setup, plan.sources.tensors
        self._setups += setup
        if setup and not feeds:
            return carry_out(fetches, feed_dict)
        if not setup:
            with self._unlimited():
                self._before_step(session)
            self._say(plan.sources.loose)
        call = {"setup": setup, "fetches": [name for name, _ in leaves], "values": [], "raised": ""}
        call.update(loose=plan.sources.loose, functions=plan.sources.functions, counts=plan.counts, trains=plan.trains)
        recorded = self._expected(call, leaves, feeds)
        given = {}
        if recorded is not None:
            feeds = [
                (name, tensor, value)
                for (name, tensor, _), value in zip(feeds, _replayed_feeds(recorded, feeds, self._where()))
            ]
            given = _replayed_sources(recorded, sources)
            if not given and not recorded["raised"] and (sources or recorded["sources"]):
                call["loose"] = call["loose"] + [tensor.op.name for tensor in sources]
                self._say(call["loose"])
        fed = dict(others)
        fed.update((tensor, value) for _, tensor, value in feeds)
        fed.update(given)
        asked = [tensor for tensor in sources if tensor not in given]
        gradients = self._new_gradients(plan)
        try:
            if recorded is not None and recorded["raised"]:
                raise getattr(self._errors, recorded["raised"])(None, None, "as it was recorded")
            result, drawn, applied = carry_out([fetches, asked, gradients], fed or None)
        except self._errors.OpError as e:
            call["raised"] = type(e).__name__
            self._take(call, feeds, {})
            raise
        values = [_number(value) for value in flat(fetches, result)]
        call["values"] = [None if value is None else self._kept(value) for value in values]
        if gradients:
            graph = session.graph
            call["gradients"] = {self._key(graph, name): self._kept(value, True) for name, value in applied.items()}
            with self._unlimited():
                call["updated"] = self._read_updated(session, gradients)
        self._take(call, feeds, given or dict(zip(asked, drawn)))
        if not setup:
            self._sessions[id(session)] = session
            self._done += 1
            with self._unlimited():
                if self._done == traces.EARLY:
                    for known in self._sessions.values():
                        self._read_weights(known, self._trace.early, self._trace.early_state)
                if self._finished():
                    self._trace.reached.update(self._trace.final)  # of sessions that have ended
                    for known in self._sessions.values():
                        self._read_weights(known, self._trace.reached)
        return result

    def _finished(self):
        """Whether all the steps were made that are recorded, or that can be replayed."""
        if self._replayed is not None and self._next >= len(self._replayed.calls):
            return True
        return self._done >= self._steps

    def _kept(self, value, is_of_variable=False):
        return self._trace.kept(value, is_of_variable) if self._path else value

    def _take(self, call, feeds, sources):
        """Appends a call to the trace."""
        self._next += 1
        if self._path:
            call["feeds"] = {name: self._kept(value) for name, _, value in feeds}
            call["sources"] = {tensor.name: self._kept(value) for tensor, value in sources.items()}
            self._trace.calls.append(call)

    def _plan(self, graph, leaves, feeds, others):
        fed = frozenset([name for name, _, _ in feeds] + [tensor.name for tensor in others])
        key = (graph, tuple(element.name for _, element in leaves), fed)
        if key not in self._plans:
            plan = self._plans[key] = Plan(graph, [element for _, element in leaves], fed, self._seeds)
            if plan.restores:
                self._restored.add(id(graph))
            self._trace.kinds = sorted({*self._trace.kinds, *plan.kinds})
        return self._plans[key]

    def _new_gradients(self, plan):
        """Returns {name of a variable: tensor} of the gradients that a run is the first to apply."""
        if not self._path:
            return {}
        return {name: tensor for name, tensor in plan.gradients.items() if name not in self._updated}

    def _read_updated(self, session, names):
        """Returns what the variables of these names have become."""
        self._updated.update(names)
        variables = [v for v in session.graph.get_collection("variables") if v.op.name in names]
        values = self._read(session, variables)
        return {self._key(session.graph, name): self._kept(value, True) for name, value in values.items()}

    def _say(self, loose):
        """Says, once of each, which operations' results no replay repeats."""
        new = [name for name in loose if name not in self._said]
        if new:
            self._said.update(new)
            option = "--record" if self._replayed is None else "--replay"
            sys.stderr.write(
                f"legacy-gan: {option}: what {_some(new)} gives is repeated by no replay; results that follow from it "
                "prove nothing\n"
            )

    # Weights

    def _before_step(self, session):
        """Reads, or assigns, variables that the program has initialised since the last step."""
        graph = session.graph
        looked = id(graph), graph.version, self._setups, min(self._done, 2)
        if self._looked == looked:
            return
        self._looked = looked
        trainable = graph.get_collection("trainable_variables")
        new = [v for v in trainable if (id(graph), v.op.name) not in self._known]
        if not new:
            return
        # A graph that is built anew to evaluate what was trained has its weights from the program's checkpoint.
        again = any(v.op.name in self._trace.initial for v in new)
        trained = id(graph) in self._restored and again
        if again and not trained:  # another graph with weights of its own, as one that decodes before it is trained
            self._numbers.setdefault(id(graph), len(self._numbers) + 2)
        if self._replayed is not None and not trained:
            self._assign(session, trainable, new)
        values = self._read(session, new)
        self._known.update((id(graph), name) for name in values)
        for name, value in values.items():
            self._trace.initial.setdefault(self._key(graph, name), value)
        names = {variable.op.name for variable in trainable}
        others = [
            v
            for v in graph.get_collection("variables")
            if v.op.name not in names and v.shape.ndims and (id(graph), v.op.name) not in self._known
        ]
        if self._replayed is not None and not trained:
            # The averages that an initialiser took from the weights; what does not go together stays.
            pairs = [(v, self._replayed.state.get(self._key(graph, v.op.name))) for v in others]
            self._set(session, [(v, x) for v, x in pairs if x is not None and v.shape.is_compatible_with(x.shape)])
        values = self._read(session, others)
        self._known.update((id(graph), name) for name in values)
        self._trace.state.update((self._key(graph, name), value) for name, value in values.items())

    def _key(self, graph, name):
        """Returns the name that a trace has for a graph's variable."""
        return f"{name} of graph {self._numbers[id(graph)]}" if id(graph) in self._numbers else name

    def _assign(self, session, trainable, new):
        """Assigns the trace's weights: by name, or in the order of creation where names differ."""
        graph = session.graph
        keys = [self._key(graph, variable.op.name) for variable in trainable]
        recorded = {name: v for name, v in self._replayed.initial.items() if _graph_of(name) == _graph_of(keys[0])}
        if not recorded:  # a trace whose writer knew one graph
            recorded, keys = self._replayed.initial, [variable.op.name for variable in trainable]
        initialised, pairs = self._read(session, new), []
        named = list(zip(keys, trainable))
        if len(named) != len(recorded):
            # A variable that its first training step initialises has no value yet, here as in the trace.
            ready = [*initialised, *(name for of_graph, name in self._known if of_graph == id(graph))]
            named = [(key, variable) for key, variable in named if variable.op.name in ready]
        by_name = all(key in recorded for key, _ in named)
        if not by_name and len(named) != len(recorded):
            raise TraceError(
                f"--replay: expected {len(recorded)} trainable variables, {_some(recorded)}, got {len(trainable)}: "
                f"{_some([v.op.name for v in trainable])}; the trace is of another listing"
            )
        for (key, variable), in_order in zip(named, recorded):
            name = key if by_name else in_order
            value = recorded[name]
            if not variable.shape.is_compatible_with(value.shape):
                raise TraceError(
                    f"--replay: expected a trainable variable like {name} {list(value.shape)}, got "
                    f"{variable.op.name} {variable.shape.as_list()}; the trace is of another listing"
                )
            if variable.op.name in initialised:
                pairs.append((variable, value))
        self._set(session, pairs)

    def _set(self, session, pairs):
        """Assigns values to variables in one run; in several where variables share what initialises them."""
        while pairs:
            run, feed, later = [], {}, []
            for variable, value in pairs:
                # init_from_checkpoint's initializer is a tensor
                initializer = getattr(variable.initializer, "op", variable.initializer)
                if initializer.inputs[1].name in {tensor.name for tensor in feed}:
                    later.append((variable, value))
                else:
                    run.append(initializer)
                    feed[initializer.inputs[1]] = value
            self._run(session, run, feed)
            pairs = later

    def _read(self, session, variables):
        """Returns {name: array} of the variables that are initialised and hold numbers."""
        variables = [v for v in variables if np.dtype(v.dtype.base_dtype.as_numpy_dtype).kind in NUMBERS]
        try:
            values = self._run(session, variables) if variables else []
            return {variable.op.name: value for variable, value in zip(variables, values)}
        except self._errors.FailedPreconditionError:
            if len(variables) == 1:
                return {}
        half = len(variables) // 2
        return {**self._read(session, variables[:half]), **self._read(session, variables[half:])}

    def _finish(self, session):
        """Reads the weights of a session that ends."""
        if id(session) in self._sessions:
            del self._sessions[id(session)]
            with self._unlimited():
                self._read_weights(session, self._trace.final)
                if self._done < traces.EARLY:
                    self._read_weights(session, self._trace.early, self._trace.early_state)

    def _read_weights(self, session, weights, state=None):
        """Reads what the trainable variables of a session are after a step, and what the others are into `state`."""
        graph = session.graph
        trainable = {v.op.name for v in graph.get_collection("trainable_variables")}
        variables = [v for v in graph.get_collection("variables") if v.op.name not in trainable and state is not None]
        variables += [v for v in graph.get_collection("trainable_variables") if (id(graph), v.op.name) in self._known]
        try:
            for name, value in self._read(session, variables).items():
                if name in trainable:
                    weights[self._key(graph, name)] = value
                else:
                    state[self._key(graph, name)] = self._kept(value, True)
        except (self._errors.OpError, RuntimeError, ValueError):
            pass  # a session that broke or was closed under another name has none to give

    # Replay

    def _where(self):
        return f"--replay: at run {self._next + 1} of the trace"

    def _expected(self, call, leaves, feeds):
        """Returns the call of the trace that goes with this one, None without --replay.

        Raises:
          TraceError: if the program asks for something else.
        """
        if self._replayed is None:
            return None
        recorded = self._replayed.calls[self._next]
        names = recorded["fetches"]
        if len(names) != len(leaves):
            raise TraceError(
                "{} expected {} fetches, {}, got {}: {}; the trace is of another listing".format(
                    self._where(), len(names), _some(names), len(leaves), _some(call["fetches"])
                )
            )
        for name, value, (own, element) in zip(names, recorded["values"], leaves):
            if (value is not None) != is_number(element):
                raise TraceError(
                    "{} expected a fetch like {}, {}, got {}; the trace is of another listing".format(
                        self._where(), name, "no number" if value is None else "numbers", own
                    )
                )
        if len(recorded["feeds"]) != len(feeds):
            raise TraceError(
                "{} expected {} feeds, {}, got {}: {}; the trace is of another listing".format(
                    self._where(),
                    len(recorded["feeds"]),
                    _some(recorded["feeds"]),
                    len(feeds),
                    _some([name for name, _, _ in feeds]),
                )
            )
        return recorded


def _replayed_feeds(recorded, feeds, where):
    """Returns the recorded values for the program's feeds: by name, or by order where names differ."""
    by_name = {name for name, _, _ in feeds} == set(recorded["feeds"])
    values = []
    for (name, tensor, own), old in zip(feeds, recorded["feeds"]):
        value = recorded["feeds"][name if by_name else old]
        if isinstance(value, Omitted):
            if traces.digest(own) != value.digest:
                raise TraceError(
                    f"{where} the feed of {name} was too large to be recorded, and the listing feeds "
                    "other data; feed the same, or record fewer steps"
                )
            value = own
        if not tensor.shape.is_compatible_with(value.shape):
            raise TraceError(
                f"{where} expected a feed like {old} {list(value.shape)}, got {name} {tensor.shape}; "
                "the trace is of another listing"
            )
        values.append(value)
    return values


def _replayed_sources(recorded, sources):
    """Returns {tensor: recorded value} of the graph's random numbers, {} if they do not go together."""
    values = list(recorded["sources"].values())
    names = [tensor.name for tensor in sources]
    if set(names) == set(recorded["sources"]):
        values = [recorded["sources"][name] for name in names]
    together = len(values) == len(sources) and all(
        not isinstance(value, Omitted)
        and tensor.shape.is_compatible_with(value.shape)
        and tensor.dtype.as_numpy_dtype == value.dtype.type
        for tensor, value in zip(sources, values)
    )
    return dict(zip(sources, values)) if together else {}


def _graph_of(key):
    """Returns "" or " of graph 2": of which graph a trace's variable is."""
    _, between, number = key.rpartition(" of graph ")
    return between + number if between else ""


def _number(value):
    """Returns a result as an array, None for what is no number."""
    if value is None:
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in NUMBERS else None


def _some(names):
    """Returns the first names in words."""
    names = list(names)
    return ", ".join(names[:4]) + (", ..." if len(names) > 4 else "") if names else "none"


def _prove_writable(path):
    folder = os.path.dirname(path)
    try:
        if os.path.isdir(path):
            raise OSError(0, "it is a folder")
        with tempfile.TemporaryFile(dir=folder) as f:
            f.write(b"x")
    except OSError as e:
        raise TraceError(f"--record must be a file that can be written, {path}: {e.strerror}; name another") from None
