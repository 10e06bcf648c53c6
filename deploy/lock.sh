#!/usr/bin/env bash
# Writes the lists of exact versions, with the digest of every file:
#   requirements.lock   all that the program and its extras need, for Python 3.11 to 3.14
#   deploy/image.lock   what is in the last stage of the container
#   deploy/torch.lock   the rest: the conversion, models of one's own, and evaluation need it
# PyTorch is in none of them: its builds for the CPU, the usual ones and a GPU's have one version and
# different files. Versions that are there stay, where they fit; `--upgrade` takes the newest.
set -euo pipefail
cd "$(dirname "$0")/.."
UV=${UV:-uv}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() { # OUTPUT OPTIONS…
  "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
    --custom-compile-command deploy/lock.sh --output-file "$@" pyproject.toml
}

# Named here so that they can be left out: what only PyTorch needs differs with its build.
"$UV" pip compile --quiet --universal --python-version 3.11 --no-annotate pyproject.toml \
  --output-file "$work/all"
mapfile -t theirs < <(sed -nE 's/^((torch|triton|nvidia-[a-z0-9-]+|cuda-[a-z]+)) *==.*/\1/p' "$work/all")
compile requirements.lock --extra postgresql --extra ocr --extra test "${theirs[@]/#/--no-emit-package=}" "$@"

printf '%s ; sys_platform == "never"\n' torch sentence-transformers ir-measures hf-xet > "$work/without"
sed -nE 's/^([a-z].*==.*) \\$/\1/p' requirements.lock > "$work/same"
compile deploy/image.lock --extra postgresql --override "$work/without" \
  --constraint "$work/same" "$@"
awk '/^[^ ]/ {never = /never/} !never' deploy/image.lock > "$work/image"
cp "$work/image" deploy/image.lock
mapfile -t there < <(sed -nE 's/^([a-z][a-z0-9._-]*)==.*/\1/p' deploy/image.lock)
compile deploy/torch.lock --constraint "$work/same" \
  "${theirs[@]/#/--no-emit-package=}" "${there[@]/#/--no-emit-package=}" "$@"
