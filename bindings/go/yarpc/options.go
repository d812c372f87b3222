package yarpcpeers

import (
	"time"

	"go.uber.org/zap"
)

// An Option changes a list from its defaults. Options of the hash ring fail
// the constructors of the other lists.
type Option func(*settings)

type settings struct {
	failFast  bool
	noShuffle bool
	seed      *int64
	timeout   time.Duration
	logger    *zap.Logger
	ring      ringSettings
}

func settingsOf(options []Option) settings {
	s := settings{logger: zap.NewNop(), ring: ringSettings{}}
	for _, option := range options {
		option(&s)
	}
	return s
}

// Capacity says how many peers to expect. It is a hint that these lists have
// no use for, accepted so that callers need not change.
func Capacity(int) Option { return func(*settings) {} }

// NoShuffle keeps peers in the order of the updates. By default the additions
// of each update are shuffled.
func NoShuffle() Option { return func(s *settings) { s.noShuffle = true } }

// FailFast makes Choose fail at once when no peer is available.
func FailFast() Option { return func(s *settings) { s.failFast = true } }

// Seed makes the shuffle and the policy repeatable. The order is another than
// YARPC's for the same seed.
func Seed(seed int64) Option { return func(s *settings) { s.seed = &seed } }

// DefaultChooseTimeout is how long Choose waits when its context has no
// deadline; 500 ms by default.
func DefaultChooseTimeout(timeout time.Duration) Option {
	return func(s *settings) { s.timeout = timeout }
}

// Logger gets a line at debug level for each update, and one at error level
// when the transport fails to release a peer and no call is there to be told.
func Logger(logger *zap.Logger) Option {
	return func(s *settings) {
		if logger != nil {
			s.logger = logger
		}
	}
}
