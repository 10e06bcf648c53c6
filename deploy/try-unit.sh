#!/usr/bin/env bash
# Runs the unit under a systemd of its own against the tests' Bot API server: as root on Debian, with
#   apt install systemd-container debootstrap
# after try-image.sh, whose image gives the program and the model, so that nothing is built twice.
#   deploy/try-unit.sh [WORK_FOLDER]
set -euo pipefail
. "$(dirname "$0")/engine.sh"
TREE=$WORK/tree

if [[ ! -d $TREE/usr ]]; then
  mkdir -p "$TREE"
  container=$(podman create passage-bot)
  podman export "$container" | tar -C "$TREE" -x
  podman rm "$container" > /dev/null
  cp /etc/resolv.conf "$TREE/etc/"
  chroot "$TREE" sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq systemd dbus' > "$WORK/tree.log" 2>&1
  ln -s . "$TREE/opt/passage-bot/.venv"
  mkdir -p "$TREE/var/cache/private/passage-bot" "$TREE/var/lib/private/passage-bot/seeds"
  cp -r "$TREE"/opt/model/. "$TREE/var/cache/private/passage-bot/"
  cp "$TREE"/data/seeds/* "$TREE/var/lib/private/passage-bot/seeds/"
fi
cp deploy/passage-bot.service "$TREE/etc/systemd/system/"
rm -rf "$TREE"/var/lib/private/passage-bot/{state,index} # the server counts its updates from 1

TREE="$TREE" "$PYTHON" deploy/try_unit.py
