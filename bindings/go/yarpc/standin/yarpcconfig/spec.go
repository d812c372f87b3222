// Package yarpcconfig declares how a peer list is registered for
// configuration files.
package yarpcconfig

// Kit is what a configuration is read with.
type Kit struct{}

// PeerListSpec names a peer list and the function that builds it:
// func(C, peer.Transport, *Kit) (peer.ChooserList, error) for a struct C of
// settings.
type PeerListSpec struct {
	Name          string
	BuildPeerList any
}
