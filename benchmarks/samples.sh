#!/usr/bin/env bash
# Makes samples/ and samples2/: two full runs on the full MNIST, with the command, the seed, the
# versions and the printed lines beside the strips (RUN.md).
#
#   PYTHON=.venv/bin/python benchmarks/samples.sh MNIST_FOLDER [RUNS_FOLDER]
#
# RUNS_FOLDER keeps the run directories, for benchmarks/seed_health.py.
set -euo pipefail
cd "$(dirname "$0")/.."
mnist="$1"
python="${PYTHON:-python}"
runs="${2:-}"
if [ -z "$runs" ]; then
    runs="$(mktemp -d)"
    trap 'rm -rf "$runs"' EXIT
fi
mkdir -p "$runs"

make() {  # SCRIPT MODEL FOLDER
    rm -rf "$3"
    "$python" "$1" --data-dir "$mnist" --restart --run-dir "$runs/$2" > "$runs/$2.out"
    "$python" - "$1" "$runs/$2/config.json" "$runs/$2.out" > "$3/RUN.md" <<'PY'
import json, sys
script, config, out = sys.argv[1:]
with open(config) as f:
    run = json.load(f)
versions = run["started"][0]["versions"]
print("# {}\n".format(script))
print("`python {} --data-dir MNIST`, made by benchmarks/samples.sh.\n".format(script))
print("- seed {seed}, batch {batch_size}, learning rate {learning_rate}, hidden {hidden}, noise "
      "{noise}".format(**run["settings"]))
print("- {} training images of the full MNIST, SHA-256 {}".format(
    run["data"]["training_images"], run["data"]["sha256"]))
print("- legacy_gan {legacy_gan}, TensorFlow {tensorflow}, NumPy {numpy}, Python {python}".format(
    **versions) + ", on " + run["started"][0]["device"] + "\n")
print("```")
print(open(out, encoding="utf-8").read().rstrip())
print("```\n\nSHA-256 of the strips:\n\n```")
PY
    (cd "$3" && sha256sum ./*.png | sed 's#\./##' && echo '```') >> "$3/RUN.md"
}

make run_basic.py basic samples &
make run_conditional.py conditional samples2
wait
