#!/usr/bin/env bash
# Makes the worked example of docs/porting.md: the book's listing 2, untouched, recorded on TensorFlow 1.15.5,
# replayed on today's, and replayed once more with a wrong epsilon in Adam.
#
#   PYTHON37=a Python with TensorFlow 1.15.5, PYTHON=one with today's, both with this package
#   benchmarks/porting_example.sh MNIST_FOLDER
set -euo pipefail
listing="$(cd "$(dirname "$0")/.." && pwd)/tests/listings/listing2.py"
mnist="$(cd "$1" && pwd)"
run() { "$1" -m legacy_gan run --data-dir "$mnist" --steps-limit 120 "${@:2}"; }
cd "$(mktemp -d)"
cp "$listing" listing2.py
sed 's/AdamOptimizer()/AdamOptimizer(epsilon=1e-4)/' listing2.py > wrong.py
run "$PYTHON37" --record old.npz listing2.py
run "$PYTHON" --replay old.npz --record new.npz listing2.py
"$PYTHON" -m legacy_gan compare old.npz new.npz
run "$PYTHON" --replay old.npz --record wrong.npz wrong.py
! "$PYTHON" -m legacy_gan compare old.npz wrong.npz
