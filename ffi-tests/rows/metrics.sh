#!/usr/bin/env bash
# The text for Prometheus: accepted by promtool without a warning and by the parsers of Prometheus' client
# for Python, and scraped by a real Prometheus in both formats, whose sums agree with the requests that the
# example made. Every expression of the dashboard has data there.
#
# Costs half a minute beside the build. With PEERAGE_PICTURE=FILE it draws the dashboard's panels there;
# PEERAGE_SECONDS is for how long there are requests.
set -euo pipefail
build=$2
cd "$(dirname "$0")/../.."
rm -rf "$build"
mkdir -p "$build"

cargo build --quiet --example metrics --features testing
program=${CARGO_TARGET_DIR:-target}/debug/examples/metrics
seconds=${PEERAGE_SECONDS:-20}

pids=()
trap 'kill -9 "${pids[@]}" 2>/dev/null || true' EXIT

# reads FILE PATTERN SECONDS: the first match of a pattern in a file that is being written.
reads() {
  local found
  for _ in $(seq $(($3 * 10))); do
    found=$(sed -n "s/$2/\1/p" "$1")
    [ -z "$found" ] || { echo "${found%%$'\n'*}"; return; }
    sleep 0.1
  done
  echo "nothing like $2 in $1:" >&2
  cat "$1" >&2
  return 1
}

# Its input is what it lives as long as.
mkfifo "$build/input"
"$program" --listen 127.0.0.1:0 --seconds "$seconds" <"$build/input" >"$build/said" 2>&1 &
pids+=($!)
exec 9>"$build/input"
example=$(reads "$build/said" '^listening on \(.*\)$' 20)

fetch() { python3 -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode())' "$1"; }

# promtool prints what it does not like, and fails for errors alone.
for query in '' '?peers'; do
  fetch "http://$example/metrics$query" >"$build/text"
  said=$(promtool check metrics <"$build/text" 2>&1) || { cat "$build/text"; echo "$said"; exit 1; }
  [ -z "$said" ] || { printf 'promtool says of /metrics%s:\n%s\n' "$query" "$said"; exit 1; }
  echo "promtool has nothing to say of /metrics$query"
done

# The alerts of the page.
sed -n '/^```yaml$/,/^```$/p' docs/metrics.md | sed '/^```/d' >"$build/rules.yml"
promtool check rules "$build/rules.yml" || { cat "$build/rules.yml"; exit 1; }

cat >"$build/prometheus.yml" <<END
global: { scrape_interval: 1s, scrape_timeout: 1s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: openmetrics
    static_configs: [{ targets: ['$example'] }]
  - job_name: prometheus
    params: { plain: ['1'], peers: ['1'] }
    static_configs: [{ targets: ['$example'] }]
END
promtool check config "$build/prometheus.yml" >"$build/config" || { cat "$build/config"; exit 1; }
port=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
prometheus --config.file="$build/prometheus.yml" --storage.tsdb.path="$build/data" \
  --web.listen-address="127.0.0.1:$port" >"$build/log" 2>&1 &
pids+=($!)
reads "$build/log" '.*\(Server is ready to receive web requests\).*' 60 >/dev/null

made=$(reads "$build/said" '^made \([0-9]*\) requests.*' $((seconds + 30)))
well=$(reads "$build/said" '^made .* of which \([0-9]*\) ended well$' 1)
echo "the example made $made requests, of which $well ended well"
[ "$made" -gt 0 ]
/usr/bin/python3 ffi-tests/metrics/check.py "$example" "127.0.0.1:$port" "$made" "$well" docs/grafana/peerage.json
if faults=$(grep -E 'level=(warn|error)' "$build/log"); then
  printf 'Prometheus complains:\n%s\n' "$faults"
  exit 1
fi
[ -z "${PEERAGE_PICTURE:-}" ] ||
  /usr/bin/python3 ffi-tests/metrics/draw.py "127.0.0.1:$port" docs/grafana/peerage.json "$seconds" "$PEERAGE_PICTURE"
