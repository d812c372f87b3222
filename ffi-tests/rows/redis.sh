#!/usr/bin/env bash
# The pool's Redis client: of three servers one is killed and started again, and no request fails.
set -euo pipefail
build=$2
cd "$(dirname "$0")/../.."
mkdir -p "$build"

cargo build --quiet --example redis --features pool
program=${CARGO_TARGET_DIR:-target}/debug/examples/redis

declare -A servers=()
trap 'kill -9 "${servers[@]}" 2>/dev/null || true' EXIT

# Ports that are free now, below those that the kernel gives to clients.
is_free() { ! (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
ports=() port=$((20000 + RANDOM % 10000))
while [ ${#ports[@]} -lt 3 ]; do
  if is_free "$port"; then ports+=("$port"); fi
  port=$((port + 1))
done

# begin PORT, and waits until it listens.
begin() {
  redis-server --port "$1" --bind 127.0.0.1 --save '' --appendonly no >"$build/$1.log" 2>&1 &
  servers[$1]=$!
  for _ in $(seq 200); do
    is_free "$1" || return 0
    sleep 0.05
  done
  cat "$build/$1.log" >&2
  return 1
}

for port in "${ports[@]}"; do begin "$port"; done
timeout 60 "$program" --seconds 5 "${ports[@]/#/127.0.0.1:}" >"$build/said" 2>&1 &
client=$!
sleep 1.2
victim=${ports[1]}
kill -9 "${servers[$victim]}"
wait "${servers[$victim]}" 2>/dev/null || true
sleep 1.5
begin "$victim"
wait "$client" || { cat "$build/said"; exit 1; }
cat "$build/said"

# at SECOND: how many keys the victim had in it.
at() { sed -n "s/^second $1: .*\"127.0.0.1:$victim\": \([0-9]*\).*/\1/p" "$build/said"; }
[ -n "$(at 0)" ] && [ -n "$(at 4)" ] || { echo "$victim had no key before its death, or after it"; exit 1; }
[ -z "$(at 2)" ] || [ "$(at 2)" -lt "$(at 0)" ] || { echo "$victim had keys while it was dead"; exit 1; }
