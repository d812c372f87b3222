package peer

import "fmt"

// ErrPeerAddAlreadyInList says that the peer is in the list already.
type ErrPeerAddAlreadyInList string

func (e ErrPeerAddAlreadyInList) Error() string {
	return fmt.Sprintf("can't add peer %q because is already in peerlist", string(e))
}

// ErrPeerRemoveNotInList says that the peer is not in the list.
type ErrPeerRemoveNotInList string

func (e ErrPeerRemoveNotInList) Error() string {
	return fmt.Sprintf("can't remove peer (%s) because it is not in peerlist", string(e))
}
