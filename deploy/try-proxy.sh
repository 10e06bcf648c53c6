#!/usr/bin/env bash
# Runs the bot from this checkout behind nginx, and behind Caddy, with a certificate of its own, all
# on loopback; the tests' Bot API server delivers to the proxy. As root on Debian, with
#   apt install nginx caddy openssl
# and a Python that has the test extra (PYTHON=…).
#   deploy/try-proxy.sh [WORK_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
WORK=${1:-$(mktemp -d)}
PYTHON=${PYTHON:-python3}
mkdir -p "$WORK"
[[ -f $WORK/cert.pem ]] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout "$WORK/key.pem" -out "$WORK/cert.pem" 2> /dev/null

# The server of the tests trusts this certificate, as Telegram trusts those of public authorities.
SSL_CERT_FILE="$WORK/cert.pem" PYTHONPATH=. "$PYTHON" deploy/try_proxy.py "$WORK"
