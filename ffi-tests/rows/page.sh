#!/usr/bin/env bash
# The status page of examples/status.rs in Chromium: what is there agrees with the JSON, and names that
# would be scripts are names. Leaves pictures of it in the build folder; PEERAGE_BLESS=1 keeps the first
# as docs/pictures/status.png.
set -euo pipefail
build=$(realpath -m "$2")
mkdir -p "$build"
rm -rf "${build:?}"/*

python=python3
"$python" -c 'import html5lib' 2>/dev/null || python=/usr/bin/python3
check() { "$python" ffi-tests/page/check.py "$@"; }

# browse ARGUMENT...: a browser that knows nothing from before and asks for nothing by itself.
browse() {
  local profile
  profile=$(mktemp -d)
  timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --user-data-dir="$profile" "$@" 2>"$build/chromium.log" || { tail -n 20 "$build/chromium.log"; return 1; }
  rm -rf "$profile"
}

cargo build --quiet --example status --features file,json,probing
program=${CARGO_TARGET_DIR:-target}/debug/examples/status

running=()
trap 'kill "${running[@]}" 2>/dev/null || true' EXIT
# serve ARGUMENT...: serves the page; its address in `url`.
serve() {
  "$program" --listen 127.0.0.1:0 --for 300 "$@" >"$build/url" &
  running+=("$!")
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    url=$(cat "$build/url")
    [ -z "$url" ] || return 0
    sleep 0.05
  done
  echo 'the example does not say where it serves the page'
  return 1
}

evil=('<img src=x onerror="document.title=1">' '<script>document.title=2</script>'
  '</th></table><b1>' "\"'&lt;&amp;" $'\u202emoc.live')
serve "${evil[@]/#/--peer=}"
check valid "$url"

# An ejected peer is tried again, so the page may just miss it: then it is asked for anew.
agrees() {
  local tries
  for ((tries = 0; tries < 10; tries++)); do
    check wait "$url"
    "$python" -c 'import sys, urllib.request as it; print(it.urlopen(sys.argv[1]).read().decode())' \
      "${url}status.json" >"$build/dom.json"
    browse --dump-dom "$url" >"$build/dom"
    check dom "$build/dom" "$url" "${evil[@]}"
    for state in unavailable ejected draining available 'in a later tier'; do
      grep "</i> $state" "$build/dom" >"$build/found" || continue 2
    done
    return 0
  done
  echo "no page of ten has the state '$state'"
  return 1
}
agrees

# The names are no scripts either where nothing forbids scripts; and one that is, is seen.
"$python" -c 'import sys, urllib.request as it; print(it.urlopen(sys.argv[1]).read().decode())' "$url" |
  grep -v Content-Security-Policy | sed "/^style-src/d" >"$build/open.html"
browse --dump-dom "file://$build/open.html" | grep -o '<title>.*</title>' >"$build/title"
grep '^<title>shop on web-1</title>$' "$build/title" >/dev/null || { echo 'a name is a script'; cat "$build/title"; exit 1; }
sed 's|<main>|&<script>document.title="seen"</script>|' "$build/open.html" >"$build/script.html"
browse --dump-dom "file://$build/script.html" | grep '<title>seen</title>' >/dev/null ||
  { echo 'this browser runs no scripts at all: the row shows nothing'; exit 1; }

# With a script, as it is served: the browser refuses it.
"$python" -c 'import sys, urllib.request as it; print(it.urlopen(sys.argv[1]).read().decode())' "$url" |
  sed 's|<main>|&<script>document.title="seen"</script>|' >"$build/policy.html"
browse --dump-dom "file://$build/policy.html" | grep '<title>shop on web-1</title>' >/dev/null ||
  { echo 'the page lets scripts run'; exit 1; }

serve
sleep "${PEERAGE_PAGE_SECONDS:-3}"
check wait "$url"
browse --window-size=1200,860 --screenshot="$build/status.png" "$url"
browse --window-size=500,1000 --screenshot="$build/phone.png" "$url"
browse --window-size=1200,860 --blink-settings=preferredColorScheme=0 --screenshot="$build/dark.png" "$url"
for picture in status phone dark; do
  size=$(stat -c %s "$build/$picture.png")
  [ "$size" -ge 20000 ] || { echo "$picture.png has $size bytes: it cannot be the page"; exit 1; }
done
[ "${PEERAGE_BLESS:-}" != 1 ] || cp "$build/status.png" docs/pictures/status.png
echo "valid HTML; five names that would be scripts are names; the page agrees with its JSON"
