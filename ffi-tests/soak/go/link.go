package main

import (
	"bufio"
	"net"
	"strconv"
	"strings"
	"time"
)

// limit is how long a connection or an answer may take.
const limit = 80 * time.Millisecond

// answer says how a request went.
type answer int

const (
	well answer = iota
	busy
	failed
	// lost is one without a connection, or without an answer in time.
	lost
)

// link is a connection, and what is said on it.
type link struct {
	net.Conn
	from *bufio.Reader
}

// links are the connections of one caller, by server. One on which anything goes wrong is closed.
type links map[string]link

// ask sends a request and waits for the answer, which has how many requests the server has in flight.
func (l links) ask(server, line string) (answer, uint32) {
	to, err := l.take(server)
	if err != nil {
		return lost, 0
	}
	says, err := to.exchange(line)
	if err != nil {
		to.Close()
		return lost, 0
	}
	l[server] = to
	if number, ok := strings.CutPrefix(says, "ok "); ok {
		inFlight, err := strconv.ParseUint(strings.TrimSpace(number), 10, 32)
		if err != nil {
			panic(err)
		}
		return well, uint32(inFlight)
	}
	if says == "busy\n" {
		return busy, 0
	}
	return failed, 0
}

// giveUp sends a request, and closes the connection without waiting.
func (l links) giveUp(server, line string) {
	if to, err := l.take(server); err == nil {
		_ = to.SetDeadline(time.Now().Add(limit))
		_, _ = to.Write([]byte(line))
		to.Close()
	}
}

func (l links) take(server string) (link, error) {
	if kept, ok := l[server]; ok {
		delete(l, server)
		return kept, nil
	}
	conn, err := net.DialTimeout("tcp", server, limit)
	return link{conn, bufio.NewReaderSize(conn, 64)}, err
}

func (l link) exchange(line string) (string, error) {
	if err := l.SetDeadline(time.Now().Add(limit)); err != nil {
		return "", err
	}
	if _, err := l.Write([]byte(line)); err != nil {
		return "", err
	}
	return l.from.ReadString('\n')
}

func (l links) closeAll() {
	for server, kept := range l {
		kept.Close()
		delete(l, server)
	}
}
