package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// watched is how the clocks stood when a round began.
type watched struct {
	begun time.Time
	own   time.Duration
	all   time.Duration
}

// spending is what a round took.
type spending struct {
	clock time.Duration
	// Of this process.
	processors time.Duration
	// Of everything else on the machine, its host included.
	others time.Duration
}

func watch() watched { return watched{all: machineTime(), own: ownTime(), begun: time.Now()} }

func (w watched) spent() spending {
	s := spending{clock: time.Since(w.begun), processors: ownTime() - w.own}
	s.others = machineTime() - w.all - s.processors
	return s
}

// isQuiet says whether the rest of the machine took less than 15 % of one core: then each goroutine had
// one of its own if there are as many. The machine's time comes in steps of 10 ms, of which a round of
// less than that sees none.
func (s spending) isQuiet() bool { return s.others < max(s.clock*15/100, 9*time.Millisecond) }

// ownTime is the processor time that this process has spent so far.
func ownTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// tick is the unit of /proc/stat.
const tick = 10 * time.Millisecond

// machineTime is the time that the processors of the machine were not idle; 0 where /proc/stat does not
// say so, and then every round counts.
func machineTime() (busy time.Duration) {
	file, err := os.Open("/proc/stat")
	if err != nil {
		return 0
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Scan()
	// cpu user nice system idle iowait irq softirq steal; what follows is counted in user.
	for i, field := range strings.Fields(lines.Text()) {
		if i == 0 || i == 4 || i == 5 || i > 8 {
			continue
		}
		if ticks, err := strconv.ParseInt(field, 10, 64); err == nil {
			busy += time.Duration(ticks) * tick
		}
	}
	return busy
}
