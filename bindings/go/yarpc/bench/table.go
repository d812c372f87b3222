package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

type table struct{ out *tabwriter.Writer }

func newTable(out io.Writer) *table {
	t := &table{tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)}
	fmt.Fprintln(t.out, "\t\t\tpeerage\t\t\tas a YARPC list\t\t\tratio\t")
	fmt.Fprintln(t.out, "policy\tpeers\tgoroutines\tns\tcpu ns\tallocs\tns\tcpu ns\tallocs\tcpu\t")
	return t
}

func (t *table) row(policy string, peers, goroutines int, sides []result) {
	fmt.Fprintf(t.out, "%s\t%d\t%d\t", policy, peers, goroutines)
	for _, side := range sides {
		fmt.Fprintf(t.out, "%.0f\t%.0f\t%.1f\t", side.nanoseconds, side.cpuNanoseconds, side.allocations)
	}
	fmt.Fprintf(t.out, "%.2f\t\n", sides[1].cpuNanoseconds/sides[0].cpuNanoseconds)
}

func (t *table) end() { t.out.Flush() }
