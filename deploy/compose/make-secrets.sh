#!/bin/sh
# Fills secrets/: generates what can be generated, asks for DingTalk's secret, keeps existing files.
# Usage: ./make-secrets.sh    (DINGTALK_CLIENT_SECRET in the environment answers the question)
# With the companion plugin, according to COMPOSE_FILE in .env, it asks nothing: NocoBase holds DingTalk's secret.
set -eu
cd "$(dirname "$0")"
# As Compose reads it: spaces before a name are allowed.
setting() {
  sed -n "s/^[[:space:]]*$1=//p" .env
}
server_name=$(setting SERVER_NAME)
[ -n "$server_name" ] || { echo 'SERVER_NAME is missing in .env' >&2; exit 1; }

# Compose mounts a file with the owner and mode that it has here, and the containers do not run as root: the folder's
# mode protects the files from other users of this machine.
mkdir -p secrets
chmod 700 secrets
umask 022
mkdir -p secrets/tls

random() {
  [ -s "secrets/$1" ] || openssl rand -hex "$2" >"secrets/$1"
}
random auth_cookie_secret 32
random nocobase_app_key 32
random nocobase_root_password 12
random db_password 24

case "$(setting COMPOSE_FILE)" in
  *compose.plugin.yaml*) with_plugin=1 ;;
  *) with_plugin='' ;;
esac
if [ -z "$with_plugin" ] && [ ! -s secrets/dingtalk_client_secret ]; then
  if [ -z "${DINGTALK_CLIENT_SECRET:-}" ]; then
    printf 'Client Secret of the DingTalk application (not shown): ' >&2
    trap 'stty echo 2>/dev/null || true' EXIT
    stty -echo 2>/dev/null || true
    read -r DINGTALK_CLIENT_SECRET
    stty echo 2>/dev/null || true
    echo >&2
  fi
  printf '%s\n' "$DINGTALK_CLIENT_SECRET" >secrets/dingtalk_client_secret
fi
# `provision` prints it; the gateway does not start with an empty one.
[ -n "$with_plugin" ] || [ -e secrets/nocobase_api_token ] || : >secrets/nocobase_api_token

if [ ! -s secrets/tls/privkey.pem ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$server_name" -addext "subjectAltName=DNS:$server_name" \
    -keyout secrets/tls/privkey.pem -out secrets/tls/fullchain.pem 2>/dev/null
  chmod 644 secrets/tls/privkey.pem
  echo 'secrets/tls has a certificate for a trial of 30 days that no browser trusts: put a real one there' >&2
fi
