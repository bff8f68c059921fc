"""tf.contrib.slim: the layers of tf.contrib.layers with arg_scope, variables by scope, training loops.

Source: the interface of tf.contrib.slim in TensorFlow 1.15.5.
"""

import time
import types

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib import losses, metrics, slim_nets as nets, slim_summaries as summaries, training
from legacy_gan.tf1.contrib.framework import (
    VariableDeviceChooser,
    add_arg_scope,
    add_model_variable,
    arg_scope,
    arg_scoped_arguments,
    assert_global_step,
    assert_or_get_global_step,
    assign_from_checkpoint,
    assign_from_checkpoint_fn,
    assign_from_values,
    assign_from_values_fn,
    create_global_step,
    current_arg_scope,
    filter_variables,
    get_global_step,
    get_local_variables,
    get_model_variables,
    get_or_create_global_step,
    get_trainable_variables,
    get_unique_variable,
    get_variable_full_name,
    get_variables,
    get_variables_by_name,
    get_variables_by_suffix,
    get_variables_to_restore,
    global_variable,
    has_arg_scope,
    local_variable,
    model_variable,
    variable,
)
from legacy_gan.tf1.contrib.layers import (
    apply_regularization,
    avg_pool2d,
    avg_pool3d,
    batch_norm,
    bias_add,
    bow_encoder,
    conv1d,
    conv2d,
    conv2d_in_plane,
    conv2d_transpose,
    conv3d,
    conv3d_transpose,
    convolution,
    convolution1d,
    convolution2d,
    convolution2d_in_plane,
    convolution2d_transpose,
    convolution3d,
    convolution3d_transpose,
    dropout,
    elu,
    embed_sequence,
    flatten,
    fully_connected,
    group_norm,
    instance_norm,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    layer_norm,
    legacy_fully_connected,
    legacy_linear,
    legacy_relu,
    linear,
    max_pool2d,
    max_pool3d,
    maxout,
    one_hot_encoding,
    optimize_loss,
    pool,
    relu,
    relu6,
    repeat,
    separable_conv2d,
    separable_convolution2d,
    softmax,
    stack,
    sum_regularizer,
    summarize_activation,
    summarize_activations,
    summarize_collection,
    summarize_tensor,
    summarize_tensors,
    unit_norm,
    utils,
    variance_scaling_initializer,
    xavier_initializer,
    xavier_initializer_conv2d,
)
from legacy_gan.tf1.contrib.slim_data import (
    data_decoder,
    data_provider,
    dataset,
    dataset_data_provider,
    parallel_reader,
    prefetch_queue,
    queues,
    tfexample_decoder,
)
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "VariableDeviceChooser",
    "add_arg_scope",
    "add_model_variable",
    "apply_regularization",
    "arg_scope",
    "arg_scoped_arguments",
    "assert_global_step",
    "assert_or_get_global_step",
    "assign_from_checkpoint",
    "assign_from_checkpoint_fn",
    "assign_from_values",
    "assign_from_values_fn",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bias_add",
    "bow_encoder",
    "conv1d",
    "conv2d",
    "conv2d_in_plane",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "convolution",
    "convolution1d",
    "convolution2d",
    "convolution2d_in_plane",
    "convolution2d_transpose",
    "convolution3d",
    "convolution3d_transpose",
    "create_global_step",
    "current_arg_scope",
    "data_decoder",
    "data_provider",
    "dataset",
    "dataset_data_provider",
    "dropout",
    "elu",
    "embed_sequence",
    "evaluation",
    "filter_variables",
    "flatten",
    "fully_connected",
    "get_global_step",
    "get_local_variables",
    "get_model_variables",
    "get_or_create_global_step",
    "get_trainable_variables",
    "get_unique_variable",
    "get_variable_full_name",
    "get_variables",
    "get_variables_by_name",
    "get_variables_by_suffix",
    "get_variables_to_restore",
    "global_variable",
    "group_norm",
    "has_arg_scope",
    "instance_norm",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "layer_norm",
    "learning",
    "legacy_fully_connected",
    "legacy_linear",
    "legacy_relu",
    "linear",
    "local_variable",
    "losses",
    "max_pool2d",
    "max_pool3d",
    "maxout",
    "metrics",
    "model_analyzer",
    "model_variable",
    "nets",
    "one_hot_encoding",
    "optimize_loss",
    "parallel_reader",
    "pool",
    "prefetch_queue",
    "queues",
    "relu",
    "relu6",
    "repeat",
    "separable_conv2d",
    "separable_convolution2d",
    "softmax",
    "stack",
    "sum_regularizer",
    "summaries",
    "summarize_activation",
    "summarize_activations",
    "summarize_collection",
    "summarize_tensor",
    "summarize_tensors",
    "tfexample_decoder",
    "unit_norm",
    "utils",
    "variable",
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]

