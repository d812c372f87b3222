package peerage_test

import (
	"strings"
	"testing"

	"peerage.dev/go"
)

func TestMetricsOfChoosers(t *testing.T) {
	transport := &fake{}
	one := running(t, transport, "round-robin", []string{"a:1", "b:1"}, peerage.WithName("users"))
	two := running(t, transport, "round-robin", nil, peerage.WithName("users"))
	pick, err := one.TryChoose(nil)
	must(t, err)
	defer pick.Finish(nil)
	text := peerage.MetricsText(peerage.MetricsOptions{}, one, nil, two)
	for _, want := range []string{
		"# TYPE peerage_requests_total counter\n",
		"peerage_peers{chooser=\"users\",status=\"available\"} 2\n",
		"peerage_pending_requests{chooser=\"users\"} 1\npeerage_pending_requests{chooser=\"users (2)\"} 0\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "peerage_peer_up") || strings.Contains(text, "# EOF") {
		t.Errorf("more than was asked for:\n%s", text)
	}
	must(t, two.Close())
	if strings.Contains(peerage.MetricsText(peerage.MetricsOptions{}, one, two), "users (2)") {
		t.Error("a chooser that was closed is there")
	}
}

func TestMetricsOfPeersAsOpenMetrics(t *testing.T) {
	chooser := running(t, &fake{}, "round-robin", []string{"a:1"}, peerage.WithName("users"))
	options := peerage.MetricsOptions{Format: peerage.OpenMetrics, Peers: true}
	text := peerage.MetricsText(options, chooser)
	if !strings.Contains(text, "peerage_peer_up{chooser=\"users\",peer=\"a:1\"} 1\n") {
		t.Errorf("no peer in:\n%s", text)
	}
	if !strings.HasSuffix(text, "\n# EOF\n") {
		t.Errorf("no end in:\n%s", text)
	}
	equal(t, "nothing", peerage.MetricsText(options), "# EOF\n")
	equal(t, "content type", options.Format.ContentType(), "application/openmetrics-text; version=1.0.0; charset=utf-8")
}
