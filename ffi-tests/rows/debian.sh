#!/usr/bin/env bash
# The Debian package: put together, built from its own source with the crates that it brings, accepted by
# lintian, installed into a root of its own, and used there.
#
#   PEERAGE_BLESS=1   writes the list of exported symbols anew
#
# Rust is the one in PATH, whatever Debian's is (Debian 12 has one too old): hence `-d`.
set -eu
build=$2
here=$PWD/bindings/debian
# The build has a home of its own, in which rustup's commands would look for compilers.
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS:-parallel=2}
unset CARGO_TARGET_DIR
# The tarballs are thrown away.
export XZ_OPT=-1

rm -rf "$build"
bash "$here/source.sh" "$build"
tree=$(echo "$build"/peerage-*/)
if [ "${PEERAGE_BLESS:-}" = 1 ]; then export DPKG_GENSYMBOLS_CHECK_LEVEL=0; fi
(cd "$tree" && dpkg-buildpackage -us -uc -d) >"$build/log" 2>&1 || { tail -n 50 "$build/log"; exit 1; }
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
if [ "${PEERAGE_BLESS:-}" = 1 ]; then
  # What vanished stays in such a file, marked. The row `abi` says whether it may.
  (cd "$tree" && dpkg-gensymbols -c0 -q -plibpeerage0.1 -Pdebian/libpeerage0.1 -O) |
    sed -e '/^#MISSING/d' -e '/^ /s/-[^-]*$//' >"$build/symbols"
  cp "$build/symbols" "$here/debian/libpeerage0.1.symbols"
fi

lintian --fail-on error,warning --allow-root "$build"/peerage_*.changes

echo '== the packages:'
for package in "$build"/libpeerage{0.1,-dev}_*.deb; do
  dpkg-deb -c "$package" | awk '$1 !~ /^d/ { print $3, $6, $7, $8 }'
done

# Installed into a root with nothing else in it, so what the packages depend on is not there.
root=$build/root
mkdir -p "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/info"
touch "$root/var/lib/dpkg/status" "$root/var/lib/dpkg/available"
as_root=(env)
[ "$(id -u)" -eq 0 ] || as_root=(fakeroot)
"${as_root[@]}" dpkg --root="$root" --log=/dev/null --force-depends --force-not-root --force-bad-path \
  -i "$build"/libpeerage{0.1,-dev}_*.deb >"$build/installed" 2>&1 || { cat "$build/installed"; exit 1; }
mkdir "$build/used"
cd "$tree"
export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$root/usr/lib/$multiarch/pkgconfig
export LD_LIBRARY_PATH=$root/usr/lib/$multiarch AUTOPKGTEST_TMP=$build/used
sh debian/tests/compile
cmake -S "$here/../../ffi-tests/packaging" -B "$build/used/cmake" -DCMAKE_PREFIX_PATH="$root/usr" >/dev/null
cmake --build "$build/used/cmake" >/dev/null
"$build/used/cmake/shared"
"$build/used/cmake/static"
! strings -a "$root/usr/lib/$multiarch/libpeerage.so.0.1" | grep -F "$build" ||
  { echo 'the library has paths of its build in it' >&2; exit 1; }
