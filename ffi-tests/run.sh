#!/usr/bin/env bash
# Runs every test of the project: one row each, and one line for each at the end.
#
#   ffi-tests/run.sh             every row, but for those that run when they are named
#   ffi-tests/run.sh ROW [ROW…]  these rows only
#   ffi-tests/run.sh --list      what rows there are, and what each needs
#
# What the wanted rows need and the machine lacks is installed with apt-get, if this is root or
# sudo asks no password; PEERAGE_INSTALL=no forbids it. A row that still lacks something is skipped
# and says what to install. On CI (CI=true) a skipped row is a failure, but for those marked
# optional. Those marked `named` take long: they run when they are named.
#
# This file is the harness; the recipes are in rows/, one for each tool. A recipe is called as
#   rows/RECIPE.sh LIBRARY-FOLDER BUILD-FOLDER [ROW]
# with both folders absolute; the first is `-` for a row that builds the library itself or needs
# none. On CI the second is removed after the row. It returns 0, or 77 with the reason to skip as its last line, or anything else for a failure.
set -uo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
# Debian keeps servers where not every user looks.
PATH=$PATH:/usr/sbin

# name | required, optional or named | libpeerage it is given | what it needs | recipe | what it shows
rows=(
  'format|required|-||rust|sources are formatted'
  'clippy|required|-||rust|no lint fires, with warnings denied; a call newer than the oldest compiler does'
  'test|required|-||rust|unit, integration and example tests'
  'feeds|required|-|openssl mkfifo|rust|lists fed from files and URLs; servers that answer what no good one does; stops'
  'doc-test|required|-||rust|examples in the documentation compile and run'
  'docs|required|-||rust|the documentation builds without a broken link'
  'book|required|debug|cc g++ go pkg-config python3 pip|book|the book builds without a warning, its links lead somewhere, its programs and commands run'
  'docs-rs|optional|-|nightly|rust|the documentation as docs.rs builds it, which names the feature of an item'
  'msrv|optional|-||rust|the library builds with the oldest compiler that it promises'
  'published|named|-|tar|rust|the package as it is published passes its own tests, with features and without'
  'abi|required|-|cc abidw abidiff|abi|the header keeps what programs were compiled with, or prints what breaks'
  'api|required|-|doxygen python3 go|api|the names in Rust, C++ and Go are those that are kept, or prints what breaks and what is new'
  'capi|required|-|cc nm|capi|header, exports, C programs plain and with sanitizers, replayed fuzz inputs'
  'capi-32|optional|-|cc cc:m32 readelf|targets|the library and the C programs with 32-bit addresses'
  'aarch64|named|-|cc aarch64-linux-gnu-gcc qemu:aarch64 readelf|targets|C programs and unit tests on 64-bit Arm, emulated'
  'armv7|named|-|cc arm-linux-gnueabihf-gcc qemu:arm readelf|targets|the C programs on 32-bit Arm, emulated'
  'musl|optional|-|cc musl-gcc|targets|the C programs with musl, linked statically'
  'check-targets|optional|-|cc|check_targets|compiles for Windows, macOS and FreeBSD; says where it cannot'
  'headers|required|debug|cc g++|headers|the headers alone, twice, in two units; C99, C11 and C++17'
  'cpp|required|debug|g++ cmake pkg-config lib:gtest|cpp|the C++ header, with exceptions and without'
  'curl|required|debug|cc pkg-config lib:libcurl|curl|HTTP through libcurl: a server dies and comes back'
  'grpc|required|debug|g++ cmake pkg-config lib:grpc++ protoc grpc_cpp_plugin|grpc|calls through gRPC: a server dies and comes back'
  'thrift|required|debug|g++ cmake pkg-config lib:thrift thrift boost|thrift|calls through Apache Thrift from threads: servers die and come back'
  'hiredis|required|debug|cc pkg-config lib:hiredis redis-server|hiredis|Redis on an event loop, without a thread: servers die and come back'
  'etcd|required|-|cc etcd openssl|etcd|lists fed by etcd: changes are soon there; it is killed, compacted, given users and certificates'
  'clients|required|-|cc g++ objcopy pkg-config|clients|the clients of include/README.md run with nothing but an installed prefix'
  'found|required|-|cc go objcopy pkg-config dnsmasq|found|the shortest programs in Rust, C and Go find servers by DNS, probe them and balance requests'
  'valgrind|required|debug|cc valgrind|valgrind|no invalid access and no leak in the C programs'
  'tsan|required|debug|cc|tsan|no data race in the C programs with threads'
  'rust-tsan|named|-|cc nightly|rust_tsan|no data race in the Rust tests with threads'
  'packaging|required|-|cc readelf objcopy pkg-config cmake meson ninja|packaging|installed by the script; used through pkg-config, CMake and Meson'
  'cargo-c|named|-|cc readelf objcopy pkg-config cmake meson ninja lib:openssl|packaging|installed with cargo-c: the same files, used in the same ways'
  'versions|required|debug|cc readelf|versions|two versions in one process, each with its own users'
  'debian|named|-|cc xz dpkg-buildpackage dh fakeroot lintian pkg-config cmake strings|debian|the Debian package: built from its source package, accepted by lintian, installed and used'
  'go|required|release|cc go pkg-config|go|the Go package: vet, race detector, cgo checks, address sanitizer'
  'go-getting|required|-|cc go objcopy pkg-config|go_getting|three commands to a program in Go: shared, static, vendored, in a workspace; what is said where something is missing'
  'go-yarpc|required|debug|cc go pkg-config|go_yarpc|peer lists for YARPC behave as its own, with the newest version, the oldest and one between'
  'yarpc-suites|named|debug|cc go pkg-config|go_yarpc_suites|the tests of YARPC itself pass with the peer lists for YARPC, or fail as its README says'
  'doxygen|required|-|doxygen|doxygen|the reference of the headers builds without a warning'
  'dns|required|-|knotd dnsmasq|dns|peers by names: Knot and dnsmasq change, fail, hang and come back'
  'quickstart|required|-||rust|the main job runs over real sockets, for every policy'
  'probing|required|-||rust|ten thousand peers are probed each second and every flip is seen (the share of a core is not judged)'
  'redis|required|-|redis-server|redis|a Redis client over the pool: a server dies and comes back, no request fails'
  'metrics|required|-|prometheus promtool python3 python:prometheus_client mkfifo|metrics|the numbers as text: promtool and strict parsers accept it, a real Prometheus scrapes it and has the sums, the dashboard has data'
  'ureq|required|-|python3 openssl|ureq|HTTP and HTTPS through ureq over a chooser: a server dies and comes back, no request fails'
  'page|required|-|chromium python3 python:html5lib|page|the status page in a browser: it agrees with its JSON, and no name in it is a script'
  'cli|required|-||cli|the program peerage: every subcommand, wrong use, signals, a terminal; docs/program.md; its man pages and completion'
  'simulate|required|-||rust|every world of the simulator runs, in short (its figures are not judged)'
  'scene|named|-|haproxy|scene|less is sent to bad servers than by HAProxy, over real sockets'
  'soak|named|debug|cc g++ go pkg-config knotd|soak|an hour of clients in four languages on servers that fail: every count balances, nothing grows'
  'bench|required|-||rust|the benchmark runs (its figures are not judged)'
  'compare|named|debug|cc g++ go pkg-config readelf|compare|the comparison with rivals runs in Rust, C, C++ and Go (its figures are not judged)'
  'c-bench|required|release|cc readelf|c_bench|what the way through C costs (its figures are not judged)'
  'instructions|required|release|cc readelf valgrind|instructions|choose + finish takes no more instructions than it did, from Rust and from C'
  'loom|required|-||rust|every interleaving of the slot word, the data of a peer, the gate and the snapshot'
  'fuzz|optional|-|cc g++ nightly|fuzz|a minute of fuzzing of the C ABI'
  'miri|named|-|nightly|rust|no undefined behaviour in the unit tests, but for those of safe code that take long'
  'semver|named|-|cc|semver|the Rust names keep what crates were built with, or prints what breaks'
  'mutants|named|-|cc|mutants|faults put into the core fail a test, or are listed with a reason'
)

