// Package direct is in the place of YARPC's: its chooser is peerage's.
package direct

import (
	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/zap"
)

const name = "direct"

type (
	Configuration struct{}
	ChooserOption = yarpcpeers.Option
	Chooser       = yarpcpeers.Direct
)

func Logger(logger *zap.Logger) ChooserOption { return yarpcpeers.Logger(logger) }

func New(_ Configuration, t peer.Transport, options ...ChooserOption) (*Chooser, error) {
	return yarpcpeers.NewDirect(t, options...)
}

func Spec(options ...ChooserOption) yarpcconfig.PeerChooserSpec {
	return yarpcpeers.DirectSpec(options...)
}

// With subscribers like this one a test looks at YARPC's gRPC transport.
type peerSubscriber struct{ peerIdentifier peer.Identifier }

func (*peerSubscriber) NotifyStatusChanged(peer.Identifier) {}
