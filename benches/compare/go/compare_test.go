package main

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// seen are the columns of the lines that a work prints in its smoke test.
func seen(t *testing.T, work string) (lines [][]string) {
	t.Helper()
	var out bytes.Buffer
	if err := compare(newRun(&out, true), work, "", nil); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) != 9 {
			t.Fatalf("%q has %d columns", line, len(columns))
		}
		if columns[0] != work || columns[1] != "go" || columns[6] != "yes" && columns[6] != "no" {
			t.Errorf("%q", line)
		}
		for _, number := range []string{columns[4], columns[5]} {
			if n, err := strconv.Atoi(number); err != nil || n < 1 {
				t.Errorf("%q: %q is no number of peers or threads", line, number)
			}
		}
		if value, err := strconv.ParseFloat(columns[8], 64); err != nil || value <= 0 || math.IsInf(value, 0) {
			t.Errorf("%q: %q is no figure", line, columns[8])
		}
		lines = append(lines, columns)
	}
	return lines
}

// Each work prints the figures of each side that takes part, and no other.
func TestEachWorkPrintsItsFigures(t *testing.T) {
	everywhere := []string{"round-robin", "weighted-round-robin", "two-random-choices", "fewest-pending-requests", "hashring32"}
	atOnce := []string{"add-all-ns", "flap-ns", "remove-all-ns"}
	oneByOne := append([]string{"add-one-ns", "remove-one-ns"}, atOnce...)
	latencies := []string{"calm-p50-ns", "calm-p99-ns", "calm-p999-ns", "flap-p50-ns", "flap-p99-ns", "flap-p999-ns"}
	yarpc := []string{"round-robin", "two-random-choices", "fewest-pending-requests", "hashring32"}
	grpc := []string{"round_robin", "weighted_round_robin", "least_request_experimental"}
	type expected struct {
		side     string
		policies []string
		figures  []string
		// How often each figure is there: for how many numbers of peers and threads.
		times int
	}
	for work, sides := range map[string][]expected{
		"choose": {
			{"peerage", append(everywhere, "random"), []string{"ns"}, 6},
			{"yarpc-go", append(yarpc, "random"), []string{"ns"}, 6},
			{"grpc-go", grpc, []string{"ns"}, 6},
		},
		"flaps": {
			{"peerage", everywhere, latencies, 1}, {"yarpc-go", yarpc, latencies, 1}, {"grpc-go", grpc, latencies, 1},
		},
		"members": {
			{"peerage", everywhere, oneByOne, 1}, {"yarpc-go", yarpc, oneByOne, 1}, {"grpc-go", grpc, atOnce, 1},
			{"hashmap", everywhere, []string{"add-one-ns", "remove-one-ns", "add-all-ns", "remove-all-ns"}, 1},
		},
		"wake": {
			{"peerage", []string{"round-robin"}, []string{"wake-us"}, 2},
			{"yarpc-go", []string{"round-robin"}, []string{"wake-us"}, 2},
			{"condvar", []string{"sync.Cond"}, []string{"wake-us"}, 2},
		},
		"memory": {
			{"peerage", everywhere, []string{"bytes"}, 1}, {"yarpc-go", yarpc, []string{"bytes"}, 1},
			{"grpc-go", grpc, []string{"bytes"}, 1},
		},
	} {
		t.Run(work, func(t *testing.T) {
			var got, want []string
			for _, columns := range seen(t, work) {
				got = append(got, strings.Join([]string{columns[2], columns[3], columns[7]}, " "))
			}
			for _, side := range sides {
				for _, policy := range side.policies {
					for _, figure := range side.figures {
						want = append(want, slices.Repeat([]string{side.side + " " + policy + " " + figure}, side.times)...)
					}
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func TestWhatIsAskedFor(t *testing.T) {
	for _, test := range []struct {
		only, policy string
		rest         []string
		message      string
	}{
		{"chose", "", nil, `there is no work "chose"`},
		{"choose", "rondom", nil, `nothing is compared with a policy "rondom"`},
		{"", "", []string{"choose"}, `"choose" is not understood, only the options --quick, --only and --policy are`},
	} {
		var out bytes.Buffer
		err := compare(newRun(&out, true), test.only, test.policy, test.rest)
		if err == nil || err.Error() != test.message || out.Len() != 0 {
			t.Errorf("got %v and %q, want %q", err, out.String(), test.message)
		}
	}
}