have() {
  case $1 in
    cc:m32) echo 'int main(void) { return 0; }' | cc -m32 -xc - -o /dev/null 2>/dev/null ;;
    boost) [ -e /usr/include/boost/version.hpp ] || [ -e /usr/local/include/boost/version.hpp ] ;;
    # Debian keeps it where not every user looks.
    haproxy | knotd | dnsmasq) command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] ;;
    qemu:*) have "qemu-${1#qemu:}-static" || have "qemu-${1#qemu:}" ;;
    lib:*) pkg-config --exists "${1#lib:}" 2>/dev/null ;;
    # Debian's own Python has what Debian packages, whichever comes first in PATH.
    python:*) python3 -c "import ${1#python:}" 2>/dev/null || /usr/bin/python3 -c "import ${1#python:}" 2>/dev/null ;;
    pip) python3 -m pip --version >/dev/null 2>&1 ;;
    nightly) cargo +nightly --version >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# Where Debian and its kin have it; empty where apt-get does not help.
package() {
  case $1 in
    cc) echo 'gcc libc6-dev' ;;
    # gcc-multilib itself excludes the compilers for other processors.
    cc:m32) echo "gcc-$(gcc -dumpversion 2>/dev/null | sed 's/$/-/')multilib" ;;
    aarch64-linux-gnu-gcc) echo 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross' ;;
    arm-linux-gnueabihf-gcc) echo 'gcc-arm-linux-gnueabihf libc6-dev-armhf-cross' ;;
    qemu:*) echo qemu-user-static ;;
    musl-gcc) echo musl-tools ;;
    abidw | abidiff) echo abigail-tools ;;
    nm | readelf | objcopy | strings) echo binutils ;;
    ninja) echo ninja-build ;;
    dpkg-buildpackage) echo dpkg-dev ;;
    dh) echo debhelper ;;
    xz) echo xz-utils ;;
    g++ | cmake | meson | doxygen | valgrind | pkg-config | fakeroot | lintian | haproxy | openssl)
      echo "$1"
      ;;
    protoc) echo protobuf-compiler ;;
    grpc_cpp_plugin) echo protobuf-compiler-grpc ;;
    lib:gtest) echo libgtest-dev ;;
    lib:libcurl) echo libcurl4-openssl-dev ;;
    lib:grpc++) echo 'libgrpc++-dev libprotobuf-dev' ;;
    lib:thrift) echo libthrift-dev ;;
    thrift) echo thrift-compiler ;;
    boost) echo libboost-dev ;;
    lib:hiredis) echo libhiredis-dev ;;
    redis-server) echo redis-server ;;
    knotd) echo knot ;;
    # Without the service that would be started on port 53.
    dnsmasq) echo dnsmasq-base ;;
    etcd) echo etcd-server ;;
    python3 | chromium) echo "$1" ;;
    prometheus | promtool) echo prometheus ;;
    python:prometheus_client) echo python3-prometheus-client ;;
    python:*) echo "python3-${1#python:}" ;;
    pip) echo python3-pip ;;
    lib:openssl) echo libssl-dev ;;
    mkfifo) echo coreutils ;;
  esac
}

