//go:build !cgo

package peerage

// Go leaves every other file of this package out. It does so by itself where it finds no C compiler, and
// for another system or processor than its own, unless CGO_ENABLED says otherwise.
var _ = "peerage.dev/go is linked to a C library: install a C compiler (apt-get install gcc), or set CC to the one for this GOOS and GOARCH, and set CGO_ENABLED=1".cgo
