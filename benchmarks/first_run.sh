#!/usr/bin/env bash
# What README's two lines cost a newcomer: minutes, and disk for the virtual environment.
# Run from the repository; prints one line each. Downloads depend on the network, trainings on
# the processor: the README names the machine.
set -euo pipefail
cd "$(dirname "$0")/.."
clone="$(mktemp -d)"
trap 'rm -rf "$clone"' EXIT
git clone -q . "$clone"
cd "$clone"
grep -E '^python3 -m venv \.venv && ' README.md | while read -r line; do
    install="${line% && *}"
    program="${line##* && }"
    begin=$SECONDS
    bash -euc "$install" > /dev/null
    installed=$SECONDS
    bash -euc "$program" > out.txt 2> err.txt
    ended=$SECONDS
    echo "$program: install $((installed - begin)) s, run $((ended - installed)) s," \
        "environment $(du -sm .venv | cut -f1) MB; last line: $(tail -n 1 out.txt)"
done
