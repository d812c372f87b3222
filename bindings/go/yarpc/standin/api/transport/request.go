// Package transport declares a request, as far as a peer list looks at it.
package transport

import "strings"

// Lifecycle is what starts and stops.
type Lifecycle interface {
	Start() error
	Stop() error
	IsRunning() bool
}

// Request is one request.
type Request struct {
	Caller, Service, Procedure string
	Headers                    Headers
	ShardKey                   string
	RoutingKey                 string
	RoutingDelegate            string
}

// Headers are a request's headers; names are found in any case.
type Headers struct {
	values map[string]string
}

// NewHeaders is no headers.
func NewHeaders() Headers { return Headers{} }

// With adds a header.
func (h Headers) With(name, value string) Headers {
	if h.values == nil {
		h.values = map[string]string{}
	}
	h.values[strings.ToLower(name)] = value
	return h
}

// Get finds a header.
func (h Headers) Get(name string) (string, bool) {
	value, ok := h.values[strings.ToLower(name)]
	return value, ok
}

// Len is how many headers there are.
func (h Headers) Len() int { return len(h.values) }

// Items are all headers, by their names in lower case.
func (h Headers) Items() map[string]string { return h.values }
