"""tf.contrib.framework: arg_scope, variables by scope and name, checkpoints, nest.

Source: the interface, defaults and collections of tf.contrib.framework in TensorFlow 1.15.5.
"""

import contextlib
import functools
import re
import types

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

__all__ = [
    "VariableDeviceChooser",
    "add_arg_scope",
    "add_model_variable",
    "arg_scope",
    "arg_scoped_arguments",
    "argsort",
    "assert_global_step",
    "assert_or_get_global_step",
    "assign_from_checkpoint",
    "assign_from_checkpoint_fn",
    "assign_from_values",
    "assign_from_values_fn",
    "create_global_step",
    "current_arg_scope",
    "filter_variables",
    "get_global_step",
    "get_local_variables",
    "get_model_variables",
    "get_name_scope",
    "get_or_create_global_step",
    "get_trainable_variables",
    "get_unique_variable",
    "get_variable_full_name",
    "get_variables",
    "get_variables_by_name",
    "get_variables_by_suffix",
    "get_variables_to_restore",
    "global_variable",
    "has_arg_scope",
    "init_from_checkpoint",
    "is_tensor",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "local_variable",
    "model_variable",
    "nest",
    "py_func",
    "sort",
    "variable",
]

__getattr__ = refusal("tf.contrib.framework")

# --- arg_scope --------------------------------------------------------------------------------

_scopes = [{}]  # of each open arg_scope: {key of a function: the options it sets}
_scoped = {}  # key of every function with add_arg_scope: the names of its options


def _key(function):
    return getattr(function, "_key_op", None)


def add_arg_scope(function):
    """Decorates a function so that arg_scope can set its options.

    Returns:
      The function; an option given in a call wins over the scope's.
    """
    key = str(function)

    @functools.wraps(function)
    def call(*args, **options):
        return function(*args, **dict(_scopes[-1].get(key, {}), **options))

    call._key_op = key
    code, defaults = function.__code__, function.__defaults__ or ()
    _scoped[key] = code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]
    return call


@contextlib.contextmanager
def arg_scope(list_ops_or_scope, **kwargs):
    """Sets options of functions for the calls inside.

    Args:
      list_ops_or_scope: list of functions with add_arg_scope, whose options are in kwargs; or what
        another arg_scope gave (`with arg_scope(...) as scope`), alone.
    Raises:
      TypeError: for anything else.
      ValueError: for a function without add_arg_scope, or options beside a scope.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError(
                "arg_scope: a scope that is opened again takes no options, got {}".format(", ".join(sorted(kwargs)))
            )
        scope = dict(list_ops_or_scope)
    elif isinstance(list_ops_or_scope, (list, tuple)):
        scope = dict(_scopes[-1])
        for function in list_ops_or_scope:
            if not has_arg_scope(function):
                raise ValueError(f"arg_scope: {function!r} has no add_arg_scope")
            scope[_key(function)] = dict(scope.get(_key(function), {}), **kwargs)
    else:
        raise TypeError(f"arg_scope: expected a list of functions or a scope, got {list_ops_or_scope!r}")
    _scopes.append(scope)
    try:
        yield scope
    finally:
        _scopes.pop()


def current_arg_scope():
    """Returns the options that are set here, {key of a function: {option: value}}."""
    return _scopes[-1]


def has_arg_scope(func):
    """Whether arg_scope can set the function's options."""
    return _key(func) in _scoped


def arg_scoped_arguments(func):
    """Returns the names of the options that arg_scope can set, a tuple of str."""
    return _scoped[_key(func)]


# --- Making variables -------------------------------------------------------------------------


@add_arg_scope
def variable(
    name,
    shape=None,
    dtype=None,
    initializer=None,
    regularizer=None,
    trainable=True,
    collections=None,
    caching_device=None,
    device=None,
    partitioner=None,
    custom_getter=None,
    use_resource=None,
    synchronization=tf.VariableSynchronization.AUTO,
    aggregation=tf.VariableAggregation.NONE,
):
    """get_variable on a device, in GLOBAL_VARIABLES or the collections given."""
    getter = tf.get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=tf.get_variable_scope().reuse)
    collections = [tf.GraphKeys.GLOBAL_VARIABLES] if collections is None else list(collections)
    with tf.device(device or ""):
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=sorted(set(collections)),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


