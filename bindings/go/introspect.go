package peerage

// #include "shim.h"
import "C"

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// Stats are counts of a chooser at one moment.
type Stats struct {
	// Peers is how many peers it has retained, Available how many of them can be chosen.
	Peers, Available int
	// Pending is the number of requests in flight, all peers together.
	Pending uint64
	// Waiting is how many callers wait for a peer.
	Waiting int
	// Running says whether it was started, and not stopped.
	Running bool
}

// ChooserStatus is a chooser at one moment.
type ChooserStatus struct {
	// Name is the chooser's.
	Name string
	// Running says whether it was started, and not stopped.
	Running bool
	// Peers are in the order of their identifiers.
	Peers []PeerStatus
}

// PeerStatus is a peer of a chooser at one moment.
type PeerStatus struct {
	// ID is its identifier.
	ID string
	// Status is as the chooser last heard it.
	Status Status
	// Pending is the number of its requests in flight from this chooser.
	Pending int
}

// Name returns the name that was given by [WithName], or the policy's.
func (c *Chooser) Name() string { return c.name }

// Stats counts. A chooser that was closed has nothing to count.
func (c *Chooser) Stats() Stats {
	core := c.core.Load()
	if core == nil {
		return Stats{}
	}
	return core.stats()
}

func (c *core) stats() Stats {
	defer runtime.KeepAlive(c)
	c.late.tell()
	var stats C.peerage_stats
	C.peerage_chooser_stats(c.handle(), &stats, C.size_t(unsafe.Sizeof(stats)))
	return Stats{
		Peers:     int(stats.peers),
		Available: int(stats.available),
		Pending:   uint64(stats.pending),
		Waiting:   int(stats.waiting),
		Running:   stats.running != 0,
	}
}

// Introspect returns what the chooser looks like now, for metrics and status pages.
func (c *Chooser) Introspect() ChooserStatus {
	status := ChooserStatus{Name: c.name}
	core := c.core.Load()
	if core == nil {
		return status
	}
	defer runtime.KeepAlive(core)
	core.late.tell()
	status.Running = C.peerage_chooser_is_running(core.handle()) != 0
	var snapshot *C.peerage_snapshot
	if C.peerage_chooser_snapshot(core.handle(), &snapshot) != C.PEERAGE_OK {
		return status
	}
	defer C.peerage_snapshot_free(snapshot)
	peers := make([]C.peerage_peer_info, int(C.peerage_snapshot_len(snapshot))+1)
	peers = peers[:len(peers)-1]
	C.peerage_go_snapshot_read(snapshot, unsafe.SliceData(peers), C.size_t(len(peers)))
	status.Peers = make([]PeerStatus, 0, len(peers))
	for _, peer := range peers {
		status.Peers = append(status.Peers, PeerStatus{
			ID:      goString(peer.id.ptr, peer.id.len),
			Status:  Status(peer.status),
			Pending: int(peer.pending),
		})
	}
	return status
}

// String describes the chooser, with a line for each peer.
func (c *Chooser) String() string { return c.Introspect().String() }

// String describes the chooser, with a line for each peer.
func (s ChooserStatus) String() string {
	available, lines := 0, strings.Builder{}
	for _, peer := range s.Peers {
		if peer.Status == Available {
			available++
		}
		fmt.Fprintf(&lines, "\n  %s: %s, %d pending request(s)", inLine(peer.ID), peer.Status, peer.Pending)
	}
	state := "Stopped"
	if s.Running {
		state = "Running"
	}
	return fmt.Sprintf("%s: %s (%d/%d available)%s", inLine(s.Name), state, available, len(s.Peers), lines.String())
}

// inLine is a name within a line of text, as the library writes it: what ends a line or is not seen
// is escaped, so that no name looks like two lines, or like another.
func inLine(name string) string {
	var line strings.Builder
	for _, r := range name {
		switch {
		case r == '\\':
			line.WriteString(`\\`)
		case r == '\n':
			line.WriteString(`\n`)
		case r == '\r':
			line.WriteString(`\r`)
		case r == '\t':
			line.WriteString(`\t`)
		case r == 0:
			line.WriteString(`\0`)
		case strconv.IsPrint(r):
			line.WriteRune(r)
		default:
			fmt.Fprintf(&line, `\u{%x}`, r)
		}
	}
	return line.String()
}
