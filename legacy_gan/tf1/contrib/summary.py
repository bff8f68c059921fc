"""tf.contrib.summary: summaries that are operations of the graph, which the installed TensorFlow still has inside.

Source: the interface of tf.contrib.summary in TensorFlow 1.15.5.
"""

from tensorflow.python.ops.summary_ops_v2 import (
    SummaryWriter,
    all_v2_summary_ops as all_summary_ops,
    always_record_summaries,
    audio,
    create_file_writer,
    create_summary_file_writer,
    eval_dir,
    flush,
    generic,
    histogram,
    image,
    import_event,
    initialize,
    never_record_summaries,
    record_summaries_every_n_global_steps,
    scalar,
    should_record_summaries,
    summary_writer_initializer_op,
)

try:
    from tensorflow.python.ops.summary_ops_v2 import graph_v1 as graph
except ImportError:  # TensorFlow 1
    from tensorflow.python.ops.summary_ops_v2 import graph

from legacy_gan.tf1.namespace import refusal

__all__ = [
    "SummaryWriter",
    "all_summary_ops",
    "always_record_summaries",
    "audio",
    "create_file_writer",
    "create_summary_file_writer",
    "eval_dir",
    "flush",
    "generic",
    "graph",
    "histogram",
    "image",
    "import_event",
    "initialize",
    "never_record_summaries",
    "record_summaries_every_n_global_steps",
    "scalar",
    "should_record_summaries",
    "summary_writer_initializer_op",
]

__getattr__ = refusal("tf.contrib.summary", __all__)
