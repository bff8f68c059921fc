"""tf.contrib.opt's optimizers outside of the graph: SciPy's minimize over the trained variables."""

import numpy as np
import tensorflow.compat.v1 as tf

__all__ = ["ExternalOptimizerInterface", "ScipyOptimizerInterface"]


class ExternalOptimizerInterface:
    """The base: variables as one vector, loss, constraints and their gradients as functions of it.

    A subclass defines _minimize, with the arguments that minimize() gives it, and returns the vector.

    Args:
      loss: scalar tensor.
      var_list: list of variables; None for all trainable ones.
      equalities, inequalities: lists of tensors that are to be 0, at least 0.
      var_to_bounds: dict of a variable to (lower, upper), each of a shape that broadcasts to the variable's.
      Other named arguments: the optimizer's, kept in optimizer_kwargs.
    """

    def __init__(self, loss, var_list=None, equalities=None, inequalities=None, var_to_bounds=None, **optimizer_kwargs):
        self._loss = loss
        self._equalities, self._inequalities = list(equalities or []), list(inequalities or [])
        self._vars = tf.trainable_variables() if var_list is None else list(var_list)
        self._shapes = [tuple(variable.shape.as_list()) for variable in self._vars]
        self._packed_bounds = None if var_to_bounds is None else self._bounds(var_to_bounds)
        self._given = [tf.placeholder(variable.dtype.base_dtype) for variable in self._vars]
        self._var_updates = [
            variable.assign(tf.reshape(given, shape))
            for variable, given, shape in zip(self._vars, self._given, self._shapes)
        ]
        self.optimizer_kwargs = optimizer_kwargs
        self._packed_var = self._pack([tf.convert_to_tensor(variable) for variable in self._vars])
        self._loss_gradient = self._gradient(loss)
        self._equality_gradients = [self._gradient(each) for each in self._equalities]
        self._inequality_gradients = [self._gradient(each) for each in self._inequalities]
        ends = np.cumsum([0] + [int(np.prod(shape)) for shape in self._shapes])
        self._slices = [slice(start, end) for start, end in zip(ends[:-1], ends[1:])]

    def _bounds(self, var_to_bounds):
        """Returns [(lower, upper)] of each number of the vector."""
        ends = ([], [])
        for variable, shape in zip(self._vars, self._shapes):
            given = [bounds for each, bounds in var_to_bounds.items() if each is variable]
            for values, bound in zip(ends, given[0] if given else (-np.inf, np.inf)):
                values.extend(np.broadcast_to(bound, shape).flat)
        return list(zip(*ends))

    @staticmethod
    def _pack(tensors):
        return tf.concat([tf.reshape(tensor, [-1]) for tensor in tensors], 0)

    def _gradient(self, tensor):
        gradients = tf.gradients(tensor, self._vars)
        return self._pack([tf.zeros_like(v) if g is None else g for v, g in zip(self._vars, gradients)])

    def minimize(
        self, session=None, feed_dict=None, fetches=None, step_callback=None, loss_callback=None, **run_kwargs
    ):
        """Minimizes the loss, then assigns the variables.

        Args:
          session: tf.Session; None for the default one.
          feed_dict: for every evaluation.
          fetches: list of tensors that are evaluated with the loss, for loss_callback.
          step_callback: function of the vector, after each iteration.
          loss_callback: function of the fetches' values, after each evaluation of the loss.
          run_kwargs: of session.run for the assignment at the end.
        """
        session = session or tf.get_default_session()
        if session is None:
            raise ValueError(f"{type(self).__name__}: give minimize a session, or call it in `with session:`")
        feed_dict, fetches = feed_dict or {}, fetches or []

        def function(tensors, callback=None):
            def evaluate(vector):
                values = self._evaluate(session, vector, tensors + fetches, feed_dict)
                if callback is not None:
                    callback(*values[len(tensors) :])
                return values[: len(tensors)]

            return evaluate

        vector = self._minimize(
            initial_val=session.run(self._packed_var),
            loss_grad_func=function([self._loss, self._loss_gradient], loss_callback),
            equality_funcs=[function([each]) for each in self._equalities],
            equality_grad_funcs=[function([each]) for each in self._equality_gradients],
            inequality_funcs=[function([each]) for each in self._inequalities],
            inequality_grad_funcs=[function([each]) for each in self._inequality_gradients],
            packed_bounds=self._packed_bounds,
            step_callback=step_callback or (lambda vector: None),
            optimizer_kwargs=self.optimizer_kwargs,
        )
        self._assign(session, vector, **run_kwargs)

    def _assign(self, session, vector, **run_kwargs):
        parts = [vector[part] for part in self._slices]
        session.run(self._var_updates, feed_dict=dict(zip(self._given, parts)), **run_kwargs)

    def _evaluate(self, session, vector, fetches, feed_dict):
        if any(hasattr(variable, "handle") for variable in self._vars):
            self._assign(session, vector)  # each read of a resource variable is an operation of its own
            return session.run(fetches, feed_dict=feed_dict)
        given = {
            variable: vector[part].reshape(shape)
            for variable, part, shape in zip(self._vars, self._slices, self._shapes)
        }
        given.update(feed_dict)
        return session.run(fetches, feed_dict=given)

    def _minimize(
        self,
        initial_val,
        loss_grad_func,
        equality_funcs,
        equality_grad_funcs,
        inequality_funcs,
        inequality_grad_funcs,
        packed_bounds,
        step_callback,
        optimizer_kwargs,
    ):
        raise NotImplementedError(
            f"{type(self).__name__}: to use ExternalOptimizerInterface, write _minimize in a subclass"
        )


