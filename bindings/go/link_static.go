//go:build peerage_static

package peerage

// #cgo pkg-config: peerage-static
import "C"
