package yarpcpeers

import (
	"peerage.dev/go"

	"go.uber.org/yarpc/api/transport"
)

// interest is what a policy needs to know of a request: most need nothing.
type interest struct {
	key     bool
	headers []string
}

func interestOf(policy string, headers []string) interest {
	return interest{key: policy == hashRing32 || policy == maglev || policy == direct, headers: headers}
}

func (i interest) in(req *transport.Request) peerage.Request {
	asked := peerage.Request{ShardKey: req.ShardKey}
	for _, name := range i.headers {
		if value, has := req.Headers.Get(name); has {
			if asked.Headers == nil {
				asked.Headers = make(map[string]string, len(i.headers))
			}
			asked.Headers[name] = value
		}
	}
	return asked
}
