#!/usr/bin/env bash
# Makes docs/pictures/: a full training of each of the other models on the full MNIST, its pictures, and
# beside them the command, the settings, the printed lines and what the judge says of 10,000 images (RUN.md).
#
#   PYTHON=.venv/bin/python benchmarks/models.sh MNIST_FOLDER RUNS_FOLDER [MODEL...]
#
# RUNS_FOLDER keeps the run directories: given again, a run that was stopped goes on, and one that is
# complete is only drawn from. A DCGAN takes the better part of an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
export LEGACY_GAN_MNIST="$1"
python="${PYTHON:-python}"
runs="$2"
shift 2
mkdir -p "$runs"

make() {  # MODEL EPOCHS PICTURE...
    local model="$1" epochs="$2" run="$runs/$1" folder="docs/pictures/$1" picture
    shift 2
    "$python" -m legacy_gan train "$model" --data-dir "$LEGACY_GAN_MNIST" --epochs "$epochs" \
        --run-dir "$run" >> "$run.out"
    rm -rf "$folder"
    mkdir -p "$folder"
    for picture in "$@"; do cp "$run/samples/$picture" "$folder/"; done
    cp "$run/health.csv" "$folder/"
    "$python" -m legacy_gan generate "$run" --grid --out "$folder/grid.png"
    "$python" -m legacy_gan evaluate "$run" > "$run.judged"
    "$python" - "$run" > "$folder/RUN.md" <<'PY'
import json, re, sys
run, = sys.argv[1:]
with open(run + "/config.json") as f:
    config = json.load(f)
model, versions = config["model"], config["started"][0]["versions"]
epochs = config["target"]["epochs"]
print("# {}\n".format(model))
print("`legacy-gan train {} --data-dir MNIST --epochs {}`, made by benchmarks/models.sh.\n".format(
    model, epochs))
print("- " + ", ".join("{} {}".format(name.replace("_", " "), value)
                       for name, value in sorted(config["settings"].items()) if value is not None))
print("- {} training images of the full MNIST, SHA-256 {}".format(
    config["data"]["training_images"], config["data"]["sha256"]))
print("- legacy_gan {legacy_gan}, TensorFlow {tensorflow}, NumPy {numpy}, Python {python}".format(
    **versions) + ", on " + config["started"][0]["device"])
with open(run + ".out", encoding="utf-8") as f:
    lines = [line.rstrip() for line in f if re.match("Epoch|Time for", line)]
few = lines if len(lines) <= 60 else lines[:5] + ["..."] + lines[-5:]
with open(run + ".judged", encoding="utf-8") as f:
    judged = f.read().replace(run, "runs/" + model).replace(config["data"]["source"], "MNIST").rstrip()
print("\n`legacy-gan evaluate {}`:\n\n```\n{}\n```".format(model, judged))
print("\n```\n{}\n```\n\nSHA-256 of the pictures:\n\n```".format("\n".join(few)))
PY
    (shopt -s nullglob && cd "$folder" && sha256sum -- *.png *.gif && echo '```') >> "$folder/RUN.md"
}

vanilla() { make vanilla 200 real_images.png fake_images-{1,50,200}.png; }
mlp() { make mlp 100 epoch_{001,050,100}.png; }
dcgan() { make dcgan 15 image_at_epoch_00{01,05,15}.png dcgan.gif; }
cdcgan() { make cdcgan 15 image_at_epoch_00{01,05,15}.png cdcgan.gif; }

for model in "${@:-vanilla mlp dcgan cdcgan}"; do
    for each in $model; do "$each"; done
done
