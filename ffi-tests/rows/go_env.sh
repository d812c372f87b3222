# What the Go rows share; to be sourced, from the root of the repository, with a row's two arguments:
# the folder with libpeerage.a and libpeerage.so, and a folder to build in.
#
# Lays the library out as an installation would, in the build folder, with the files that
# pkg-config finds. Ends the row with 77 (skipped) where Go is missing or too old.

if ! command -v go >/dev/null || ! go version | awk '{ split(substr($3, 3), v, "."); exit !(v[1] > 1 || v[2] >= 24) }'; then
  echo 'needs Go 1.24 or later: see https://go.dev/dl, or apt-get install golang-1.24 where there is such a package' >&2
  exit 77
fi
command -v pkg-config >/dev/null || { echo 'needs pkg-config: apt-get install pkg-config' >&2; exit 77; }

libraries=$(realpath "$1")
mkdir -p "$2"
prefix=$(realpath "$2")/prefix
rm -rf "$prefix"
mkdir -p "$prefix/include" "$prefix/lib/pkgconfig"
cp include/peerage.h "$prefix/include/"
ln -sf "$libraries/libpeerage.so" "$prefix/lib/libpeerage.so"
ln -sf "$libraries/libpeerage.a" "$prefix/lib/libpeerage.a"
cp include/pkgconfig/peerage-static.pc "$prefix/lib/pkgconfig/"
# cargo does not lay out the SONAME, by which the shared library is asked for.
ln -sf "$libraries/libpeerage.so" "$prefix/lib/libpeerage.so.0.1"
cat >"$prefix/lib/pkgconfig/peerage.pc" <<END
Name: peerage
Description: Which peer gets this request?
Version: $(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
Cflags: -I$prefix/include
Libs: -L$prefix/lib -lpeerage
END
# What pkg-config says, and what headers and libraries hold, is not part of the key of Go's build
# cache; a flag is. So each row has one of its own: the prefix of another may be gone.
sum=$({ echo "$prefix"; cat include/peerage.h "$libraries"/libpeerage.{a,so}; } | cksum | cut -d' ' -f1)
export CGO_CPPFLAGS="${CGO_CPPFLAGS:-} -DPEERAGE_BUILD=$sum"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export LD_LIBRARY_PATH=$prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
