// Package peerage makes the lists of one peer peerage's. Every test imports it.
package peerage

import (
	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	bound "go.uber.org/yarpc/peer"
)

func init() {
	bound.MakeSingle = func(id peer.Identifier, t peer.Transport) (bound.Introspectable, error) {
		return yarpcpeers.NewSingle(id, t)
	}
}
