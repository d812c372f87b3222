package peerage

// #include "shim.h"
import "C"

import (
	"strings"
	"unsafe"
)

// Request is what is known of a request. All of it is optional, and nil is a request of which
// nothing is known.
//
// Keys and the values of headers may hold any bytes; names of headers and identifiers must be UTF-8.
type Request struct {
	// ShardKey is what hash rings place. For the policy "direct" it is the peer's identifier, and
	// [ErrInvalidArgument] if it is empty, is not UTF-8 or holds a NUL.
	ShardKey string
	// RoutingKey is the traffic group that the request belongs to.
	RoutingKey string
	// RoutingDelegate is the service that stands in for the one that is called.
	RoutingDelegate string
	// Headers are read by hash rings that are set up to. Their names may be in any case. A [Policy]
	// finds those of its request with Header only.
	Headers map[string]string
	// Avoid has the identifiers of peers not to choose if there is any other.
	Avoid []string
	// Prefer is the identifier of the peer that the request would have best, such as the one that has
	// its session; empty: none. It is chosen if it is in the list, available, not to be avoided and
	// not above a bound; otherwise the policy chooses as usual. "direct" does not look at it.
	Prefer string

	// A policy's: where its headers are.
	lent *lent
}

// Header returns the value of a header, whose name may be in any case, and whether there is one. Of
// the request that a [Policy] was given it works until Choose returns.
func (r *Request) Header(name string) (string, bool) {
	if r == nil {
		return "", false
	}
	if r.lent != nil && len(r.Headers) == 0 {
		return r.lent.header(name)
	}
	if value, has := r.Headers[name]; has {
		return value, true
	}
	for key, value := range r.Headers {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return "", false
}

// packed is a request whose texts C can read without following Go pointers.
type packed struct {
	texts          *C.char
	textsLen       C.size_t
	lens           *C.size_t
	headers, avoid C.size_t
	lent           *C.peerage_request
}

// isPlain says whether there is nothing but a shard key.
func (r *Request) isPlain() bool {
	return r.RoutingKey == "" && r.RoutingDelegate == "" && len(r.Headers) == 0 && len(r.Avoid) == 0 && r.Prefer == "" && r.lent == nil
}

func (r *Request) shardKey() string {
	if r == nil {
		return ""
	}
	return r.ShardKey
}

func (r *Request) pack() packed {
	if r == nil || r.isPlain() {
		key := r.shardKey()
		return packed{texts: charsOf(key), textsLen: C.size_t(len(key))}
	}
	all := make([]string, 0, 4+2*len(r.Headers)+len(r.Avoid))
	all = append(all, r.ShardKey, r.RoutingKey, r.RoutingDelegate, r.Prefer)
	for name, value := range r.Headers {
		all = append(all, name, value)
	}
	texts, lens := concat(append(all, r.Avoid...))
	var passedOn *C.peerage_request
	if r.lent != nil {
		passedOn = r.lent.c
	}
	return packed{
		lent:    passedOn,
		texts:   texts,
		lens:    lens,
		headers: C.size_t(len(r.Headers)),
		avoid:   C.size_t(len(r.Avoid)),
	}
}

// concat puts texts one after the other, with their lengths.
func concat(all []string) (*C.char, *C.size_t) {
	total := 0
	for _, text := range all {
		total += len(text)
	}
	texts, lens := make([]byte, 0, total+1), make([]C.size_t, 0, len(all)+1)
	for _, text := range all {
		texts, lens = append(texts, text...), append(lens, C.size_t(len(text)))
	}
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(texts))), unsafe.SliceData(lens)
}

func charsOf(text string) *C.char { return (*C.char)(unsafe.Pointer(unsafe.StringData(text))) }