@add_arg_scope
def model_variable(
    name,
    shape=None,
    dtype=tf.float32,
    initializer=None,
    regularizer=None,
    trainable=True,
    collections=None,
    caching_device=None,
    device=None,
    partitioner=None,
    custom_getter=None,
    use_resource=None,
    synchronization=tf.VariableSynchronization.AUTO,
    aggregation=tf.VariableAggregation.NONE,
):
    """As variable, in GLOBAL_VARIABLES, MODEL_VARIABLES and the collections given."""
    collections = list(collections or []) + [tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.MODEL_VARIABLES]
    return variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def add_model_variable(var):
    """Puts a variable into MODEL_VARIABLES, once."""
    if not any(var is other for other in tf.get_collection(tf.GraphKeys.MODEL_VARIABLES)):
        tf.add_to_collection(tf.GraphKeys.MODEL_VARIABLES, var)


def local_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """tf.Variable in LOCAL_VARIABLES, not trainable."""
    return tf.Variable(
        initial_value,
        trainable=False,
        collections=[tf.GraphKeys.LOCAL_VARIABLES],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


def global_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """tf.Variable in GLOBAL_VARIABLES, not trainable."""
    return tf.Variable(
        initial_value,
        trainable=False,
        collections=[tf.GraphKeys.GLOBAL_VARIABLES],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


assert_global_step = tf.train.assert_global_step
create_global_step = tf.train.create_global_step
get_global_step = tf.train.get_global_step
get_or_create_global_step = tf.train.get_or_create_global_step


def assert_or_get_global_step(graph=None, global_step_tensor=None):
    """Returns the global step given, checked, or the graph's."""
    if global_step_tensor is None:
        return get_global_step(graph)
    assert_global_step(global_step_tensor)
    return global_step_tensor


# --- Finding variables ------------------------------------------------------------------------


def get_variables(scope=None, suffix=None, collection=tf.GraphKeys.GLOBAL_VARIABLES):
    """Returns the variables whose name starts with `scope`, a regular expression, and ends in `suffix`.

    Args:
      scope: str, a tf.VariableScope, or None for all.
      suffix: str, the end of the name, or None.
      collection: the key to search.
    """
    scope = getattr(scope, "name", scope)
    if suffix is not None:
        scope = f"{scope or ''}.*{suffix}{'' if ':' in suffix else ':'}"
    return tf.get_collection(collection, scope)


def get_model_variables(scope=None, suffix=None):
    """get_variables of MODEL_VARIABLES."""
    return get_variables(scope, suffix, tf.GraphKeys.MODEL_VARIABLES)


def get_local_variables(scope=None, suffix=None):
    """get_variables of LOCAL_VARIABLES."""
    return get_variables(scope, suffix, tf.GraphKeys.LOCAL_VARIABLES)


def get_trainable_variables(scope=None, suffix=None):
    """get_variables of TRAINABLE_VARIABLES."""
    return get_variables(scope, suffix, tf.GraphKeys.TRAINABLE_VARIABLES)


def get_variables_by_suffix(suffix, scope=None):
    """Returns the variables whose name ends in `suffix`."""
    return get_variables(scope=scope, suffix=suffix)


def get_variables_by_name(given_name, scope=None):
    """Returns the variables whose name, after the last slash, is `given_name`."""
    return get_variables(scope=scope, suffix=f"/{given_name}:|^{given_name}:")


def get_unique_variable(var_op_name):
    """Returns the one variable of that full name."""
    for candidate in get_variables(var_op_name):
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError(f"get_unique_variable: no variable {var_op_name!r}")


def get_variables_to_restore(include=None, exclude=None):
    """Returns the variables in the scopes `include` (None: all) and in none of the scopes `exclude`."""
    for name, scopes in (("include", include), ("exclude", exclude)):
        if scopes is not None and not isinstance(scopes, (list, tuple)):
            raise TypeError(f"get_variables_to_restore: {name} must be a list, got {scopes!r}")
    wanted = [v for scope in ([None] if include is None else include) for v in get_variables(scope)]
    left_out = [v for scope in exclude or [] for v in get_variables(scope)]
    return [v for v in wanted if not any(v is other for other in left_out)]


def filter_variables(var_list, include_patterns=None, exclude_patterns=None, reg_search=True):
    """Returns the variables whose names match one of the patterns, and none of the excluded ones."""
    matches = re.search if reg_search else re.match

    def found(patterns, var):
        return any(matches(pattern, var.name) for pattern in patterns)

    return [
        var
        for var in var_list
        if (include_patterns is None or found(include_patterns, var)) and not found(exclude_patterns or [], var)
    ]


def get_variable_full_name(var):
    """Returns the variable's name in a checkpoint."""
    part = getattr(var, "_save_slice_info", None)
    return part.full_name if part else var.op.name


class VariableDeviceChooser:
    """A device function that deals variables out to the parameter servers in turn."""

    def __init__(self, num_tasks=0, job_name="ps", device_type="CPU", device_index=0, replica=None):
        self._options = dict(replica=replica, device_type=device_type, device_index=device_index)
        self._num_tasks, self._job_name, self._next = num_tasks, job_name, 0

    def __call__(self, op):
        options = dict(self._options)
        if self._num_tasks > 0:
            options.update(job=self._job_name, task=self._next)
            self._next = (self._next + 1) % self._num_tasks
        return tf.DeviceSpec(**options).to_string()


# --- Checkpoints ------------------------------------------------------------------------------


def _assigned(values):
    """Returns (operation, feed) that give each variable of [(variable, array)] its value."""
    assigns, feed = [], {}
    for var, value in values:
        if var.shape.as_list() != list(value.shape):
            raise ValueError(f"assign: {var.op.name} has shape {var.shape}, the value {value.shape}")
        given = tf.placeholder(var.dtype.base_dtype, var.shape, name=f"placeholder/{var.op.name}")
        assigns.append(tf.assign(var, given))
        feed[given] = value
    return tf.group(*assigns), feed


def assign_from_values(var_names_to_values):
    """Returns (operation, feed) that give the named variables their values.

    Args:
      var_names_to_values: {full name: numpy array}.
    """
    pairs = []
    for name, value in var_names_to_values.items():
        var = get_unique_variable(name)
        pairs.append((var, value.reshape(var.shape.as_list())))
    return _assigned(pairs)


def assign_from_values_fn(var_names_to_values):
    """Returns a function of a session that gives the named variables their values."""
    operation, feed = assign_from_values(var_names_to_values)
    return lambda session: session.run(operation, feed)


def _named(var_list):
    """Returns {name in the checkpoint: [variables]}."""
    if not isinstance(var_list, dict):
        named = {}
        for var in var_list:
            named.setdefault(get_variable_full_name(var), []).append(var)
        return named
    return {name: list(var) if isinstance(var, (list, tuple)) else [var] for name, var in var_list.items()}


def assign_from_checkpoint(model_path, var_list, ignore_missing_vars=False):
    """Returns (operation, feed) that give variables their values from a checkpoint.

    Args:
      model_path: str, the checkpoint's path without its ending.
      var_list: list of variables, or {name in the checkpoint: variable or list of them}.
    Raises:
      ValueError: if the checkpoint lacks one and ignore_missing_vars is off.
    """
    reader, pairs = tf.train.NewCheckpointReader(model_path), []
    for name, found in _named(var_list).items():
        if reader.has_tensor(name):
            pairs += [(var, reader.get_tensor(name)) for var in found]
        elif ignore_missing_vars:
            tf.logging.warning("Checkpoint is missing variable [%s]", name)
        else:
            raise ValueError(f"Checkpoint is missing variable [{name}]")
    return _assigned(pairs)


def assign_from_checkpoint_fn(model_path, var_list, ignore_missing_vars=False, reshape_variables=False):
    """Returns a function of a session that restores the variables, None if there are none.

    Args: as for assign_from_checkpoint.
    """
    if not var_list:
        raise ValueError("assign_from_checkpoint_fn: var_list cannot be empty")
    if ignore_missing_vars:
        reader = tf.train.NewCheckpointReader(model_path)
        named = var_list if isinstance(var_list, dict) else {var.op.name: var for var in var_list}
        var_list = {name: var for name, var in named.items() if reader.has_tensor(name)}
        for name in sorted(set(named) - set(var_list)):
            tf.logging.warning("Variable %s missing in checkpoint %s", name, model_path)
    if not var_list:
        tf.logging.warning("No Variables to restore")
        return None
    saver = tf.train.Saver(var_list, reshape=reshape_variables)
    return lambda session: saver.restore(session, model_path)


list_variables = tf.train.list_variables
load_checkpoint = tf.train.load_checkpoint
load_variable = tf.train.load_variable
init_from_checkpoint = tf.train.init_from_checkpoint

# --- The rest ---------------------------------------------------------------------------------

argsort = tf.argsort
sort = tf.sort
is_tensor = tf.is_tensor
py_func = tf.py_func


def get_name_scope():
    """Returns the name scope of this place, without a slash at its end."""
    return tf.get_default_graph().get_name_scope()


nest = types.ModuleType("tf.contrib.framework.nest", "Nested tuples, lists and dicts.")
nest.assert_same_structure = tf.nest.assert_same_structure
nest.flatten = tf.nest.flatten
nest.is_nested = nest.is_sequence = tf.nest.is_nested
nest.map_structure = tf.nest.map_structure
nest.pack_sequence_as = tf.nest.pack_sequence_as
nest.__getattr__ = refusal("tf.contrib.framework.nest")
