package peerage

// #include "shim.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// ProbingTransport is a transport that finds out by itself which peers are up, by TCP or HTTP: one thread
// for thousands of them. Its peers are called host:port.
//
// A peer is available after its first good probe. It is not after fall failed ones in a row, and is again
// after rise good ones; but the last available one is never taken out by probes alone. So make one
// transport for each service; choosers of one service may share it.
type ProbingTransport struct {
	shared *SharedTransport
}

// NewProbingTransport makes a transport that probes. The options are key=value[,key=value]..., such as
// "check=http,path=/healthz,interval=1s"; without any it connects by TCP every two seconds. [ProbeKeys] has
// them all.
//
// The second argument hears which peers are wanted, to keep connections to them, say; it reports no status
// ([Peer.SetStatus] is [ErrUnsupported]). It may be nil.
//
// [ErrUnsupported]: the C library was built without probes.
func NewProbingTransport(options string, t Transport) (*ProbingTransport, error) {
	if t == nil {
		t = connectionless{}
	}
	var pinner runtime.Pinner
	defer pinner.Unpin()
	text := unsafe.StringData(options)
	if text != nil {
		pinner.Pin(text)
	}
	core, c, err := makeTransport(t, func(handle C.uintptr_t) C.peerage_go_result {
		return C.peerage_go_transport_probing(handle, (*C.char)(unsafe.Pointer(text)), C.size_t(len(options)))
	})
	if err != nil {
		return nil, err
	}
	return &ProbingTransport{share(core, c)}, nil
}

// connectionless is a transport of programs whose client connects by itself.
type connectionless struct{}

// RetainPeer has nothing to connect.
func (connectionless) RetainPeer(*Peer) error { return nil }

// ReleasePeer has nothing to close.
func (connectionless) ReleasePeer(*Peer) {}

// NewChooser makes a chooser of the transport's peers, as [NewChooser] does.
func (p *ProbingTransport) NewChooser(policy string, opts ...Option) (*Chooser, error) {
	return p.shared.NewChooser(policy, opts...)
}

// Doubt says that a request to a peer has failed: if it is up, it is probed now rather than when it is
// due. It is cheap enough for each request that fails, and ignores a peer that the transport does not
// have. With the option doubt-failures each [Pick] that is finished as a [Failure] says so.
func (p *ProbingTransport) Doubt(id string) {
	p.use(func(c *C.peerage_transport) {
		var pinner runtime.Pinner
		defer pinner.Unpin()
		text := unsafe.StringData(id)
		if text != nil {
			pinner.Pin(text)
		}
		C.peerage_go_transport_doubt(c, (*C.char)(unsafe.Pointer(text)), C.size_t(len(id)))
	})
}

// String describes what is thought of the peers, a line for each.
func (p *ProbingTransport) String() (text string) {
	p.use(func(c *C.peerage_transport) {
		text = written(func(buf *C.char, size C.size_t, needed *C.size_t) C.peerage_status {
			return C.peerage_transport_describe(c, buf, size, needed)
		})
	})
	return text
}

// Close ends the making of choosers, doubts and descriptions; the choosers keep what they need. It may be
// called more than once.
func (p *ProbingTransport) Close() error { return p.shared.Close() }

// use runs a call of C with the transport, if it was not closed.
func (p *ProbingTransport) use(call func(*C.peerage_transport)) {
	p.shared.mu.Lock()
	defer p.shared.mu.Unlock()
	if p.shared.c != nil {
		call(p.shared.c)
	}
}
