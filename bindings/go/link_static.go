//go:build peerage_static && linux

package peerage

// #cgo CFLAGS: -I${SRCDIR}/lib
// #cgo LDFLAGS: ${SRCDIR}/lib/libpeerage.a -lgcc_s -lutil -lrt -lpthread -lm -ldl
import "C"
