"""tf.contrib.predictor: a SavedModel as a function of a dict.

Source: the interface of tf.contrib.predictor in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

__all__ = ["from_saved_model"]

__getattr__ = refusal("tf.contrib.predictor")


class Predictor:
    """A graph and a session with inputs and outputs by name.

    Attributes:
      graph: tf.Graph. session: tf.Session.
      feed_tensors, fetch_tensors: dicts of name to tensor.
    """

    def __init__(self, graph, session, feed_tensors, fetch_tensors):
        self.graph, self.session = graph, session
        self.feed_tensors, self.fetch_tensors = feed_tensors, fetch_tensors

    def __call__(self, input_dict):
        """Returns {output name: array} of {input name: value}.

        Raises:
          ValueError: for a name that is no input's.
        """
        unknown = sorted(set(input_dict) - set(self.feed_tensors))
        if unknown:
            raise ValueError(f"predictor: there are no inputs {unknown}; there are {sorted(self.feed_tensors)}")
        feed = {self.feed_tensors[name]: value for name, value in input_dict.items()}
        return self.session.run(self.fetch_tensors, feed_dict=feed)


def from_saved_model(
    export_dir,
    signature_def_key=None,
    signature_def=None,
    input_names=None,
    output_names=None,
    tags=None,
    graph=None,
    config=None,
):
    """Returns a function of {input name: value}, which returns {output name: array}.

    Args:
      export_dir: str, the folder of the SavedModel.
      signature_def_key: str, one of its signatures; None for serving_default.
      signature_def: SignatureDef in its place.
      input_names, output_names: dicts of name to the name of a tensor in the graph, in its place.
      tags: str, with commas between them; None for "serve".
      graph: tf.Graph to load it into, or None. config: tf.ConfigProto.
    Raises:
      ValueError: for more than one of these, or a signature that the model lacks.
    """
    if (input_names is None) != (output_names is None):
        raise ValueError("from_saved_model: give input_names and output_names, or neither")
    if sum(each is not None for each in (signature_def_key, signature_def, input_names)) > 1:
        raise ValueError("from_saved_model: give one of signature_def_key, signature_def, or input and output names")
    graph = graph or tf.Graph()
    with graph.as_default():
        session = tf.Session(config=config)
        loaded = tf.saved_model.loader.load(session, (tags or "serve").split(","), export_dir)
    if input_names is None:
        if signature_def is None:
            key = signature_def_key or tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
            there = loaded.signature_def
            found = [name for name in (key, f"default_input_alternative:{key}") if name in there]
            if not found:
                raise ValueError(f"from_saved_model: there is no signature {key!r}; there are {sorted(there)}")
            signature_def = there[found[0]]
        input_names = {name: tensor.name for name, tensor in signature_def.inputs.items()}
        output_names = {name: tensor.name for name, tensor in signature_def.outputs.items()}
    feed, fetch = (
        {name: graph.get_tensor_by_name(tensor) for name, tensor in given.items()}
        for given in (input_names, output_names)
    )
    return Predictor(graph, session, feed, fetch)