__getattr__ = refusal("tf.contrib.slim")

# --- slim.model_analyzer ----------------------------------------------------------------------


def _described(tensor):
    """Returns "(float32_ref 3x3x1x64)": type and shape."""
    return "({} {})".format(
        tensor.dtype.name, "x".join("?" if size is None else str(size) for size in tensor.shape.as_list())
    )


def _analyze_vars(variables, print_info=False):
    """Counts what variables hold, and with print_info prints it, one a line.

    Returns:
      (numbers, bytes).
    """
    numbers = size = 0
    if print_info:
        print("---------\nVariables: name (type shape) [size]\n---------")
    for var in variables:
        count = var.shape.num_elements() or 0
        numbers, size = numbers + count, size + count * var.dtype.size
        if print_info:
            print(var.name, _described(var), f"[{count}, bytes: {count * var.dtype.size}]")
    if print_info:
        print(f"Total size of variables: {numbers}\nTotal bytes of variables: {size}")
    return numbers, size


def _analyze_ops(graph, print_info=False):
    """Counts what the outputs of a graph's operations hold, and with print_info prints it."""
    total = 0
    if print_info:
        print("---------\nOperations: name -> (type shapes) [size]\n---------")
    for op in graph.get_operations():
        count = sum(output.shape.num_elements() or 0 for output in op.outputs if output.shape.ndims is not None)
        total += count
        if print_info:
            shapes = ", ".join(_described(output) for output in op.outputs if output.shape.ndims)
            print(op.name, "\t->", shapes, f"[{count}]")
    return total


def _module(name, doc, **functions):
    """Makes the module slim.NAME."""
    module = types.ModuleType(f"tf.contrib.slim.{name}", doc)
    for key, function in functions.items():
        setattr(module, key, function)
    module.__all__ = sorted(functions)
    module.__getattr__ = refusal(f"tf.contrib.slim.{name}")
    return module


model_analyzer = _module(
    "model_analyzer", "Counts a graph's variables and operations.", analyze_ops=_analyze_ops, analyze_vars=_analyze_vars
)

# --- slim.learning ----------------------------------------------------------------------------

_DEFAULT = object()


def _create_train_op(
    total_loss,
    optimizer,
    global_step=training.USE_GLOBAL_STEP,
    update_ops=None,
    variables_to_train=None,
    clip_gradient_norm=0,
    summarize_gradients=False,
    gate_gradients=tf.train.Optimizer.GATE_OP,
    aggregation_method=None,
    colocate_gradients_with_ops=False,
    gradient_multipliers=None,
    check_numerics=True,
):
    """tf.contrib.training.create_train_op, with gradients multiplied, then clipped one by one."""

    def transformed(gradients):
        if gradient_multipliers:
            gradients = training.multiply_gradients(gradients, gradient_multipliers)
        if clip_gradient_norm > 0:
            gradients = training.clip_gradient_norms(gradients, clip_gradient_norm)
        return gradients

    return training.create_train_op(
        total_loss,
        optimizer,
        global_step,
        update_ops,
        variables_to_train,
        transformed,
        summarize_gradients,
        gate_gradients,
        aggregation_method,
        colocate_gradients_with_ops,
        check_numerics,
    )


def _train_step(sess, train_op, global_step, train_step_kwargs):
    """Takes one step, logs it, and tells whether to stop.

    Returns:
      (the loss, bool).
    """
    started = time.time()
    total_loss, step = sess.run([train_op, global_step])
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        tf.logging.info("global step %d: loss = %.4f (%.3f sec/step)", step, total_loss, time.time() - started)
    stop = "should_stop" in train_step_kwargs and sess.run(train_step_kwargs["should_stop"])
    return total_loss, bool(stop)


