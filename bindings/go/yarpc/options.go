package yarpcpeers

import (
	"fmt"
	"log/slog"
	"time"

	"peerage.dev/go"

	"go.uber.org/zap"
)

// An Option changes a list from its defaults; of two that set the same, the
// later counts. Options of the hash ring fail the constructors of the other
// lists.
type Option func(*settings)

type settings struct {
	failFast *bool
	shuffle  *bool
	seed     *int64
	timeout  time.Duration
	drain    time.Duration
	waits    bool
	logger   *zap.Logger
	events   slog.Handler
	custom   peerage.Policy
	// The policy's keys, and those of the list in the same grammar.
	policy, list texts
	// One of the keys that options of the hash ring have set; empty: none.
	ring string
}

// settingsOf are the settings of a policy with these keys.
func settingsOf(keys texts, options []Option) settings {
	s := settings{logger: zap.NewNop(), drain: DefaultDrainTimeout, policy: keys, list: texts{}}
	for _, option := range options {
		option(&s)
	}
	return s
}

// check says what is wrong with the settings of a list, but for what the library says itself.
func (s settings) check(policy string) error {
	switch {
	case s.ring != "" && policy != hashRing32:
		return fmt.Errorf("%q is an option of hashring32, not of %s", s.ring, policy)
	case s.waits && policy != single:
		return fmt.Errorf("WaitForConnection is an option of NewSingle: %s waits anyway", policy)
	case s.timeout < 0:
		return negative(policy, "DefaultChooseTimeout", s.timeout)
	case s.drain < 0:
		return negative(policy, "DrainTimeout", s.drain)
	}
	return nil
}

// failsFast says whether an option says so, or a text.
func (s settings) failsFast() bool {
	if s.failFast != nil {
		return *s.failFast
	}
	text, given := s.list["fail-fast"]
	return given && text != "fail-fast=off"
}

func negative(list, what string, given time.Duration) error {
	return fmt.Errorf("%s: %s must not be negative. Got: %v.", list, what, given)
}

func (s settings) chooserOptions() []peerage.Option {
	options := []peerage.Option{peerage.WithOptions(s.list.String())}
	if s.failFast != nil {
		options = append(options, peerage.WithFailFast(*s.failFast))
	}
	if s.shuffle != nil {
		options = append(options, peerage.WithShuffle(*s.shuffle))
	}
	if s.seed != nil {
		options = append(options, peerage.WithSeed(uint64(*s.seed)))
	}
	if s.timeout != 0 {
		options = append(options, peerage.WithDefaultTimeout(s.timeout))
	}
	if s.custom != nil {
		options = append(options, peerage.WithCustomPolicy(s.custom))
	}
	if s.events != nil {
		options = append(options, peerage.WithLog(s.events))
	}
	return options
}

// Capacity says how many peers to expect. It is a hint that these lists have
// no use for, accepted so that callers need not change.
func Capacity(int) Option { return func(*settings) {} }

// NoShuffle keeps peers in the order of the updates. By default the additions
// of each update are shuffled.
func NoShuffle() Option { return func(s *settings) { s.shuffle = new(bool) } }

// FailFast makes Choose fail at once when no peer is available.
func FailFast() Option { return failFast(true) }

func failFast(on bool) Option { return func(s *settings) { s.failFast = &on } }

// Seed makes the shuffle and the policy repeatable. The order is another than
// YARPC's for the same seed.
func Seed(seed int64) Option { return func(s *settings) { s.seed = &seed } }

// DefaultChooseTimeout is how long Choose waits when its context has no
// deadline; 500 ms by default, which 0 stands for too. A negative one fails
// the constructor.
func DefaultChooseTimeout(timeout time.Duration) Option {
	return func(s *settings) { s.timeout = timeout }
}

// Options sets options of the chooser by a text, key[=value][,key[=value]]...,
// such as "max-pending=20,eject=5": see peerage.WithOptions, and
// peerage.OptionKeys for all of them. Further texts add to it. What other
// options of this package set stands above it. A key or a value that is wrong
// fails the constructor.
func Options(text string) Option { return func(s *settings) { s.list.read(text) } }

// Settings sets keys of the policy by a text, key=value[,key=value]..., such
// as "bound=1.25", or "keep=8" of [NewDirect]: see peerage.Policies for the
// keys of each. Further texts add to it, and of two that set the same key the
// later counts. A key or a value that is wrong fails the constructor.
func Settings(text string) Option { return func(s *settings) { s.policy.read(text) } }

// Logger gets a line at debug level for each update, one at warn level when a
// stop has waited for requests in vain, and one at error level when the
// transport fails to release a peer and no call is there to be told.
func Logger(logger *zap.Logger) Option {
	return func(s *settings) {
		if logger != nil {
			s.logger = logger
		}
	}
}

// Events has the chooser log what it does, such as that it ejects a peer, as
// far as the handler is enabled when the list is made: see peerage.WithLog.
func Events(handler slog.Handler) Option { return func(s *settings) { s.events = handler } }
