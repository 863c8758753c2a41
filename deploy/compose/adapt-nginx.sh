#!/bin/sh
# Adapts the recipe ../proxy/nginx.conf to this Compose file, from standard input to standard output: names of
# containers, the server's name, logs to the container's output, no IPv6 if the container has none.
set -eu
case "${SERVER_NAME:-}" in
  '' | *[!a-zA-Z0-9.-]*) echo 'SERVER_NAME must be a host name' >&2; exit 1 ;;
esac
if [ -e /proc/net/if_inet6 ]; then no_ipv6=''; else no_ipv6='/listen \[::\]/d'; fi
exec sed \
  -e 's/127\.0\.0\.1:13000/nocobase:13000/' \
  -e 's/127\.0\.0\.1:3000/gateway:3000/' \
  -e "s/app\.example\.com/$SERVER_NAME/" \
  -e 's#/var/log/nginx/[a-z.-]*access\.log#/dev/stdout#' \
  -e 's#/var/log/nginx/[a-z.-]*error\.log#/dev/stderr#' \
  -e "$no_ipv6"
