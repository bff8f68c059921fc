"""What writes a SavedModel after an evaluation of train_and_evaluate: the last, the latest or the best.

Source: the interface and defaults of tf.estimator's exporters in TensorFlow 1.15.
"""

import glob
import os

import tensorflow.compat.v1 as tf

__all__ = ["BestExporter", "Exporter", "FinalExporter", "LatestExporter"]


class Exporter:
    """Writes a model after an evaluation: `name`, and `export`, which returns the folder or None."""

    name = ""

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        raise NotImplementedError


class _Writer(Exporter):
    """Writes a SavedModel; what it keeps of former ones is decided by exports_to_keep, None for all."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep):
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError("`exports_to_keep`, if provided, must be a positive number.")
        self._name, self._receiver_fn = name, serving_input_receiver_fn
        self._assets_extra, self._as_text, self._keep = assets_extra, as_text, exports_to_keep

    name = property(lambda self: self._name)  # type: ignore[assignment]

    def _write(self, estimator, export_path, checkpoint_path):
        folder = estimator.export_saved_model(
            export_path,
            self._receiver_fn,
            assets_extra=self._assets_extra,
            as_text=self._as_text,
            checkpoint_path=checkpoint_path,
        )
        if self._keep is not None:
            for name in sorted((name for name in os.listdir(export_path) if name.isdigit()), key=int)[: -self._keep]:
                tf.gfile.DeleteRecursively(os.path.join(export_path, name))
        return folder


class FinalExporter(_Writer):
    """Writes the model once, when the training is at its last step."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, None)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        if not is_the_final_export:
            return None
        tf.logging.info("Performing the final export in the end of training.")
        return self._write(estimator, export_path, checkpoint_path)


class LatestExporter(_Writer):
    """Writes the model after every evaluation and keeps the last ones."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False, exports_to_keep=5):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        return self._write(estimator, export_path, checkpoint_path)


def _loss_smaller(best_eval_result, current_eval_result):
    """Whether the loss of the current result is smaller."""
    for result in (best_eval_result, current_eval_result):
        if not result or "loss" not in result:
            raise ValueError("eval_result cannot be empty or no loss is found in it.")
    return best_eval_result["loss"] > current_eval_result["loss"]


class BestExporter(_Writer):
    """Writes the model when it is better than all before; the former evaluations' summaries count, too."""

    def __init__(
        self,
        name="best_exporter",
        serving_input_receiver_fn=None,
        event_file_pattern="eval/*.tfevents.*",
        compare_fn=_loss_smaller,
        assets_extra=None,
        as_text=False,
        exports_to_keep=5,
    ):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)
        if compare_fn is None:
            raise ValueError("`compare_fn` must not be None.")
        self._pattern, self._is_better = event_file_pattern, compare_fn
        self._model_dir, self._best = None, None

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        if self._model_dir != estimator.model_dir and self._pattern:
            tf.logging.info("Loading best metric from event files.")
            self._model_dir = estimator.model_dir
            self._best = self._best_of_summaries(os.path.join(self._model_dir, self._pattern))
        if self._best is not None and not self._is_better(best_eval_result=self._best, current_eval_result=eval_result):
            return None
        tf.logging.info("Performing best model export.")
        self._best = eval_result
        return self._write(estimator, export_path, checkpoint_path)

    def _best_of_summaries(self, pattern):
        """Returns the best of the evaluations in event files, None without any."""
        best = None
        for path in glob.glob(pattern):
            for event in tf.train.summary_iterator(path):
                result = {
                    value.tag: value.simple_value for value in event.summary.value if value.HasField("simple_value")
                }
                if result and (best is None or self._is_better(best_eval_result=best, current_eval_result=result)):
                    best = result
        return best
