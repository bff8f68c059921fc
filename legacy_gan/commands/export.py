"""`legacy-gan export`: writes a run's generator for programs that are not this package."""

from legacy_gan import quiet
from legacy_gan.commands.grammar import Argument, Command, Outcome


def _execute(run: str, path: str) -> Outcome:
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.extras import export

    path, inputs = export.export(run, path)
    return Outcome(
        "wrote {}: {} takes {} and returns images [n, 784]".format(
            path,
            "ONNX, which" if path.endswith(".onnx") else "a SavedModel whose serving_default",
            " and ".join(f"{name} [n, {shape[1]}]" for name, shape in inputs),
        )
    )


COMMAND = Command(
    "export",
    "writes a run's generator as a SavedModel, into a new folder DIR, or as ONNX, into a new file",
    _execute,
    arguments=(Argument("RUN"), Argument("DIR|FILE.onnx")),
)