# How to get it, for the reader of the summary.
advice() {
  case $1 in
    nightly) echo 'rustup toolchain install nightly' ;;
    go) echo 'install Go, see https://go.dev/dl' ;;
    *) echo "apt-get install $(package "$1")" ;;
  esac
}

# apt_install NEED...: all at once, which is fast; one by one if that fails.
apt_install() {
  local needs=("$@") need as_root=() packages=()
  [ "${PEERAGE_INSTALL:-yes}" = no ] && return
  have apt-get || return
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return
    as_root=(sudo -n)
  fi
  for need in "${needs[@]}"; do read -ra packages <<<"${packages[*]:-} $(package "$need")"; done
  [ ${#packages[@]} -gt 0 ] || return
  echo "== installing ${packages[*]}"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y)
  "${apt[@]}" update >/dev/null
  "${apt[@]}" install --no-install-recommends "${packages[@]}" >/dev/null && return
  for need in "${packages[@]}"; do
    "${apt[@]}" install --no-install-recommends "$need" >/dev/null
  done
}

have cargo || { echo 'cargo is missing: install Rust 1.95 or later, with rustfmt and clippy' >&2; exit 1; }
have go || PATH=$PATH:/usr/local/go/bin

if [ "${1:-}" = --list ]; then
  for row in "${rows[@]}"; do
    IFS='|' read -r name need _ needs _ what <<<"$row"
    printf '%-13s %-9s %s%s\n' "$name" "$need" "$what" "${needs:+ [$needs]}"
  done
  exit 0
fi

wanted=() missing=()
for name in "$@"; do
  grep -q "^$name|" <(printf '%s\n' "${rows[@]}") || { echo "no row is called '$name'; see --list" >&2; exit 2; }
done
for row in "${rows[@]}"; do
  IFS='|' read -r name need _ needs _ _ <<<"$row"
  if [ $# -eq 0 ]; then
    [ "$need" != named ] || continue
  else
    [[ " $* " == *" $name "* ]] || continue
  fi
  wanted+=("$row")
  for tool in $needs; do
    have "$tool" || [[ " ${missing[*]:-} " == *" $tool "* ]] || missing+=("$tool")
  done
done
[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
free=$(df -Pm "$PWD" | awk 'NR == 2 { print $4 }')
[ "${free:-8000}" -ge 8000 ] || echo "== only $free MB are free here; all rows need about 8000" >&2

# On CI nothing is built twice: what only a second build would use is not kept.
[ "${CI:-}" != true ] || export CARGO_INCREMENTAL=0

# How many minutes a row may take.
patience() {
  case $1 in
    soak) echo 90 ;;
    mutants) echo $((${PEERAGE_MUTANTS_MINUTES:-25} + 15)) ;;
    *) echo 15 ;;
  esac
}

