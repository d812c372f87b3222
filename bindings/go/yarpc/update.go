package yarpcpeers

import (
	"errors"
	"slices"

	"peerage.dev/go"

	"go.uber.org/multierr"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/zap"
)

// Update removes and adds peers, in this order. What can be done is done, and
// what cannot is reported together. A list that does not run only writes its
// peers down. An identifier that is nil, or is not text, refuses the whole update.
//
// A peer that is both removed and added stays, with its connection and its
// requests, and gets the [Weighted], [Zoned] and [Tiered] of the identifier that
// is added; its transport keeps the identifier that it has. A shard of a hash ring
// that leaves with one peer and comes with another moves to that one.
func (l *List) Update(updates peer.ListUpdates) error {
	l.logger.Debug("peer list update",
		zap.Int("additions", len(updates.Additions)), zap.Int("removals", len(updates.Removals)))
	if err := l.complete(updates); err != nil {
		return err
	}
	l.changing.Lock()
	defer l.changing.Unlock()
	var (
		removed []gone
		errs    error
		wanted  peerage.Updates
	)
	for _, id := range updates.Removals {
		gone, err := l.members.remove(id)
		if err != nil {
			errs = multierr.Append(errs, err)
			continue
		}
		removed = append(removed, gone)
		wanted.Remove = append(wanted.Remove, gone.name)
	}
	if count := len(updates.Additions); count > 1 {
		l.members.expect(count)
		l.binding.expect(count)
		wanted.Add = make([]peerage.Member, 0, count)
	}
	for _, id := range updates.Additions {
		member, err := l.members.add(id)
		if err != nil {
			errs = multierr.Append(errs, err)
			continue
		}
		wanted.Add = append(wanted.Add, member)
	}
	if len(wanted.Add) == 0 && len(wanted.Remove) == 0 {
		return errs
	}
	heard, err := l.binding.during(func() error { return l.chooser.Update(wanted) })
	if errors.Is(err, peerage.ErrInvalidUTF8) || errors.Is(err, peerage.ErrInvalidArgument) {
		// What is wrong with one was found before anything was done.
		l.members.undo(removed, wanted.Add)
	}
	for _, name := range heard.refused {
		l.members.drop(name)
	}
	return multierr.Append(errs, heard.and(err))
}

// complete refuses identifiers that are nil, before anything is done.
func (l *List) complete(updates peer.ListUpdates) error {
	what, ids := "addition", updates.Additions
	n := slices.Index(ids, nil)
	if n < 0 {
		what, ids = "removal", updates.Removals
		n = slices.Index(ids, nil)
	}
	if n < 0 {
		return nil
	}
	return yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument,
		"%q peer list can't be updated: %s %d of %d is nil, need an identifier", l.name, what, n+1, len(ids))
}
