package yarpcpeers

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"peerage.dev/go"

	"go.uber.org/yarpc/yarpcerrors"
)

// Configuration is what a configuration file may say of a list. What it does
// not say is left as the options of the Spec have it:
//
//	least-loaded:
//	  peers:
//	    - 127.0.0.1:8080
//	  failFast: true
//	  defaultChooseTimeout: 1s
//	  drainTimeout: 10s
//	  settings: errors=on,choices=3
//	  options: max-pending=20,eject=5
//
// capacity, failFast and defaultChooseTimeout are YARPC's. settings are keys
// of the policy, as for [New], and options those of [Options].
type Configuration struct {
	Capacity             *int           `config:"capacity"`
	FailFast             *bool          `config:"failFast"`
	DefaultChooseTimeout *time.Duration `config:"defaultChooseTimeout"`
	DrainTimeout         *time.Duration `config:"drainTimeout"`
	Settings             string         `config:"settings"`
	Options              string         `config:"options"`
}

// HashRing32Configuration is what a configuration file may say of a ring. The
// last four are not YARPC's: see [MaxOffset], and the others in [Configuration].
type HashRing32Configuration struct {
	OffsetHeader            *string        `config:"offsetHeader"`
	OffsetGeneratorValue    *int           `config:"offsetGeneratorValue"`
	PeerOverrideHeader      *string        `config:"peerOverrideHeader"`
	AlternateShardKeyHeader *string        `config:"alternateShardKeyHeader"`
	ReplicaDelimiter        *string        `config:"replicaDelimiter"`
	NumReplicas             int            `config:"numReplicas"`
	NumPeersEstimate        int            `config:"numPeersEstimate"`
	DefaultChooseTimeout    *time.Duration `config:"defaultChooseTimeout"`
	MaxOffset               *int           `config:"maxOffset"`
	DrainTimeout            *time.Duration `config:"drainTimeout"`
	Settings                string         `config:"settings"`
	Options                 string         `config:"options"`
}

// DirectConfiguration is what a configuration file may say of a [Direct],
// each as in [Configuration]; YARPC's has nothing to say.
type DirectConfiguration struct {
	FailFast             *bool          `config:"failFast"`
	DefaultChooseTimeout *time.Duration `config:"defaultChooseTimeout"`
	DrainTimeout         *time.Duration `config:"drainTimeout"`
	Settings             string         `config:"settings"`
	Options              string         `config:"options"`
}

// A configuration says what is wrong with it that no constructor would find, and which options it stands
// for: those only that it mentions.
type configuration interface {
	check(list string) error
	options() []Option
}

func (c Configuration) check(list string) error {
	if c.Capacity != nil && *c.Capacity <= 0 {
		return yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument,
			"Capacity must be greater than 0. Got: %d.", *c.Capacity)
	}
	return checkTimes(list, c.DefaultChooseTimeout, c.DrainTimeout)
}

func (c Configuration) options() []Option {
	return slices.Concat(
		said(c.FailFast, failFast),
		said(c.DefaultChooseTimeout, DefaultChooseTimeout),
		said(c.DrainTimeout, DrainTimeout),
		[]Option{Settings(c.Settings), Options(c.Options)},
	)
}

func (c HashRing32Configuration) check(list string) error {
	return checkTimes(list, c.DefaultChooseTimeout, c.DrainTimeout)
}

func (c HashRing32Configuration) options() []Option {
	var replicas *int
	if c.NumReplicas != 0 { // As YARPC has it.
		replicas = &c.NumReplicas
	}
	return slices.Concat(
		said(c.OffsetHeader, OffsetHeader),
		said(c.OffsetGeneratorValue, OffsetGeneratorValue),
		said(c.PeerOverrideHeader, PeerOverrideHeader),
		said(c.AlternateShardKeyHeader, AlternateShardKeyHeader),
		said(c.ReplicaDelimiter, ReplicaDelimiter),
		said(replicas, NumReplicas),
		said(c.MaxOffset, MaxOffset),
		said(c.DefaultChooseTimeout, DefaultChooseTimeout),
		said(c.DrainTimeout, DrainTimeout),
		[]Option{Settings(c.Settings), Options(c.Options)},
	)
}

func (c DirectConfiguration) check(list string) error {
	return checkTimes(list, c.DefaultChooseTimeout, c.DrainTimeout)
}

func (c DirectConfiguration) options() []Option {
	return slices.Concat(
		said(c.FailFast, failFast),
		said(c.DefaultChooseTimeout, DefaultChooseTimeout),
		said(c.DrainTimeout, DrainTimeout),
		[]Option{Settings(c.Settings), Options(c.Options)},
	)
}

// said is the option that a value stands for, if the file has it.
func said[V any](value *V, option func(V) Option) []Option {
	if value == nil {
		return nil
	}
	return []Option{option(*value)}
}

func checkTimes(list string, choose, drain *time.Duration) error {
	for _, c := range []struct {
		name  string
		given *time.Duration
	}{{"defaultChooseTimeout", choose}, {"drainTimeout", drain}} {
		if c.given != nil && *c.given < 0 {
			return yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument, "%w", negative(list, c.name, *c.given))
		}
	}
	return nil
}

// inFile is the error of a constructor as it fits a file: the library's sentence, without the place in its
// own grammar, and with the file's name for the setting.
func inFile(list string, err error) error {
	failed := (*peerage.Error)(nil)
	if !errors.As(err, &failed) {
		return err
	}
	text := place.ReplaceAllString(failed.Message, "")
	if key, rest, found := strings.Cut(text, "="); found && inFiles[key] != "" {
		text = inFiles[key] + "=" + rest
	}
	return because(yarpcerrors.CodeInvalidArgument, list+": "+text, failed, nil)
}

// place is where the library has found something: in a text that the file does not have.
var place = regexp.MustCompile(`^(policy "[^"]*"|options) at byte \d+: `)

// inFiles are the names that files have for keys of the library's.
var inFiles = map[string]string{
	"replicas":                   "numReplicas",
	"offset-generator":           "offsetGeneratorValue",
	"max-offset":                 "maxOffset",
	"offset-header":              "offsetHeader",
	"peer-override-header":       "peerOverrideHeader",
	"alternate-shard-key-header": "alternateShardKeyHeader",
	"delimiter":                  "replicaDelimiter",
}
