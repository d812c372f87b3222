package main

import (
	"fmt"
	"strings"
)

// columns are the sides of a table, in their order.
var columns = []string{"chooser", "list", "YARPC's list"}

// wide tables say how the figures were come by, too.
var wide bool

// header begins a table in Markdown.
func header(names ...string) {
	cells := names
	for _, column := range columns {
		cells = append(cells, column+", ns")
	}
	cells = append(cells, "chooser / YARPC's", "list / YARPC's")
	if wide {
		cells = append(cells, "processor time", "allocations", "quiet rounds")
	}
	line(cells)
	fmt.Println(strings.Repeat("|---", len(cells)) + "|")
}

// row is what the sides have needed: time, and ratios of it; wide: ratios of processor time, allocations,
// and how many rounds counted.
func row(sides []result, names ...any) {
	var cells, processors, allocations, quiet []string
	for _, name := range names {
		cells = append(cells, fmt.Sprint(name))
	}
	for _, r := range sides {
		cells = append(cells, r.time())
		quiet = append(quiet, r.unless(fmt.Sprint(r.quiet)))
		allocations = append(allocations, r.unless(fmt.Sprintf("%.1f", r.allocations)))
	}
	yarpc := sides[len(sides)-1]
	for _, r := range sides[:len(sides)-1] {
		cells = append(cells, r.of(yarpc))
		processors = append(processors, ratio(r.cpuNanoseconds, yarpc.cpuNanoseconds))
	}
	if wide {
		cells = append(cells, strings.Join(processors, ", "), strings.Join(allocations, ", "), strings.Join(quiet, ", "))
	}
	line(cells)
}

func line(cells []string) { fmt.Println("| " + strings.Join(cells, " | ") + " |") }

func (r result) time() string {
	if r.quiet == 0 {
		return r.unless("~" + digits(r.cpuNanoseconds))
	}
	return digits(r.nanoseconds)
}

// of is the ratio of two times, of the clock if both have one.
func (r result) of(other result) string {
	if r.quiet > 0 && other.quiet > 0 {
		return ratio(r.nanoseconds, other.nanoseconds)
	}
	if text := ratio(r.cpuNanoseconds, other.cpuNanoseconds); text != none {
		return "~" + text
	}
	return none
}

// none stands for a side that did not take part.
const none = "–"

func (r result) unless(text string) string {
	if r.nanoseconds == 0 {
		return none
	}
	return text
}

func ratio(a, b float64) string {
	switch {
	case a == 0 || b == 0:
		return none
	case a/b < 0.01:
		return fmt.Sprintf("%.5f", a/b)
	}
	return fmt.Sprintf("%.2f", a/b)
}

// digits are a number with commas.
func digits(n float64) string {
	text := fmt.Sprintf("%.0f", n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
