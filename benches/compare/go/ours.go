package main

import "peerage.dev/go"

// ours is a policy of peerage's Go package.
func ours(policy string) *side {
	return &side{name: "peerage", policy: policy, counts: true, waits: true, open: func(peers int) (list, error) {
		l := &ourList{transport: &retained{peers: make([]*peerage.Peer, 0, peers)}}
		for _, name := range peerNames(peers) {
			member := peerage.Member{ID: name}
			if policy == "weighted-round-robin" {
				member.Weight = uint16(weightOf(len(l.members)))
			}
			l.members = append(l.members, member)
		}
		for i := range l.requests {
			l.requests[i].ShardKey = keys[i]
		}
		var err error
		if l.chooser, err = peerage.NewChooser(l.transport, policy); err != nil {
			return nil, err
		}
		return l, l.chooser.Start()
	}}
}

type ourList struct {
	chooser   *peerage.Chooser
	transport *retained
	members   []peerage.Member
	requests  [batch]peerage.Request
}

func (l *ourList) once(request int) error {
	pick, err := l.chooser.Choose(withDeadline, &l.requests[request])
	if err == nil {
		pick.Finish(nil)
	}
	return err
}

func (l *ourList) update(add, remove []int) error {
	var updates peerage.Updates
	if len(add) == len(l.members) {
		updates.Add = l.members
	} else {
		for _, peer := range add {
			updates.Add = append(updates.Add, l.members[peer])
		}
	}
	for _, peer := range remove {
		updates.Remove = append(updates.Remove, l.members[peer].ID)
	}
	return l.chooser.Update(updates)
}

func (l *ourList) set(peer int, available bool) {
	status := peerage.Unavailable
	if available {
		status = peerage.Available
	}
	_ = l.transport.peers[peer].SetStatus(status)
}

func (l *ourList) close() { _ = l.chooser.Close() }

// retained is a transport without connections.
type retained struct{ peers []*peerage.Peer }

func (r *retained) RetainPeer(p *peerage.Peer) error {
	r.peers = append(r.peers, p)
	return p.SetStatus(peerage.Available)
}

func (*retained) ReleasePeer(*peerage.Peer) {}
