#!/usr/bin/env python3
"""Draws the panels of the dashboard from what a real Prometheus has.

    draw.py PROMETHEUS DASHBOARD SECONDS PICTURE

PROMETHEUS is host:port, SECONDS how long back the picture goes, PICTURE an .svg or .png. The panels are those
of the file for Grafana: their places, titles, units and expressions. Needs Debian's python3-matplotlib.
"""

import datetime
import json
import sys
import time
import urllib.parse
import urllib.request

import matplotlib

matplotlib.use("svg")
import matplotlib.dates  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import EngFormatter, MaxNLocator, PercentFormatter  # noqa: E402

UNITS = {
    "s": lambda: EngFormatter("s", places=0),
    "percentunit": lambda: PercentFormatter(1.0, decimals=0),
    "reqps": lambda: EngFormatter("", places=0),
    "ops": lambda: EngFormatter("", places=0),
}
# Points of a line.
STEPS = 120


def series(at, expression, since, until):
    expression = expression.replace("$__rate_interval", "8s").replace("$peer", ".*")
    # Both jobs scrape one process, and the chooser of an odd name is there for the tests.
    expression = expression.replace('chooser=~"$chooser"', 'job="prometheus",chooser=~"users|items"')
    arguments = {"query": expression, "start": since, "end": until, "step": (until - since) / STEPS}
    url = f"http://{at}/api/v1/query_range?{urllib.parse.urlencode(arguments)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["data"]["result"]


def label(form, labels):
    for key, value in labels.items():
        form = form.replace("{{" + key + "}}", value)
    return form


def colours(what):
    """Of the lines that have one of their own, by name."""
    overrides = what["fieldConfig"]["overrides"]
    return {one["matcher"]["options"]: one["properties"][0]["value"]["fixedColor"] for one in overrides}


def panel(axes, what, at, since, until):
    own = colours(what)
    custom = what["fieldConfig"]["defaults"]["custom"]
    lines = []
    for target in what["targets"]:
        for one in series(at, target["expr"], since, until):
            points = {float(t): float(v) for t, v in one["values"] if v not in ("NaN", "+Inf", "-Inf")}
            # What has always been 0 would fill the legend.
            if points and (any(points.values()) or len(what["targets"]) > 1 or not lines):
                lines.append((label(target["legendFormat"], one["metric"]), points))
    if custom["stacking"]["mode"] == "normal":
        lines = [line for line in lines if any(line[1].values())] or lines[:1]
        times = sorted(set().union(*(points for _, points in lines)))
        at_times = [datetime.datetime.fromtimestamp(t) for t in times]
        axes.stackplot(
            at_times, [[points.get(t, 0) for t in times] for _, points in lines],
            labels=[name for name, _ in lines], alpha=0.6,
            colors=[own.get(name, f"C{n}") for n, (name, _) in enumerate(lines)],
        )
    else:
        for n, (name, points) in enumerate(lines):
            times = [datetime.datetime.fromtimestamp(t) for t in points]
            axes.plot(times, points.values(), label=name, linewidth=1, color=own.get(name, f"C{n}"))
    axes.set_title(what["title"], fontsize=8, loc="left")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    unit = UNITS.get(what["fieldConfig"]["defaults"]["unit"])
    if unit:
        axes.yaxis.set_major_formatter(unit())
    axes.xaxis.set_major_locator(matplotlib.dates.AutoDateLocator(minticks=2, maxticks=4))
    axes.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%H:%M:%S"))
    axes.tick_params(labelsize=6)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=5, ncol=4, loc="upper left", bbox_to_anchor=(-0.02, -0.09), frameon=False)


def main():
    at, path, seconds, picture = sys.argv[1:]
    until = time.time()
    since = until - float(seconds)
    with open(path, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    height = max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in panels)
    figure = plt.figure(figsize=(14, height / 2.6))
    for one in panels:
        place = one["gridPos"]
        top = 1 - place["y"] / height
        if one["type"] == "row":
            figure.text(0.01, top - 0.5 / height, one["title"], fontsize=10, weight="bold", va="center")
            continue
        box = (place["x"] / 24 + 0.03, top - (place["h"] - 1.4) / height, place["w"] / 24 - 0.045, (place["h"] - 2.1) / height)
        panel(figure.add_axes(box), one, at, since, until)
    # No moment of the drawing in the file.
    figure.savefig(picture, dpi=80, metadata={"Date": None} if picture.endswith(".svg") else None)
    print(f"drawn: {picture}")


if __name__ == "__main__":
    main()
