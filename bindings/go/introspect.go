package peerage

// #include "shim.h"
import "C"

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// State says where a chooser is in its life.
type State int32

const (
	// Idle is a chooser that was not started yet.
	Idle State = C.PEERAGE_STATE_IDLE
	// Starting is a chooser whose start is under way.
	Starting State = C.PEERAGE_STATE_STARTING
	// Running is a chooser that was started, and not stopped.
	Running State = C.PEERAGE_STATE_RUNNING
	// Stopping is a chooser whose stop is under way.
	Stopping State = C.PEERAGE_STATE_STOPPING
	// Stopped is a chooser that was stopped, or closed.
	Stopped State = C.PEERAGE_STATE_STOPPED
)

// String returns the name of the state.
func (s State) String() string {
	names := [...]string{"Idle", "Starting", "Running", "Stopping", "Stopped"}
	if s < 0 || int(s) >= len(names) {
		return "Unknown"
	}
	return names[s]
}

// ChooserStatus is a chooser at one moment.
type ChooserStatus struct {
	// Name is the chooser's.
	Name string
	// State is where it is in its life.
	State State
	// Stats are the chooser in numbers.
	Stats Stats
	// Peers are in the order of their identifiers.
	Peers []PeerStatus
	// Source is how the source of its [Updater] has been; nil if it has none. Of several updaters it is that
	// of the one that was made last.
	Source *SourceStatus
}

// PeerStatus is a peer of a chooser at one moment.
type PeerStatus struct {
	// ID is its identifier.
	ID string
	// Shard is the name under which a hash ring places it; empty: its identifier.
	Shard string
	// Zone is where it is; empty: unknown.
	Zone string
	// Weight is how much it can take beside others, at least 1.
	Weight int
	// Tier is which tier it belongs to.
	Tier int
	// Status is as the chooser last heard it.
	Status Status
	// Pending is the number of its requests in flight from this chooser.
	Pending int
	// Reasons are why it cannot be chosen: none if it can.
	Reasons Reasons
	// EjectedFor is how long until it is tried again, if the list has ejected it ("eject="); else 0.
	EjectedFor time.Duration
	// Price is what one more request costs there, in thousandths of one on an idle peer that is like
	// most, if the policy prices peers; else 0.
	Price uint64
	// Latency is its mean latency; 0 if it is not known, or the policy does not go by it.
	Latency time.Duration
	// Failures is the share of its requests that have failed lately, in thousandths.
	Failures int
	// Reported are the requests in flight that it has reported, on average, if the policy goes by that.
	Reported int
	// Since is how long Status has been what it is; since the peer was retained, if it has had no other. In
	// steps of 100 ms.
	Since time.Duration
	// StatusChanges is how often Status has changed since the peer was retained.
	StatusChanges uint64
	// Requests is how many requests were given to it since it was retained, those in flight included.
	Requests uint64
	// Outcomes says how they have ended.
	Outcomes Outcomes
	// Ejections is how often it was ejected ("eject=").
	Ejections uint64
	// Check is what its transport has found out about it by checks; zero if it tells nothing of that.
	Check Check
}

// IsAvailable says whether the peer can be chosen.
func (p PeerStatus) IsAvailable() bool { return p.Reasons == 0 }

// Name returns the name that was given by [WithName], or the policy's.
func (c *Chooser) Name() string { return c.name }

// closedStats are those of a chooser that was closed.
var closedStats = Stats{State: Stopped, Updates: UpdateCounts{Age: -1}}

// Stats returns the chooser in numbers. A chooser that was closed has nothing to count.
func (c *Chooser) Stats() Stats {
	core := c.core.Load()
	if core == nil {
		return closedStats
	}
	return core.stats()
}

func (c *core) stats() Stats {
	defer runtime.KeepAlive(c)
	c.deferred.tell()
	var stats C.peerage_stats
	C.peerage_chooser_stats(c.handle(), &stats, C.size_t(unsafe.Sizeof(stats)))
	return statsOf(&stats)
}

// Introspect returns what the chooser looks like now, for metrics and status pages.
func (c *Chooser) Introspect() ChooserStatus {
	status := ChooserStatus{Name: c.name, State: Stopped, Stats: closedStats}
	core := c.core.Load()
	if core == nil {
		return status
	}
	defer runtime.KeepAlive(core)
	status.Stats = core.stats()
	status.Source = core.source()
	var snapshot *C.peerage_snapshot
	if C.peerage_chooser_snapshot(core.handle(), &snapshot) != C.PEERAGE_OK {
		return status
	}
	defer C.peerage_snapshot_free(snapshot)
	status.State = State(C.peerage_snapshot_state(snapshot))
	peers := make([]C.peerage_snapshot_peer, int(C.peerage_snapshot_len(snapshot))+1)
	peers = peers[:len(peers)-1]
	C.peerage_go_snapshot_read(snapshot, unsafe.SliceData(peers), C.size_t(len(peers)))
	status.Peers = make([]PeerStatus, 0, len(peers))
	for _, peer := range peers {
		status.Peers = append(status.Peers, peerStatusOf(&peer))
	}
	return status
}

func peerStatusOf(peer *C.peerage_snapshot_peer) PeerStatus {
	return PeerStatus{
		ID:            goText(peer.id),
		Shard:         goText(peer.shard),
		Zone:          goText(peer.zone),
		Weight:        int(peer.weight),
		Tier:          int(peer.tier),
		Status:        Status(peer.status),
		Pending:       int(peer.pending),
		Reasons:       Reasons(peer.reasons),
		EjectedFor:    time.Duration(peer.ejected_for_ns),
		Price:         uint64(peer.price),
		Latency:       max(0, time.Duration(peer.latency_ns)),
		Failures:      int(peer.failures),
		Reported:      int(peer.reported),
		Since:         time.Duration(peer.since_ns),
		StatusChanges: uint64(peer.status_changes),
		Requests:      uint64(peer.requests),
		Outcomes:      outcomesOf(&peer.outcomes),
		Ejections:     uint64(peer.ejections),
		Check:         checkOf(peer.check),
	}
}

// String describes the chooser, with a line for each peer.
func (c *Chooser) String() string { return c.Introspect().String() }

// String describes the chooser, with a line for each peer.
func (s ChooserStatus) String() string {
	available, lines := 0, strings.Builder{}
	for _, peer := range s.Peers {
		if peer.IsAvailable() {
			available++
		}
		fmt.Fprintf(&lines, "\n  %s: %s, %d pending request(s)", inLine(peer.ID), peer.Status, peer.Pending)
	}
	return fmt.Sprintf("%s: %s (%d/%d available)%s", inLine(s.Name), s.State, available, len(s.Peers), lines.String())
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
