#!/usr/bin/env bash
# Pastes README's two lines, whole, into a fresh clone, as a newcomer does, and prints what each cost.
#
#   benchmarks/first_run.sh FOLDER    the clone goes to FOLDER/clone and stays there
set -euo pipefail
cd "$(dirname "$0")/.."
folder="$1"
git clone -q . "$folder/clone"
cd "$folder/clone"
# As a reader has it: no MNIST named.
unset LEGACY_GAN_MNIST
mapfile -t lines < <(grep -E '^python3 -m venv \.venv && ' README.md)
[ "${#lines[@]}" -eq 2 ] || { echo "README.md must have exactly two such lines" >&2; exit 1; }

cost() { echo "cost: $(($1 / 60)) min $(($1 % 60)) s; environment $(du -sm .venv | cut -f1) MB"; }

printf '$ %s\n' "${lines[0]}"
begin=$SECONDS
bash -euc "${lines[0]}" > "$folder/first.out"
grep -E '^Epoch: 00(00|49|99)' "$folder/first.out"
tail -n 1 "$folder/first.out"
cost $((SECONDS - begin))
[ "$(grep -c '^Epoch: ' "$folder/first.out")" -eq 100 ]
[ "$(tail -n 1 "$folder/first.out")" = '최적화 완료!' ]
[ "$(ls samples/*.png | wc -l)" -eq 11 ]
[ "$(git ls-files --others --exclude-standard | wc -l)" -eq 0 ]

printf '$ %s\n' "${lines[1]}"
begin=$SECONDS
bash -euc "${lines[1]}"
cost $((SECONDS - begin))