# recipe NAME LIBRARY NEEDS RECIPE: what one row does.
recipe() {
  local name=$1 library=$2 needs=$3 recipe=$4 need folder=- build=$target/ffi-tests/$1
  for need in $needs; do
    have "$need" || { echo "needs $need: $(advice "$need")"; return 77; }
  done
  mkdir -p "$build"
  # In a folder of its own: a shared library's file has one name whatever its features, so the next
  # `cargo test` with others would put another one in its place.
  case $library in
    debug) CARGO_TARGET_DIR=$target/installed cargo build --quiet --lib --features installed || return ;;
    release) CARGO_TARGET_DIR=$target/installed cargo build --quiet --lib --features installed --release || return ;;
  esac
  [ "$library" = - ] || folder=$target/installed/$library
  # A row that hangs is a failure that says so. `timeout` puts it into a process group of its own,
  # which an interrupt has to be passed on to.
  CARGO_TARGET_DIR=$target timeout "$(patience "$name")m" bash "ffi-tests/rows/$recipe.sh" "$folder" "$build" "$name" &
  local running=$! code
  trap 'kill "$running"' INT TERM
  wait "$running"
  code=$?
  [ $code -ne 124 ] || echo "gave up after $(patience "$name") minutes"
  [ "${CI:-}" != true ] || rm -rf "$build"
  return $code
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
summary=() passed=0 failed=0 skipped=0
for row in "${wanted[@]}"; do
  IFS='|' read -r name need library needs recipe what <<<"$row"
  echo "== $name: $what"
  began=$SECONDS
  recipe "$name" "$library" "$needs" "$recipe" 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  reason=''
  [ "$code" -ne 77 ] || reason=" ($(tail -n 1 "$log"))"
  if [ "$code" -eq 0 ]; then
    result=ok passed=$((passed + 1))
  elif [ "$code" -eq 77 ] && { [ "${CI:-}" != true ] || [ "$need" != required ]; }; then
    result=skipped skipped=$((skipped + 1))
  else
    result=FAILED failed=$((failed + 1))
  fi
  summary+=("$(printf '%-13s %-8s %4ds  %s%s' "$name" "$result" $((SECONDS - began)) "$what" "$reason")")
done

echo
printf '%s\n' "${summary[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
