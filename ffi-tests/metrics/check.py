#!/usr/bin/env python3
"""Asks a real Prometheus whether it has what the example says of itself.

    check.py EXAMPLE PROMETHEUS MADE WELL DASHBOARD

EXAMPLE and PROMETHEUS are host:port, MADE and WELL how many requests the example has made and how many of
them ended well, DASHBOARD is the file for Grafana. Prometheus scrapes the example as two jobs,
`openmetrics` and `prometheus`, the second with peers.
"""

import json
import sys
import time
import urllib.parse
import urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families as strict
from prometheus_client.parser import text_string_to_metric_families as plain

# How long Prometheus may take to have scraped what there is.
PATIENCE = 30
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def fetch(url, accept="*/*"):
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


class Prometheus:
    def __init__(self, at):
        self.api = f"http://{at}/api/v1/"

    def ask(self, what, **arguments):
        answer = json.loads(fetch(self.api + what + "?" + urllib.parse.urlencode(arguments))[1])
        assert answer["status"] == "success", answer
        return answer["data"]

    def query(self, expression):
        try:
            return self.ask("query", query=expression)["result"]
        except urllib.error.HTTPError as error:
            sys.exit(f"Prometheus refuses {expression}: {error.read().decode()}")

    def number(self, expression):
        result = self.query(expression)
        return float(result[0]["value"][1]) if len(result) == 1 else None

    def becomes(self, expression, wanted):
        """Waits until a scrape has brought the number."""
        end = time.monotonic() + PATIENCE
        while True:
            found = self.number(expression)
            if found == wanted:
                print(f"{expression} is {wanted}")
                return
            if time.monotonic() > end:
                sys.exit(f"{expression} is {found}, and not {wanted}")
            time.sleep(0.2)


def parse(example):
    """Both texts, by the parsers of Prometheus' own client for Python."""
    for query in ("", "?peers"):
        kind, text = fetch(f"http://{example}/metrics{query}", OPENMETRICS)
        assert "openmetrics" in kind, kind
        first = {family.name: family for family in strict(text)}
        kind, text = fetch(f"http://{example}/metrics{query}")
        assert "version=0.0.4" in kind, kind
        second = {family.name: family for family in plain(text)}
        assert first.keys() == second.keys(), first.keys() ^ second.keys()
        for name, family in first.items():
            assert family.type == second[name].type, name
            keys = {(sample.name, *sorted(sample.labels.items())) for sample in family.samples}
            assert len(keys) == len(family.samples), f"{name} has a series twice"
        names = {sample.labels["chooser"] for sample in first["peerage_running"].samples}
        # A name of any text, as the library writes it within a line.
        assert names == {"users", "items", 'odd "\\\\\\n{},= \u00e9'}, names
        print(f"/metrics{query}: {len(first)} families, in both formats, and no series twice")


def scrapes(prometheus):
    targets = prometheus.ask("targets")["activeTargets"]
    assert len(targets) == 2, targets
    for target in targets:
        assert target["health"] == "up" and target["lastError"] == "", target
    for job in ("openmetrics", "prometheus"):
        assert prometheus.number(f'min_over_time(up{{job="{job}"}}[1h])') == 1, f"{job} was down"
        samples = prometheus.number(f'min_over_time(scrape_samples_scraped{{job="{job}"}}[1h])')
        assert samples > 100, samples
        print(f"job {job}: up at every scrape, {samples:.0f} samples or more")


def metadata(prometheus):
    families = prometheus.ask("metadata")
    for name, facts in families.items():
        assert name.startswith("peerage_"), name
        assert all(fact["help"] and fact["type"] != "unknown" for fact in facts), facts


def dashboard(prometheus, path):
    with open(path, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    count = 0
    for panel in panels:
        for target in panel.get("targets", []):
            expression = target["expr"].replace("$__rate_interval", "20s")
            for variable in ("$chooser", "$peer"):
                expression = expression.replace(variable, ".*")
            assert "$" not in expression, expression
            if not prometheus.query(expression):
                sys.exit(f"panel {panel['title']!r}: no data for {expression}")
            count += 1
    print(f"{count} expressions of {path} have data")


def main():
    example, at, made, well, path = sys.argv[1:]
    prometheus = Prometheus(at)
    parse(example)
    for job in ("openmetrics", "prometheus"):
        of = f'peerage_requests_total{{job="{job}"'
        prometheus.becomes(f"sum({of}}})", float(made))
        prometheus.becomes(f'sum({of},outcome="success"}})', float(well))
        prometheus.becomes(f'sum(peerage_pending_requests{{job="{job}"}})', 0.0)
    prometheus.becomes("sum(peerage_peer_requests_total)", float(made))
    scrapes(prometheus)
    metadata(prometheus)
    dashboard(prometheus, path)


if __name__ == "__main__":
    main()
