package yarpcpeers

import (
	"errors"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
)

// custom is what errors and status pages call a list with a policy of one's own.
const custom = "custom"

// NewCustom makes a list that chooses by a policy written in Go. It replaces
// an abstractlist.List with an Implementation of one's own.
//
// The policy sees of a request its shard key, routing key, routing delegate
// and headers, whose names are those of YARPC: in lower case. The list is
// called "custom", or as Options("name=...") says. [Settings] and the options
// of the hash ring fail the constructor.
func NewCustom(policy peerage.Policy, t peer.Transport, options ...Option) (*List, error) {
	if policy == nil {
		return nil, errors.New("NewCustom requires a policy")
	}
	s := settingsOf(texts{}, options)
	if len(s.policy) > 0 && s.ring == "" {
		return nil, errors.New("Settings are of the library's policies: one of your own has none")
	}
	s.custom = policy
	if s.list["name"] == "" {
		s.list.set("name", custom)
	}
	return listOf(custom, "", t, s, interest{key: true, all: true})
}

// whole is all that a policy may want to know of a request.
func whole(req *transport.Request) peerage.Request {
	return peerage.Request{
		ShardKey:        req.ShardKey,
		RoutingKey:      req.RoutingKey,
		RoutingDelegate: req.RoutingDelegate,
		Headers:         req.Headers.Items(),
	}
}
