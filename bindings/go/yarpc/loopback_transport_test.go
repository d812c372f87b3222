package yarpcpeers

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
)

// A transport over real connections, which treats its peers as YARPC's HTTP
// transport does: a peer is available when a connection to it can be opened;
// a failed request makes the transport try again, until one can. It reports
// on goroutines of its own, and never from inside RetainPeer and ReleasePeer.
type httpTransport struct {
	client *http.Client

	mu    sync.Mutex
	peers map[string]*httpPeer
	wait  sync.WaitGroup
}

type httpPeer struct {
	address  string
	suspect  chan struct{}
	released chan struct{}

	mu          sync.Mutex
	status      peer.ConnectionStatus
	subscribers map[peer.Subscriber]struct{}
}

func newHTTPTransport() *httpTransport {
	// Every request gets a connection of its own, so that a server that stops is missed at once.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return &httpTransport{client: client, peers: map[string]*httpPeer{}}
}

func (t *httpTransport) RetainPeer(id peer.Identifier, s peer.Subscriber) (peer.Peer, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.peers[id.Identifier()]
	if p == nil {
		p = &httpPeer{
			address:     id.Identifier(),
			suspect:     make(chan struct{}, 1),
			released:    make(chan struct{}),
			subscribers: map[peer.Subscriber]struct{}{},
		}
		t.peers[p.address] = p
		t.wait.Add(1)
		go func() {
			defer t.wait.Done()
			p.maintain()
		}()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.subscribers[s] = struct{}{}
	return p, nil
}

func (t *httpTransport) ReleasePeer(id peer.Identifier, s peer.Subscriber) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.peers[id.Identifier()]
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.subscribers, s)
	if len(p.subscribers) == 0 {
		delete(t.peers, p.address)
		close(p.released)
	}
	return nil
}

// call sends a request to a peer that a chooser hands out, as an outbound
// does, and returns who has answered.
func (t *httpTransport) call(ctx context.Context, chooser peer.Chooser, req *transport.Request) (string, error) {
	chosen, finish, err := chooser.Choose(ctx, req)
	if err != nil {
		return "", err
	}
	answer, err := t.send(ctx, chosen.(*httpPeer))
	finish(err)
	return answer, err
}

func (t *httpTransport) send(ctx context.Context, p *httpPeer) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address, nil)
	if err != nil {
		return "", err
	}
	res, err := t.client.Do(req)
	if err != nil {
		p.doubt()
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

func (p *httpPeer) Identifier() string { return p.address }
func (p *httpPeer) StartRequest()      {}
func (p *httpPeer) EndRequest()        {}

func (p *httpPeer) Status() peer.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return peer.Status{ConnectionStatus: p.status}
}

func (p *httpPeer) doubt() {
	select {
	case p.suspect <- struct{}{}:
	default:
	}
}

func (p *httpPeer) publish(status peer.ConnectionStatus) {
	p.mu.Lock()
	p.status = status
	var subscribers []peer.Subscriber
	for s := range p.subscribers {
		subscribers = append(subscribers, s)
	}
	p.mu.Unlock()
	for _, s := range subscribers {
		s.NotifyStatusChanged(p)
	}
}

// maintain opens connections until the peer is released.
func (p *httpPeer) maintain() {
	for {
		retry := time.After(5 * time.Millisecond)
		conn, err := net.DialTimeout("tcp", p.address, time.Second)
		if err == nil {
			conn.Close()
			p.publish(peer.Available)
			retry = nil
		} else {
			p.publish(peer.Unavailable)
		}
		select {
		case <-retry:
		case <-p.suspect:
		case <-p.released:
			return
		}
		p.publish(peer.Connecting)
	}
}
