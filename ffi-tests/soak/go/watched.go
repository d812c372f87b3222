package main

import (
	"net"
	"time"

	peerage "peerage.dev/go"
)

// watched is a transport of the client's own: a goroutine for each peer, which connects ten times a second.
//
// The transport that probes never takes the last peer out, so with it hardly a caller waits. This one
// reports what it sees: when all servers are down, there is no peer.
type watched struct{}

func (watched) RetainPeer(peer *peerage.Peer) error {
	go watch(peer)
	return nil
}

// ReleasePeer has nothing to do: the peer's goroutine hears that it is gone.
func (watched) ReleasePeer(*peerage.Peer) {}

func watch(peer *peerage.Peer) {
	for {
		time.Sleep(100 * time.Millisecond)
		status := peerage.Unavailable
		if conn, err := net.DialTimeout("tcp", peer.ID(), limit); err == nil {
			conn.Close()
			status = peerage.Available
		}
		if peer.SetStatus(status) != nil {
			return
		}
	}
}
