package peerage

// #include "shim.h"
import "C"

import (
	"runtime"
	"strings"
	"unsafe"
)

// Member is a peer to add, and what is known of it beside its name.
type Member struct {
	// ID is its identifier, usually host:port.
	ID string
	// Shard is the name under which a hash ring places it; empty: its identifier. Peers with the
	// same shard share one place on the ring.
	Shard string
	// Zone is where it is; empty: unknown.
	Zone string
	// Weight is how much it can take beside others: a peer of weight 2 as much as two of weight 1.
	// 0 is 1.
	Weight uint16
	// Tier is which tier it belongs to: 0 is the first to be used.
	Tier uint8
}

// Members returns members of which only the identifiers are known.
func Members(ids ...string) []Member {
	members := make([]Member, len(ids))
	for i, id := range ids {
		members[i].ID = id
	}
	return members
}

// Updates says which peers to add to a chooser and which to remove from it.
type Updates struct {
	// Add has the peers to add.
	Add []Member
	// Remove has the identifiers of peers to remove.
	Remove []string
}

// Update removes and adds peers, in this order. What can be done is done; what cannot is reported
// together, with the code of the first failure. The errors of the transport are wrapped.
//
// A peer that is both removed and added stays, with its connection and its requests, and gets what
// is known of the one that is added.
func (c *Chooser) Update(updates Updates) error {
	core := c.core.Load()
	if core == nil {
		return c.closed()
	}
	defer runtime.KeepAlive(core)
	defer core.deferred.removed()
	texts, lens, numbers := packMembers(updates.Add, updates.Remove)
	return outcomeOf(C.peerage_go_update(core.handle(), texts, lens, numbers,
		C.size_t(len(updates.Add)), C.size_t(len(updates.Remove))))
}

// Replace makes members the whole of the list, for those who know sets and not differences: it adds
// what is missing, removes what is too much, changes those of which something else is known now, and
// leaves the rest alone. Of an identifier that is given twice the first counts.
//
// If a member is wrong, such as one whose identifier is not UTF-8, nothing is changed. If the
// transport refuses one, the rest is done.
func (c *Chooser) Replace(members []Member) error {
	core := c.core.Load()
	if core == nil {
		return c.closed()
	}
	defer runtime.KeepAlive(core)
	defer core.deferred.removed()
	texts, lens, numbers := packMembers(members, nil)
	return outcomeOf(C.peerage_go_replace(core.handle(), texts, lens, numbers, C.size_t(len(members))))
}

// packMembers puts the texts of members, and further ones, one after the other.
func packMembers(members []Member, more []string) (*C.char, *C.size_t, *C.uint32_t) {
	total := 0
	for i := range members {
		total += len(members[i].ID) + len(members[i].Shard) + len(members[i].Zone)
	}
	for _, text := range more {
		total += len(text)
	}
	all := newTexts(total, 3*len(members)+len(more))
	numbers := make([]C.uint32_t, 0, 2*len(members)+1)
	for i := range members {
		member := &members[i]
		all.add(member.ID)
		all.add(member.Shard)
		all.add(member.Zone)
		numbers = append(numbers, C.uint32_t(member.Weight), C.uint32_t(member.Tier))
	}
	for _, text := range more {
		all.add(text)
	}
	texts, lens := all.raw()
	return texts, lens, unsafe.SliceData(numbers)
}

// Reason is one reason why a peer cannot be chosen.
type Reason uint32

const (
	// NotConnected is a peer whose status is not [Available]: its transport's to say.
	NotConnected Reason = C.PEERAGE_REASON_NOT_CONNECTED
	// Ejected is a peer whose requests went wrong, and that is left alone for a while.
	Ejected Reason = C.PEERAGE_REASON_EJECTED
	// OutsideSubset is a peer that other clients use, and this one does not.
	OutsideSubset Reason = C.PEERAGE_REASON_OUTSIDE_SUBSET
	// Draining is a peer that is about to go: it finishes what it has, and gets nothing new.
	Draining Reason = C.PEERAGE_REASON_DRAINING
	// LaterTier is a peer that waits while those of earlier tiers are enough: the list's to say.
	LaterTier Reason = C.PEERAGE_REASON_LATER_TIER
)

// String returns the reason in words.
func (r Reason) String() string { return Reasons(r).String() }

// Reasons are all the reasons why a peer cannot be chosen: it can if there is none.
type Reasons uint32

// Has says whether a reason is among them.
func (r Reasons) Has(reason Reason) bool { return r&Reasons(reason) != 0 }

// String returns the reasons in words, such as "not connected, draining".
func (r Reasons) String() string {
	var words []string
	for i, word := range [...]string{"not connected", "ejected", "outside the subset", "draining", "in a later tier"} {
		if r&(1<<i) != 0 {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", ")
}

// SetReason says that a peer is not to be chosen for a reason, or, if on is false, not for this
// reason any more. It can be chosen when there is none. Its requests in flight go on.
//
// [NotConnected] is its transport's to say, and an [ErrInvalidArgument] here. A peer that is not in
// the list, or a chooser that does not run, is an [ErrNotInList].
func (c *Chooser) SetReason(id string, reason Reason, on bool) error {
	core := c.core.Load()
	if core == nil {
		return c.closed()
	}
	defer runtime.KeepAlive(core)
	return outcomeOf(C.peerage_go_set_reason(core.handle(), charsOf(id), C.size_t(len(id)),
		C.uint32_t(reason), flag(on)))
}