class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """scipy.optimize.minimize over the variables: L-BFGS-B, or `method`.

    Args: as ExternalOptimizerInterface's; the rest, `method` and `options`, are those of scipy.optimize.minimize.
    Raises:
      ImportError: by minimize, without SciPy.
      ValueError: by minimize, for jac, callback, constraints or bounds among the named arguments.
    """

    def _minimize(
        self,
        initial_val,
        loss_grad_func,
        equality_funcs,
        equality_grad_funcs,
        inequality_funcs,
        inequality_grad_funcs,
        packed_bounds,
        step_callback,
        optimizer_kwargs,
    ):
        try:
            from scipy import optimize
        except ImportError:
            raise ImportError("ScipyOptimizerInterface needs SciPy: pip install scipy") from None

        # The methods of SciPy that are no longer written in Fortran take nothing but float64.
        def loss_and_gradient(vector):
            loss, gradient = loss_grad_func(vector)
            return np.float64(loss), gradient.astype(np.float64)

        def in_float64(function):
            return lambda vector: np.asarray(function(vector), np.float64)

        kinds = (("eq", equality_funcs, equality_grad_funcs), ("ineq", inequality_funcs, inequality_grad_funcs))
        options = dict(optimizer_kwargs)
        own = {
            "jac": True,
            "callback": step_callback,
            "constraints": [
                {"type": kind, "fun": in_float64(function), "jac": in_float64(gradient)}
                for kind, functions, gradients in kinds
                for function, gradient in zip(functions, gradients)
            ],
            "bounds": packed_bounds,
        }
        for name in own:
            if name in options:
                instead = "give var_to_bounds" if name == "bounds" else "it is set from the loss and the constraints"
                raise ValueError(f"ScipyOptimizerInterface: {name} cannot be given: {instead}")
        method = options.pop("method", "L-BFGS-B")
        result = optimize.minimize(loss_and_gradient, initial_val.astype(np.float64), method=method, **own, **options)
        lines = ["Optimization terminated with:", f"  Message: {_text(result.message)}"]
        lines.append(f"  Objective function value: {float(result.fun):f}")
        for name, title in (("nit", "iterations"), ("nfev", "functions evaluations")):
            if hasattr(result, name):
                lines.append(f"  Number of {title}: {getattr(result, name)}")
        tf.logging.info("\n".join(lines))
        return result["x"]


def _text(message):
    return message.decode("ascii", "replace") if isinstance(message, bytes) else message
