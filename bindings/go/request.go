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
	// HeaderList has more headers. A slice of three costs nothing to make, a map does: for callers that
	// make a request for each choice. Of headers with one name that of the map counts, and then the first.
	HeaderList []Header
	// Avoid has the identifiers of peers not to choose if there is any other.
	Avoid []string
	// Prefer is the identifier of the peer that the request would have best, such as the one that has
	// its session; empty: none. It is chosen if it is in the list, available, not to be avoided and
	// not above a bound; otherwise the policy chooses as usual. "direct" does not look at it.
	Prefer string

	// A policy's: where its headers are.
	lent *lent
}

// Header is one header of a request.
type Header struct {
	// Name may be in any case; it must be UTF-8.
	Name string
	// Value may hold any bytes.
	Value string
}

// Header returns the value of a header, whose name may be in any case, and whether there is one. Of
// the request that a [Policy] was given it works until Choose returns.
func (r *Request) Header(name string) (string, bool) {
	if r == nil {
		return "", false
	}
	if r.lent != nil && r.headers() == 0 {
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
	for i := range r.HeaderList {
		if header := &r.HeaderList[i]; strings.EqualFold(header.Name, name) {
			return header.Value, true
		}
	}
	return "", false
}

func (r *Request) headers() int { return len(r.Headers) + len(r.HeaderList) }

// packed is a request whose texts C can read without following Go pointers.
type packed struct {
	texts          *C.char
	textsLen       C.size_t
	lens           *C.size_t
	headers, avoid C.size_t
	lent           *C.peerage_request
}

// isPlain says whether there is nothing but a shard key.
func (r *Request) isPlain() bool { return r.headers() == 0 && r.hasOnlyHeaders() }

// hasOnlyHeaders says whether there is nothing but a shard key and headers.
func (r *Request) hasOnlyHeaders() bool {
	return r.RoutingKey == "" && r.RoutingDelegate == "" && len(r.Avoid) == 0 && r.Prefer == "" && r.lent == nil
}

// fewHeaders is how many headers a choice may take along that allocates nothing.
const fewHeaders = 3

// few returns the headers of a request that has no more than a few, in the order of pack: the first of a
// name counts.
func (r *Request) few() (few [fewHeaders]Header) {
	count := 0
	for name, value := range r.Headers {
		few[count] = Header{name, value}
		count++
	}
	copy(few[count:], r.HeaderList)
	return few
}

func (r *Request) shardKey() string {
	if r == nil {
		return ""
	}
	return r.ShardKey
}

// pack copies the texts: those of a caller may be on its stack, which a callback may move. So a request
// does not have to be on the heap.
func (r *Request) pack() packed {
	if r == nil || r.isPlain() {
		key := strings.Clone(r.shardKey())
		return packed{texts: charsOf(key), textsLen: C.size_t(len(key))}
	}
	total := len(r.ShardKey) + len(r.RoutingKey) + len(r.RoutingDelegate) + len(r.Prefer)
	for name, value := range r.Headers {
		total += len(name) + len(value)
	}
	for i := range r.HeaderList {
		total += len(r.HeaderList[i].Name) + len(r.HeaderList[i].Value)
	}
	for _, id := range r.Avoid {
		total += len(id)
	}
	all := newTexts(total, 4+2*r.headers()+len(r.Avoid))
	all.add(r.ShardKey)
	all.add(r.RoutingKey)
	all.add(r.RoutingDelegate)
	all.add(r.Prefer)
	for name, value := range r.Headers {
		all.add(name)
		all.add(value)
	}
	for i := range r.HeaderList {
		all.add(r.HeaderList[i].Name)
		all.add(r.HeaderList[i].Value)
	}
	for _, id := range r.Avoid {
		all.add(id)
	}
	texts, lens := all.raw()
	var passedOn *C.peerage_request
	if r.lent != nil {
		passedOn = r.lent.c
	}
	return packed{
		lent:    passedOn,
		texts:   texts,
		lens:    lens,
		headers: C.size_t(r.headers()),
		avoid:   C.size_t(len(r.Avoid)),
	}
}

// texts are texts one after the other, and their lengths, where C can read them.
type texts struct {
	bytes []byte
	lens  []C.size_t
}

// newTexts has room for count texts, of total bytes together.
func newTexts(total, count int) texts {
	return texts{make([]byte, 0, total+1), make([]C.size_t, 0, count+1)}
}

func (t *texts) add(text string) {
	t.bytes, t.lens = append(t.bytes, text...), append(t.lens, C.size_t(len(text)))
}

func (t *texts) raw() (*C.char, *C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(t.bytes))), unsafe.SliceData(t.lens)
}

func charsOf(text string) *C.char { return (*C.char)(unsafe.Pointer(unsafe.StringData(text))) }