def _train(
    train_op,
    logdir,
    train_step_fn=_train_step,
    train_step_kwargs=_DEFAULT,
    log_every_n_steps=1,
    graph=None,
    master="",
    is_chief=True,
    global_step=None,
    number_of_steps=None,
    init_op=_DEFAULT,
    init_feed_dict=None,
    local_init_op=_DEFAULT,
    init_fn=None,
    ready_op=_DEFAULT,
    summary_op=_DEFAULT,
    save_summaries_secs=600,
    summary_writer=_DEFAULT,
    startup_delay_steps=0,
    saver=None,
    save_interval_secs=600,
    sync_optimizer=None,
    session_config=None,
    session_wrapper=None,
    trace_every_n_steps=None,
    ignore_live_threads=False,
):
    """Trains with a tf.train.Supervisor until global_step is number_of_steps, or the data end.

    Args:
      train_op: tensor of the loss that takes a step, of create_train_op.
      logdir: str, the folder of checkpoints and summaries; None for none.
      train_step_fn: function of (session, train_op, global_step, train_step_kwargs) that gives
        (loss, whether to stop).
      number_of_steps: int, None for no end.
      init_fn: function of the session, called when the variables have been initialised.
    Returns:
      The last loss.
    Raises:
      NotImplementedError: for sync_optimizer or trace_every_n_steps.
    """
    if train_op is None:
        raise ValueError("slim.learning.train: train_op cannot be None")
    if number_of_steps is not None and number_of_steps <= 0:
        raise ValueError(f"slim.learning.train: number_of_steps must be None or positive, got {number_of_steps}")
    if sync_optimizer is not None or trace_every_n_steps is not None:
        raise NotImplementedError(
            "slim.learning.train: sync_optimizer and trace_every_n_steps are not served; leave them out"
        )
    graph = graph or tf.get_default_graph()
    with graph.as_default():
        global_step = tf.train.get_or_create_global_step() if global_step is None else global_step
        saver = saver or tf.train.Saver()
        options = {}
        for name, given, make in (
            ("init_op", init_op, tf.global_variables_initializer),
            ("ready_op", ready_op, tf.report_uninitialized_variables),
            (
                "local_init_op",
                local_init_op,
                lambda: tf.group(tf.local_variables_initializer(), tf.tables_initializer()),
            ),
            ("summary_op", summary_op, tf.summary.merge_all),
        ):
            options[name] = make() if given is _DEFAULT else given
        if summary_writer is not _DEFAULT:
            options["summary_writer"] = summary_writer
        if train_step_kwargs is _DEFAULT:
            train_step_kwargs = {
                "should_stop": (
                    tf.greater_equal(global_step, number_of_steps) if number_of_steps else tf.constant(False)
                )
            }
            if log_every_n_steps > 0:
                train_step_kwargs["should_log"] = tf.equal(tf.mod(global_step, log_every_n_steps), 0)

    supervisor = tf.train.Supervisor(
        graph=graph,
        is_chief=is_chief,
        logdir=logdir,
        init_feed_dict=init_feed_dict,
        global_step=global_step,
        saver=saver,
        save_summaries_secs=save_summaries_secs,
        save_model_secs=save_interval_secs,
        init_fn=init_fn,
        **options,
    )
    total_loss = None
    with supervisor.managed_session(master, start_standard_services=False, config=session_config) as sess:
        if session_wrapper is not None:
            sess = session_wrapper(sess)
        if is_chief and logdir:
            supervisor.start_standard_services(sess)
        threads = supervisor.start_queue_runners(sess)
        try:
            while not supervisor.should_stop():
                total_loss, stop = train_step_fn(sess, train_op, global_step, train_step_kwargs)
                if stop:
                    supervisor.request_stop()
                    break
        except tf.errors.OutOfRangeError as error:  # the data have an end
            tf.logging.info("Caught OutOfRangeError. Stopping Training. %s", error)
        if logdir and is_chief:
            supervisor.saver.save(sess, supervisor.save_path, global_step=supervisor.global_step)
            supervisor.stop(threads, close_summary_writer=True, ignore_live_threads=ignore_live_threads)
    return total_loss


learning = _module(
    "learning",
    "Training steps and loops.",
    add_gradients_summaries=training.add_gradients_summaries,
    clip_gradient_norms=training.clip_gradient_norms,
    create_train_op=_create_train_op,
    multiply_gradients=training.multiply_gradients,
    train=_train,
    train_step=_train_step,
)
evaluation = _module("evaluation", "Evaluation of checkpoints; it is not served.")
