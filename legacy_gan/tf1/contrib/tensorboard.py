"""tf.contrib.tensorboard: the projector's configuration file, which TensorBoard reads.

    config = projector.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name = "embeddings"
    projector.visualize_embeddings(summary_writer, config)

Source: the interface of tf.contrib.tensorboard.plugins.projector in TensorFlow 1.15.5.
"""

import json
import os
import types

from legacy_gan.tf1.namespace import refusal

__all__ = ["plugins"]

__getattr__ = refusal("tf.contrib.tensorboard")


class _Message:
    """A record whose fields have the names, and the types of the defaults, in `fields`."""

    fields = {}

    def __init__(self, **values):
        for name, default in self.fields.items():
            object.__setattr__(self, name, default() if isinstance(default, type) else default)
        for name, value in values.items():
            setattr(self, name, value)

    def __setattr__(self, name, value):
        if name not in self.fields:
            raise AttributeError(
                "{} has no field {}; it has {}".format(type(self).__name__, name, ", ".join(self.fields))
            )
        object.__setattr__(self, name, value)

    def text(self, indent=""):
        """Returns its fields that are set, as a protocol buffer's text."""
        lines = []
        for name in self.fields:
            value = getattr(self, name)
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, _Message):
                    inner = each.text(f"{indent}  ")
                    if inner or isinstance(value, list):
                        lines += [f"{indent}{name} {{\n", inner, f"{indent}}}\n"]
                elif each:
                    lines.append(f"{indent}{name}: {json.dumps(each)}\n")
        return "".join(lines)

    __str__ = text


class _Embeddings(list):
    """The embeddings of a configuration."""

    def add(self, **values):
        """Returns a new one, at the end."""
        self.append(EmbeddingInfo(**values))
        return self[-1]


class SpriteMetadata(_Message):
    """The picture that holds a small one for every point, and the size of those: [width, height]."""

    fields = {"image_path": "", "single_image_dim": list}


class EmbeddingInfo(_Message):
    """A tensor to be shown: its name, and where the labels of its rows are."""

    fields = {
        "tensor_name": "",
        "metadata_path": "",
        "bookmarks_path": "",
        "tensor_shape": list,
        "sprite": SpriteMetadata,
        "tensor_path": "",
    }


class ProjectorConfig(_Message):
    """What the projector shows."""

    fields = {"model_checkpoint_path": "", "embeddings": _Embeddings, "model_checkpoint_dir": ""}


def visualize_embeddings(summary_writer, config):
    """Writes projector_config.pbtxt into the folder of a tf.summary.FileWriter.

    Args:
      summary_writer: tf.summary.FileWriter.
      config: ProjectorConfig.
    Raises:
      ValueError: if the writer has no folder.
    """
    logdir = summary_writer.get_logdir()
    if logdir is None:
        raise ValueError("visualize_embeddings: the summary_writer has no folder")
    with open(os.path.join(logdir, "projector_config.pbtxt"), "w") as f:
        f.write(config.text())


plugins = types.ModuleType(f"{__name__}.plugins", "Plugins of TensorBoard.")
plugins.__getattr__ = refusal("tf.contrib.tensorboard.plugins")
plugins.projector = types.ModuleType(f"{__name__}.plugins.projector", "The embedding projector.")
plugins.projector.__getattr__ = refusal("tf.contrib.tensorboard.plugins.projector")
for _public in (EmbeddingInfo, ProjectorConfig, SpriteMetadata, visualize_embeddings):
    setattr(plugins.projector, _public.__name__, _public)
