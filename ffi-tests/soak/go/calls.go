package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	peerage "peerage.dev/go"
)

const (
	// deadline is how long a call may take, with all its attempts.
	deadline = 250 * time.Millisecond
	attempts = 3
)

// caller makes one goroutine's calls.
type caller struct {
	*work
	links        links
	tally        tally
	dice, number uint64
}

func newCaller(w *work, number uint64) *caller {
	return &caller{work: w, links: links{}, tally: w.newTally(), dice: w.seed ^ (number+1)<<32 | 1}
}

// pause closes the connections, and returns what was counted since the last time.
func (c *caller) pause() tally {
	c.links.closeAll()
	counted := c.tally
	c.tally = c.newTally()
	return counted
}

func (c *caller) draw(below uint64) uint64 {
	c.dice ^= c.dice << 13
	c.dice ^= c.dice >> 7
	c.dice ^= c.dice << 17
	return c.dice % below
}

// call chooses, sends, finishes, and does so again elsewhere until it is answered or its time is over.
func (c *caller) call() {
	begun := time.Now()
	ctx, cancel := context.WithDeadline(context.Background(), begun.Add(deadline))
	defer cancel()
	chooser := int(c.draw(uint64(len(c.choosers))))
	request := peerage.Request{ShardKey: strconv.FormatUint(c.draw(1000), 10)}
	good := false
	c.number++
	c.misbehave()
	for !good && len(request.Avoid) < attempts && time.Since(begun) < deadline {
		pick, err := c.choosers[chooser].Choose(ctx, &request)
		if err != nil {
			c.tally.choosers[chooser].missed[missedOf(err)]++
			break
		}
		c.tally.choosers[chooser].picks++
		server := pick.Peer().ID()
		good = c.attempt(chooser, &pick, server)
		request.Avoid = append(request.Avoid, server)
	}
	c.tally.called(good, time.Since(begun))
}

// attempt returns whether there is nothing more to do for the call.
func (c *caller) attempt(chooser int, pick *peerage.Pick, server string) bool {
	if c.plants("leak-pick", 100) {
		return false
	}
	begun := time.Now()
	outcome := peerage.Failure
	switch whim := c.draw(1000); {
	case whim < 2:
		outcome = peerage.NotSent
	case whim < 5:
		c.links.giveUp(server, c.line)
		outcome = peerage.Cancelled
	default:
		switch said, inFlight := c.links.ask(server, c.line); said {
		case well:
			pick.FinishReported(peerage.Success, time.Since(begun), inFlight)
			c.count(chooser, peerage.Success)
			return true
		case busy:
			outcome = peerage.Overloaded
		}
	}
	pick.FinishTimed(outcome, time.Since(begun))
	c.count(chooser, outcome)
	return outcome != peerage.Failure && outcome != peerage.Overloaded
}

func missedOf(err error) missed {
	switch {
	case errors.Is(err, peerage.ErrNoPeer):
		return noPeer
	case errors.Is(err, peerage.ErrTimedOut):
		return timedOut
	case errors.Is(err, peerage.ErrQueueFull):
		return queueFull
	}
	fmt.Fprintln(os.Stderr, err)
	return other
}

func (c *caller) count(chooser int, outcome peerage.Outcome) {
	if !c.plants("lost-count", 100) {
		c.tally.choosers[chooser].outcomes[outcome]++
	}
}

// plants says whether the planted fault is this one, and is due.
func (c *caller) plants(plant string, each uint64) bool {
	return c.plant == plant && c.number%each == 0
}

func (c *caller) misbehave() {
	c.kept.lock.Lock()
	defer c.kept.lock.Unlock()
	if c.plants("leak-memory", 1) {
		c.kept.memory = append(c.kept.memory, bytes.Repeat([]byte{1}, 4096))
	}
	if c.plants("leak-fd", 20) {
		if file, err := os.Open("/dev/null"); err == nil {
			c.kept.files = append(c.kept.files, file)
		}
	}
}
