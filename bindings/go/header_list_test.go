package peerage_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"peerage.dev/go"
)

// Headers arrive from the map, from the list and from both, few or many.
func TestHeadersOfEitherForm(t *testing.T) {
	chooser := running(t, &fake{}, "hashring32:peer-override-header=x-peer", names(20))
	for _, others := range []int{0, 1, 2, 3, 40} {
		for position := range 2 {
			for _, id := range names(20) {
				named := peerage.Header{Name: "X-Peer", Value: id}
				request := &peerage.Request{ShardKey: "k", Headers: map[string]string{}}
				for i := range others {
					name, value := fmt.Sprint("other-", i), strings.Repeat("x", i)
					if i%2 == 0 {
						request.Headers[name] = value
					} else {
						request.HeaderList = append(request.HeaderList, peerage.Header{Name: name, Value: value})
					}
				}
				if position == 0 {
					request.HeaderList = append(request.HeaderList, named)
				} else {
					request.Headers[named.Name] = named.Value
				}
				equal(t, fmt.Sprint(others, " others"), choose(t, chooser, request), id)
				value, has := request.Header("x-peer")
				equal(t, "value", value, id)
				equal(t, "has it", has, true)
			}
		}
	}
	if _, err := chooser.Choose(soon(t), &peerage.Request{HeaderList: []peerage.Header{{Name: "\xff"}}}); err == nil {
		t.Fatal("a name that is not UTF-8 was taken")
	}
}

// Of two headers of one name the map's counts, however many there are, and for Request.Header too.
func TestAHeaderInBothForms(t *testing.T) {
	chooser := running(t, &fake{}, "hashring32:peer-override-header=x-peer", names(20))
	first, last := names(20)[0], names(20)[19]
	for _, others := range []int{0, 1, 2, 40} {
		request := &peerage.Request{
			Headers:    map[string]string{"x-peer": first},
			HeaderList: make([]peerage.Header, others, others+1),
		}
		for i := range others {
			request.HeaderList[i].Name = fmt.Sprint("other-", i)
		}
		request.HeaderList = append(request.HeaderList, peerage.Header{Name: "x-peer", Value: last})
		equal(t, fmt.Sprint("chosen beside ", others), choose(t, chooser, request), first)
		value, _ := request.Header("x-peer")
		equal(t, "value", value, first)
	}
}

// A choice with a few headers allocates nothing, wherever its request and its texts are.
func TestFewHeadersCostNothing(t *testing.T) {
	if instrumented {
		t.Skip("the instrumentation allocates")
	}
	chooser := running(t, &fake{}, "hashring32:offset-header=x-offset", names(20))
	ctx := soon(t)
	digits := strconv.Itoa(300)
	allocations := testing.AllocsPerRun(1_000, func() {
		room := [3]peerage.Header{{Name: "x-other", Value: "1"}, {Name: "x-offset", Value: digits[:1]}, {Name: "y"}}
		pick, err := chooser.Choose(ctx, &peerage.Request{ShardKey: digits, HeaderList: room[:]})
		if err == nil {
			pick.Finish(nil)
		}
	})
	equal(t, "allocations", allocations, 0)
}

// A policy in Go, which a choice calls back, finds texts of a request that were on the caller's stack, also
// when its own call has moved that.
func TestAPolicyFindsTextsOfTheStack(t *testing.T) {
	var key, header string
	policy := &oracle{seen: func(request *peerage.Request) {
		deepen(2_000)
		header, _ = request.Header("Key")
		key = request.ShardKey
	}}
	chooser := running(t, &fake{}, "", names(3), peerage.WithCustomPolicy(policy))
	done := make(chan struct{})
	for i := range 100 {
		go func() { // A new goroutine's stack is small.
			defer func() { done <- struct{}{} }()
			text := string(strconv.AppendInt(make([]byte, 0, 8), int64(1_000+i), 10))
			choose(t, chooser, &peerage.Request{
				ShardKey: text, HeaderList: []peerage.Header{{Name: "Key", Value: text}},
			})
		}()
		<-done
		equal(t, "header", header, strconv.Itoa(1_000+i))
		equal(t, "shard key", key, strconv.Itoa(1_000+i))
	}
}

// deepen makes the stack grow.
func deepen(depth int) int {
	var room [64]byte
	if depth == 0 {
		return len(room)
	}
	return deepen(depth-1) + int(room[depth%64])
}
