#!/usr/bin/env bash
# Puts a Debian source package together: bindings/debian/source.sh FOLDER gives FOLDER/peerage-VERSION,
# with debian/ and vendor/ in it, and both tarballs beside it. Crates that cargo lacks are fetched here;
# dpkg-buildpackage then fetches none.
set -euo pipefail
out=$(realpath -m "${1:?the folder to put it into}")
cd "$(dirname "$0")/../.."
here=$PWD/bindings/debian

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
packaged=$(sed -n '1s/^peerage (\(.*\)-[^-]*) .*/\1/p' "$here/debian/changelog")
[ "$version" = "$packaged" ] || {
  echo "Cargo.toml has version $version, bindings/debian/debian/changelog $packaged" >&2
  exit 1
}
tree=$out/peerage-$version
rm -rf "$tree" "$out"/peerage_"$version"*
mkdir -p "$out"
# Named, so that neither a user nor the time of day is in them.
date=$(sed -n 's/^ -- .*>  //p' "$here/debian/changelog" | head -n 1)
tarball() { tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="$date" -C "$1" -cJf "$2" "$3"; }

cargo package --quiet --no-verify --allow-dirty --target-dir "$out/package"
tar -xf "$out/package/package/peerage-$version.crate" -C "$out"
cd "$tree"
rm -r tests benches Cargo.toml.orig
# cargo wants everything that the manifest names, used or not; what only tests and the program name is most of it.
# The package has no TLS, whose crates would be half of what is left.
of_program=$(sed -n '/^cli = /,/^]/p' Cargo.toml | grep -o '"dep:[a-z_-]*"' | sed 's/"dep:\(.*\)"/\1/' | paste -sd '|')
awk -v of_program="^[[]dependencies[.]($of_program)]" '
  /^tls = / { $0 = "tls = []" }
  /^cli = /, /^]/ { next }
  /^\[/ { drop = /^\[dev-dependencies|^\[\[(bin|example|test|bench)\]\]|cfg\(loom\)/ || $0 ~ of_program }
  !drop' Cargo.toml >Cargo.toml.new
mv Cargo.toml.new Cargo.toml
# Leaves out of Cargo.lock what is not named any more, and changes no version in it.
cargo vendor --quiet --versioned-dirs "$out/vendor" >/dev/null

tarball "$out" "$out/peerage_$version.orig.tar.xz" "peerage-$version"
tarball "$out" "$out/peerage_$version.orig-vendor.tar.xz" vendor
mv "$out/vendor" vendor
cp -r "$here/debian" debian
cp "$OLDPWD/ffi-tests/packaging/hello.c" debian/tests
bash "$here/copyright.sh" vendor >>debian/copyright
