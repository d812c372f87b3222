#!/usr/bin/env bash
# The status page of examples/status.rs in Chromium: what is there agrees with the JSON, and names that
# would be scripts are names. Leaves pictures of it in the build folder; PEERAGE_BLESS=1 keeps the first
# as docs/pictures/status.png, as it is after PEERAGE_PAGE_SECONDS.
set -euo pipefail
build=$(realpath -m "$2")
mkdir -p "$build"
rm -rf "${build:?}"/*

python=python3
"$python" -c 'import html5lib' 2>/dev/null || python=/usr/bin/python3
check() { "$python" ffi-tests/page/check.py "$@"; }
fetch() { "$python" -c 'import sys, urllib.request as it; print(it.urlopen(sys.argv[1]).read().decode())' "$1"; }

# browse ARGUMENT...: a browser that knows nothing from before and asks for nothing by itself.
browse() {
  local profile
  profile=$(mktemp -d)
  timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --user-data-dir="$profile" "$@" 2>"$build/chromium.log" || { tail -n 20 "$build/chromium.log"; return 1; }
  rm -rf "$profile"
}

release=() kind=debug
[ -z "${PEERAGE_PAGE_RELEASE:-}" ] || release=(--release) kind=release
cargo build --quiet "${release[@]}" --example status --features file,json,probing
program=${CARGO_TARGET_DIR:-target}/$kind/examples/status

running=()
# One that is killed leaves its folder.
ended() {
  local one
  for one in "${running[@]}"; do
    kill "$one" 2>/dev/null || true
    rm -rf "${TMPDIR:-/tmp}/peerage-status-$one"
  done
}
trap ended EXIT
# serve ARGUMENT...: serves the page; its address in `url`.
serve() {
  : >"$build/url"
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
    fetch "${url}status.json" >"$build/dom.json"
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
fetch "$url" >"$build/page.html"
grep -v Content-Security-Policy "$build/page.html" >"$build/open.html"
title() { browse --dump-dom "file://$build/$1" >"$build/dom"; sed -n 's|^<title>\(.*\)</title>$|\1|p' "$build/dom"; }
is_called() { [ "$(title "$1")" = "$2" ] || { echo "$3"; exit 1; }; }
is_called open.html 'shop on web-1' 'a name is a script'
sed 's|<main>|&<script>document.title="seen"</script>|' "$build/open.html" >"$build/script.html"
is_called script.html seen 'this browser runs no scripts at all: the row shows nothing'
# With a script, as it is served: the browser refuses it.
sed 's|<main>|&<script>document.title="seen"</script>|' "$build/page.html" >"$build/policy.html"
is_called policy.html 'shop on web-1' 'the page lets scripts run'

# How long it takes is not judged. PEERAGE_PAGE_RELEASE=yes measures what is optimized.
for rows in 1000 10000; do
  serve --many 10000 --page "peers=$rows"
  check valid "$url"
  check many "$url" 10000 "$rows"
done

serve
sleep "${PEERAGE_PAGE_SECONDS:-3}"
check wait "$url"
browse --window-size=1200,1060 --screenshot="$build/status.png" "$url"
browse --window-size=500,1000 --screenshot="$build/phone.png" "$url"
browse --window-size=1200,860 --blink-settings=preferredColorScheme=0 --screenshot="$build/dark.png" "$url"
for picture in status phone dark; do
  size=$(stat -c %s "$build/$picture.png")
  [ "$size" -ge 20000 ] || { echo "$picture.png has $size bytes: it cannot be the page"; exit 1; }
done
# With fewer colours it has a third of the bytes.
[ "${PEERAGE_BLESS:-}" != 1 ] ||
  pngquant --force --output docs/pictures/status.png 64 "$build/status.png" ||
  { echo 'PEERAGE_BLESS=1 needs pngquant: apt-get install pngquant'; exit 1; }
echo "valid HTML; five names that would be scripts are names; the page agrees with its JSON"
