package peerage_test

import (
	"testing"

	"peerage.dev/go"
)

// owners says which of eight peers owns the keys of 1 to 100 bytes, none of them text: as in
// tests/binary_keys.rs.
const owners = "5006140635551745367317103343233274433055157034120701702100542020" +
	"423720120541144173637557756030330312"

func binaryKey(length int) string {
	key := make([]byte, length)
	for i := range key {
		key[i] = byte(219 + 37*i)
	}
	return string(key)
}

// ownersOf asks for the owners of all keys, in requests that are made of them.
func ownersOf(t *testing.T, policy string, request func(key string) *peerage.Request) string {
	t.Helper()
	chooser := running(t, &fake{}, policy, names(8))
	var found []byte
	for length := 1; length <= len(owners); length++ {
		asked := request(binaryKey(length))
		pick, err := chooser.TryChoose(asked)
		must(t, err)
		tried := pick.Peer().ID()
		pick.Finish(nil)
		equal(t, "the peer of a choice that may wait", choose(t, chooser, asked), tried)
		found = append(found, tried[len("10.0.0.")])
	}
	return string(found)
}

func TestKeysAreBytes(t *testing.T) {
	// With nothing but a key, with more, and in a header.
	equal(t, "owners", ownersOf(t, "hashring32", func(key string) *peerage.Request {
		return &peerage.Request{ShardKey: key}
	}), owners)
	equal(t, "owners", ownersOf(t, "hashring32", func(key string) *peerage.Request {
		return &peerage.Request{ShardKey: key, RoutingKey: "\xfe\x00", RoutingDelegate: "\xff"}
	}), owners)
	ring := "hashring32:alternate-shard-key-header=id"
	equal(t, "owners", ownersOf(t, ring, func(key string) *peerage.Request {
		return &peerage.Request{ShardKey: "\xff", Headers: map[string]string{"ID": key, "other": "\xff\x00"}}
	}), owners)
}

func TestHeadersThatAreNoNumberAndNoName(t *testing.T) {
	chooser := running(t, &fake{}, "hashring32:offset-header=n,peer-override-header=peer", names(8))
	at := func(name, value string) string {
		headers := map[string]string{name: value}
		return choose(t, chooser, &peerage.Request{ShardKey: "\xff\x00", Headers: headers})
	}
	equal(t, "owner", at("other", ""), "10.0.0.4:80")
	equal(t, "the next", at("n", "1"), "10.0.0.2:80")
	equal(t, "named", at("peer", "10.0.0.6:80"), "10.0.0.6:80")
	for _, wild := range []string{"\xff", "1\xff", "1\x00", "\x00"} {
		equal(t, "owner", at("n", wild), "10.0.0.4:80")
	}
	for _, wild := range []string{"\xff", "10.0.0.6:80\xff", "10.0.0.6:80\x00"} {
		equal(t, "owner", at("peer", wild), "10.0.0.4:80")
	}
}

func TestPoliciesInGoSeeBytes(t *testing.T) {
	policy := &turns{}
	chooser := running(t, &fake{}, "", []string{"a"}, peerage.WithCustomPolicy(policy))
	choose(t, chooser, &peerage.Request{ShardKey: "\xff\x00", RoutingKey: "\x00\xfe", RoutingDelegate: "\xed\xa0\x80"})
	last := policy.asked[len(policy.asked)-1]
	equal(t, "shard key", last.ShardKey, "\xff\x00")
	equal(t, "routing key", last.RoutingKey, "\x00\xfe")
	equal(t, "routing delegate", last.RoutingDelegate, "\xed\xa0\x80")
}

func TestDirectWantsText(t *testing.T) {
	chooser := running(t, &fake{}, "direct", nil)
	for _, key := range []string{"", "\xff", "a:1\xc3"} {
		_, err := chooser.Choose(soon(t), &peerage.Request{ShardKey: key})
		wants(t, err, peerage.ErrInvalidArgument)
		_, err = chooser.TryChoose(&peerage.Request{ShardKey: key})
		wants(t, err, peerage.ErrInvalidArgument)
	}
	equal(t, "peers", chooser.Stats().Peers, 0)
	equal(t, "peer", choose(t, chooser, &peerage.Request{ShardKey: "café:80"}), "café:80")
}
