# What the scripts that try the container have in common. They run as root on Debian; images, volumes and
# settings of the engine are in the folder that is given to them, and can be removed with it.
cd "$(dirname "$0")/.."
WORK=${1:-/var/tmp/passage-bot-image}
PYTHON=${PYTHON:-python3}
mkdir -p "$WORK"
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' \
  "$WORK/storage" "$WORK/run" > "$WORK/storage.conf"
cat > "$WORK/containers.conf" <<END
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
[network]
network_backend = "netavark"
END
export CONTAINERS_CONF="$WORK/containers.conf" CONTAINERS_STORAGE_CONF="$WORK/storage.conf" PYTHONPATH=.
export DISABLE_HC_SYSTEMD=true # Podman's timers of HEALTHCHECK need systemd

timed() { local from=$SECONDS; "$@"; echo "  took $((SECONDS - from)) s: ${*:1:3}"; }

debian() { # FOLDER SUITE PACKAGES: a small Debian in $WORK/FOLDER, unless it is there
  [[ ! -d $WORK/$1/usr ]] || return 0
  debootstrap --variant=minbase --include="$3" "$2" "$WORK/$1" > "$WORK/$1.log"
  rm -rf "$WORK/$1"/var/cache/apt/* "$WORK/$1"/var/lib/apt/lists/* "$WORK/$1"/usr/share/{doc,man,locale}
}
