package yarpcpeers

import (
	"peerage.dev/go"

	"go.uber.org/yarpc/api/transport"
)

// interest is what a policy needs to know of a request: most need nothing.
type interest struct {
	key     bool
	headers []string
	// A policy of one's own may look at everything; key is set too.
	all bool
}

func interestOf(policy string, headers []string) interest {
	return interest{key: policy == hashRing32 || policy == maglev || policy == direct, headers: headers}
}

// in puts the headers of a request that the policy looks at into a list with room for them.
func (i *interest) in(req *transport.Request, list []peerage.Header) []peerage.Header {
	for _, name := range i.headers {
		if value, has := req.Headers.Get(name); has {
			list = append(list, peerage.Header{Name: name, Value: value})
		}
	}
	return list
}
