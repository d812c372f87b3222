package peerage

// #include "shim.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// StatusHTML is a status page of choosers, in the order given: an HTML document of one file, in UTF-8,
// without a script, to be sent as "text/html; charset=utf-8". docs/status-page.md says what is on it. Names
// and texts of errors may be anything: they are escaped. A chooser that is nil or was closed is left out.
//
// The options are "key=value,..." with the keys title, refresh (how often the browser asks again, such as
// 5s) and peers (of how many peers of a chooser there is a row, 1000); one that is wrong is
// [ErrInvalidArgument].
func StatusHTML(options string, choosers ...*Chooser) (string, error) {
	lent := lend(choosers)
	defer lent.done()
	var pinner runtime.Pinner
	defer pinner.Unpin()
	text := unsafe.StringData(options)
	if text != nil {
		pinner.Pin(text)
	}
	return grown(func(buf *C.char, size C.size_t, needed *C.size_t) error {
		return outcomeOf(C.peerage_go_status_html(unsafe.SliceData(lent.handles), C.size_t(len(lent.handles)),
			(*C.char)(unsafe.Pointer(text)), C.size_t(len(options)), buf, size, needed))
	})
}

// StatusJSON is the same for programs: JSON without line ends, to be sent as "application/json".
// docs/status-page.md has the fields. It is [ErrUnsupported] if the C library was built without.
func StatusJSON(choosers ...*Chooser) (string, error) {
	lent := lend(choosers)
	defer lent.done()
	return grown(func(buf *C.char, size C.size_t, needed *C.size_t) error {
		status := C.peerage_status_json(unsafe.SliceData(lent.handles), C.size_t(len(lent.handles)), buf, size, needed)
		if status != C.PEERAGE_OK {
			return &Error{Code: Code(status), Message: Code(status).Error()}
		}
		return nil
	})
}

// lentChoosers are choosers that C is given, which keep until it is done.
type lentChoosers struct {
	cores   []*core
	handles []*C.peerage_chooser
}

func lend(choosers []*Chooser) *lentChoosers {
	lent := &lentChoosers{}
	for _, chooser := range choosers {
		if chooser == nil {
			continue
		}
		if core := chooser.core.Load(); core != nil {
			core.deferred.tell()
			lent.cores = append(lent.cores, core)
			lent.handles = append(lent.handles, core.handle())
		}
	}
	return lent
}

func (l *lentChoosers) done() { runtime.KeepAlive(l.cores) }

// grown has C write a text that may have grown by the next call: it is given some more room than it has
// asked for.
func grown(write func(*C.char, C.size_t, *C.size_t) error) (string, error) {
	for needed := C.size_t(16 << 10); ; {
		buf := make([]byte, needed+needed/8+64)
		if err := write((*C.char)(unsafe.Pointer(unsafe.SliceData(buf))), C.size_t(len(buf)), &needed); err != nil {
			return "", err
		}
		if int(needed) < len(buf) {
			return string(buf[:needed]), nil
		}
	}
}
