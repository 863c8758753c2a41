#!/bin/sh
# Adds the digest to the tag of every image in the Dockerfile, Compose and Kubernetes files, so that the images that
# run later are the ones that were checked today. Run it where the registries can be reached, look at the difference,
# and commit it:
#   deploy/pin-images.sh [--check] [file…]
# --check changes nothing and fails if an image has no digest. An image that no registry knows, such as one that you
# build yourself, stays unchanged, with a message. To change the version, change the tag and remove the digest.
set -eu
cd "$(dirname "$0")/.."
check=''
if [ "${1:-}" = --check ]; then check=1; shift; fi
[ $# -gt 0 ] || set -- Dockerfile deploy/compose/compose.yaml deploy/kubernetes/deployment.yaml

# The digest of a tag for all platforms: the one that `docker pull` would check.
digest_of() {
  docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$1" 2>/dev/null |
    grep -Ex 'sha256:[0-9a-f]{64}' || true
}

# Names with a tag and without a digest: `ARG NODE_IMAGE=…`, `image: …`, `image: &name …`.
images_in() {
  sed -nE 's/^ARG [A-Z_]*IMAGE=([^[:space:]]+)$/\1/p; s/^[[:space:]]*image: (&[a-z]+ )?([^*&[:space:]][^[:space:]]*)$/\2/p' "$1" |
    grep -v '@sha256:' | sort -u || true
}

missing=0
for file in "$@"; do
  for image in $(images_in "$file"); do
    case "$image" in *:*) ;; *) continue ;; esac
    if [ -n "$check" ]; then
      echo "$file: $image has no digest" >&2
      missing=1
      continue
    fi
    digest=$(digest_of "$image")
    if [ -z "$digest" ]; then
      echo "$file: no registry says what $image is; it stays" >&2
      continue
    fi
    name=$(printf '%s' "$image" | sed 's/[.[\*^$/]/\\&/g')
    sed -E "s#(IMAGE=|image: (&[a-z]+ )?)$name\$#\1$image@$digest#" "$file" >"$file.pinned"
    cat "$file.pinned" >"$file"
    rm "$file.pinned"
    echo "$file: $image@$digest"
  done
done
exit "$missing"
