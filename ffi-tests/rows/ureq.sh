#!/usr/bin/env bash
# HTTP and HTTPS through ureq over a chooser: of three servers one is killed and started again, and
# no request fails. A certificate of another name is refused.
set -euo pipefail
build=$2
cd "$(dirname "$0")/../.."
mkdir -p "$build"

cargo build --quiet --example http --features ureq,tls
program=${CARGO_TARGET_DIR:-target}/debug/examples/http

declare -A servers=()
trap 'kill -9 "${servers[@]}" 2>/dev/null || true' EXIT

# Free ports, which the kernel gives out one after the other.
read -ra ports <<<"$(python3 -c '
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(one.getsockname()[1] for one in held))')"

# begin WHICH NAME [CERTIFICATE KEY], and waits until it listens.
begin() {
  local which=$1 name=$2
  python3 ffi-tests/ureq/server.py "$name" "${ports[which]}" "${@:3}" &
  servers[$which]=$!
  for _ in $(seq 200); do
    (: <"/dev/tcp/127.0.0.1/${ports[which]}") 2>/dev/null && return
    sleep 0.05
  done
  echo "server $name does not listen" >&2
  return 1
}

peers=("${ports[@]/#/127.0.0.1:}")

# play WHAT SERVICE HOST CERTIFICATE-AND-KEY... -- ARGUMENT...
play() {
  local what=$1 service=$2 host=$3 certificate=() said
  shift 3
  while [ "$1" != -- ]; do certificate+=("$1"); shift; done
  shift
  for which in 0 1 2; do begin "$which" "server-$which" ${certificate[@]+"${certificate[@]}"}; done
  timeout 60 "$program" "$service" "$@" --seconds 5 "${peers[@]}" >"$build/$what" 2>&1 &
  local client=$!
  sleep 1.2
  kill -9 "${servers[1]}"
  wait "${servers[1]}" 2>/dev/null || true
  sleep 1
  begin 1 server-1-again ${certificate[@]+"${certificate[@]}"}
  wait "$client" || { cat "$build/$what"; return 1; }
  said=$(<"$build/$what")
  for name in server-0 server-1 server-2 server-1-again; do
    [[ $said == *"\"$name as $host\""* ]] ||
      { printf '%s: nothing from %s as %s:\n%s\n' "$what" "$name" "$host" "$said"; return 1; }
  done
  echo "$what: no request failed; who answered:"
  grep '^second' "$build/$what"
}

stop() {
  kill -9 "${servers[@]}"
  wait "${servers[@]}" 2>/dev/null || true
  servers=()
}

play http http://users users --
stop

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=tests' \
  -keyout "$build/ca.key" -out "$build/ca.pem" 2>/dev/null
printf 'subjectAltName=DNS:users.example\n' >"$build/names"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=users' \
  -keyout "$build/users.key" -out "$build/users.csr" 2>/dev/null
openssl x509 -req -days 2 -in "$build/users.csr" -CA "$build/ca.pem" -CAkey "$build/ca.key" \
  -CAcreateserial -extfile "$build/names" -out "$build/users.pem" 2>/dev/null

play https https://users.example users.example "$build/users.pem" "$build/users.key" -- --ca "$build/ca.pem"

# The same servers, asked for another service: their certificate is not its.
if said=$(timeout 60 "$program" https://items.example --ca "$build/ca.pem" --seconds 1 "${peers[@]}" 2>&1); then
  echo "a certificate of another name was taken: $said"
  exit 1
fi
[[ $said == *'not valid for name "items.example"'* && $said != *server-* ]] ||
  { echo "refused, but not for its name: $said"; exit 1; }
echo 'a certificate of another name: refused'
# And without the authority.
if said=$(timeout 60 "$program" https://users.example --seconds 1 "${peers[@]}" 2>&1); then
  echo "a certificate of an unknown authority was taken: $said"
  exit 1
fi
[[ $said == *UnknownIssuer* ]] || { echo "refused, but not for its authority: $said"; exit 1; }
echo 'a certificate of an unknown authority: refused'
