#!/usr/bin/env bash
# Builds the image and runs it against the tests' own Bot API server, as root on Debian, with
#   apt install podman runc debootstrap
# and a Python that has the test extra (PYTHON=…). Where the public base image cannot be had, one is
# made by debootstrap; then TORCH_WHEEL names a file of PyTorch for its Python and the CPU.
#   deploy/try-image.sh [WORK_FOLDER]
set -euo pipefail
. "$(dirname "$0")/engine.sh"

options=()
if [[ -n ${TORCH_WHEEL:-} ]]; then
  debian base bookworm ca-certificates,python3,python3-venv,python-is-python3
  podman image exists passage-bot-base || tar -C "$WORK/base" -c . | podman import - passage-bot-base > /dev/null
  mkdir -p "$WORK/wheels/torch"
  cp "$TORCH_WHEEL" "$WORK/wheels/torch/"
  echo "<a href=\"$(basename "$TORCH_WHEEL")\">torch</a>" > "$WORK/wheels/torch/index.html"
  options+=(--build-arg BASE=localhost/passage-bot-base --build-arg TORCH_INDEX=file:///wheels
    --volume "$WORK/wheels:/wheels:ro")
fi
if [[ -n ${SSL_CERT_FILE:-} ]]; then # of a network with a certificate of its own
  options+=(--env "PIP_CERT=$SSL_CERT_FILE" --volume "$SSL_CERT_FILE:$SSL_CERT_FILE:ro")
fi

# --isolation chroot builds where no network namespace can be made, too.
build() { # LOG TAG OPTIONS…
  timed podman build --isolation chroot --network host --format docker "${options[@]}" \
    -f deploy/Containerfile -t "$2" "${@:3}" . > "$WORK/$1.log" 2>&1 || { tail -30 "$WORK/$1.log"; exit 1; }
  grep took "$WORK/$1.log"
}
build build passage-bot
build again passage-bot # all is there now
build with-torch passage-bot:with-torch --target with-torch
podman image inspect passage-bot passage-bot:with-torch --format 'image: {{.Size}} bytes, user {{.User}}'
"$PYTHON" deploy/try_image.py
