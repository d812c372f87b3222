package peerage_test

import (
	"context"
	"fmt"
	"testing"

	"peerage.dev/go"
)

// BenchmarkChoose measures a choice and its finish; -cpu 1,2 for one goroutine and for two.
func BenchmarkChoose(b *testing.B) {
	for _, policy := range []string{
		"round-robin", "random", "two-random-choices", "fewest-pending-requests", "hashring32",
		"two-random-choices:errors=on", "least-loaded", "least-latency:measure=off", "least-latency",
	} {
		for _, peers := range []int{10, 1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", policy, peers), func(b *testing.B) {
				chooser := running(b, &fake{}, policy, names(peers))
				var request *peerage.Request
				if policy == "hashring32" {
					request = &peerage.Request{ShardKey: "user-42"}
				}
				b.ReportAllocs()
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					ctx := context.Background()
					for pb.Next() {
						pick, err := chooser.Choose(ctx, request)
						if err != nil {
							b.Error(err)
							return
						}
						pick.Finish(nil)
					}
				})
			})
		}
	}
}
