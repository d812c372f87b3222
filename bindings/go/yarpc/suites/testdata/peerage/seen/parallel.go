package seen

import (
	"context"
	"strconv"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpctest"
)

// Implementation is in the place of what the tests of YARPC's random lists
// choose from in parallel: a whole list here, of peers that are all available.
type Implementation struct {
	list  *List
	added int
}

// NewImplementation makes one of this policy.
func NewImplementation(policy string) *Implementation {
	list := New(policy, yarpctest.NewFakeTransport(yarpctest.InitialConnectionStatus(peer.Available)))
	if err := list.Start(); err != nil {
		panic(err)
	}
	return &Implementation{list: list}
}

type name string

func (n name) Identifier() string { return string(n) }

// Add adds a peer of another name than those before: the tests give nil.
func (i *Implementation) Add(peer.StatusPeer, peer.Identifier) {
	i.added++
	if err := i.list.Update(peer.ListUpdates{Additions: []peer.Identifier{name(strconv.Itoa(i.added))}}); err != nil {
		panic(err)
	}
}

// Choose chooses a peer, and finishes the request.
func (i *Implementation) Choose(*transport.Request) {
	_, finish, err := i.list.Choose(context.Background(), nil)
	if err != nil {
		panic(err)
	}
	finish(nil)
}
