#!/usr/bin/env bash
# Runs deploy/compose.yaml with all its profiles against the tests' Bot API server, after try-image.sh,
# whose image it takes; as root on Debian, with
#   apt install podman runc debootstrap netavark aardvark-dns openssl
#   pip install podman-compose                     (COMPOSE=…)
# The images of PostgreSQL and Caddy are made of Debian's packages. Caddy signs its certificate itself,
# as it does for "localhost". It listens on the ports 80 and 443 of this machine meanwhile.
#   deploy/try-compose.sh [WORK_FOLDER]
set -euo pipefail
. "$(dirname "$0")/engine.sh"

debian services trixie ca-certificates,postgresql-17,postgresql-17-pgvector,caddy,netcat-openbsd
# The first start makes the database that the environment names, as the public image has it.
cat > "$WORK/services/usr/local/bin/entrypoint" <<'END'
#!/bin/sh
set -e
cd /var/lib/postgresql/data
export PATH="/usr/lib/postgresql/17/bin:$PATH" PGDATA="$PWD"
chown postgres: .
as_postgres() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
if [ ! -s PG_VERSION ]; then
  printf %s "${POSTGRES_PASSWORD:?}" > /tmp/password
  chown postgres: /tmp/password
  as_postgres initdb --username "$POSTGRES_USER" --pwfile /tmp/password --auth-host scram-sha-256 > /dev/null
  echo "host all all all scram-sha-256" >> pg_hba.conf
  echo "CREATE DATABASE $POSTGRES_DB" | as_postgres postgres --single postgres > /dev/null
fi
mkdir -p /run/postgresql
chown postgres: /run/postgresql
exec setpriv --reuid postgres --regid postgres --init-groups postgres -c listen_addresses='*'
END
chmod +x "$WORK/services/usr/local/bin/entrypoint"
podman image exists caddy:2 || tar -C "$WORK/services" -c . \
  | podman import --change "ENV XDG_DATA_HOME=/data" - caddy:2 > /dev/null
podman build --quiet --format docker -t pgvector/pgvector:pg17 -f - <<'END' > /dev/null
FROM localhost/caddy:2
ENV LANG=C.UTF-8 PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin
ENTRYPOINT ["entrypoint"]
END

# The authority by which Caddy signs for "localhost", so that the server of the tests can trust it.
podman volume exists passage-bot_certificates || podman volume create passage-bot_certificates > /dev/null
authority=$(podman volume inspect passage-bot_certificates --format '{{.Mountpoint}}')/caddy/pki/authorities/local
mkdir -p "$authority"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=try \
  -keyout "$authority/root.key" -out "$authority/root.crt" 2> /dev/null
cp "$authority/root.crt" "$WORK/root.crt"

# A checkout whose settings are not one's own.
mkdir -p "$WORK/checkout/deploy"
cp deploy/compose.yaml "$WORK/checkout/deploy/"
COMPOSE=${COMPOSE:-podman-compose} SSL_CERT_FILE="$WORK/root.crt" \
  "$PYTHON" deploy/try_compose.py "$WORK/checkout"
