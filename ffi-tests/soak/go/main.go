// Command soak is the client in Go. src/bin/client/main.rs says what a client takes and says.
//
//	link.go     a connection, and what is said on it
//	tally.go    what is counted, and how it is said
//	calls.go    a call: choose, send, finish, and again elsewhere
//	watched.go  a transport of its own
//	stage.go    the goroutines, which pause and go on together
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	peerage "peerage.dev/go"
)

// patience is how long requests may take to end once no new ones begin, and peers to be released.
const patience = 5 * time.Second

// fed is a chooser with what feeds it.
type fed struct {
	*peerage.Chooser
	updater *peerage.Updater
}

// work is what each goroutine does.
type work struct {
	// line is a request.
	line     string
	every    time.Duration
	seed     uint64
	plant    string
	choosers []fed
	kept     kept
}

// kept is what planted faults keep from the collector.
type kept struct {
	lock   sync.Mutex
	memory [][]byte
	files  []*os.File
}

func (w *work) newTally() tally { return tally{choosers: make([]chooserTally, len(w.choosers))} }

func main() {
	words := os.Args[1:]
	if len(words) < 10 || len(words)%5 != 0 {
		fmt.Fprintln(os.Stderr, "usage: client NUMBER THREADS RATE SEED PLANT [CHOOSER]...")
		os.Exit(2)
	}
	threads, rate := must(strconv.Atoi(words[1])), must(strconv.Atoi(words[2]))
	w := &work{
		line:  words[0] + "\n",
		every: time.Second * time.Duration(threads) / time.Duration(rate),
		seed:  must(strconv.ParseUint(words[3], 10, 64)),
		plant: words[4],
	}
	for at := 5; at < len(words); at += 5 {
		w.choosers = append(w.choosers, start(words[at:at+5]))
	}
	for _, chooser := range w.choosers {
		awaitPeers(chooser)
	}
	fmt.Println(`{"event":"ready"}`)

	stage := newStage(w, threads)
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		switch input.Text() {
		case "mark":
			w.say("marked", stage.pause())
		case "go":
			stage.goOn(going)
		case "stop":
			counted := stage.pause()
			for _, chooser := range w.choosers {
				must(0, chooser.updater.Stop())
				must(0, chooser.Stop())
			}
			w.say("stopped", counted)
			stage.end()
			for _, chooser := range w.choosers {
				must(0, chooser.updater.Close())
				must(0, chooser.Close())
			}
			return
		}
	}
	os.Exit(3) // the director is gone
}

// start makes what five words of the command line name.
func start(words []string) fed {
	options, name := peerage.WithOptions(words[2]), peerage.WithName(words[0])
	var chooser *peerage.Chooser
	if words[3] == "watched" {
		chooser = must(peerage.NewChooser(watched{}, words[1], options, name))
	} else {
		probing := must(peerage.NewProbingTransport(words[3], nil))
		chooser = must(probing.NewChooser(words[1], options, name))
	}
	must(0, chooser.Start())
	return fed{chooser, must(peerage.Feed(chooser, words[4]))}
}

func awaitPeers(chooser fed) {
	for begun := time.Now(); chooser.Stats().Available == 0; time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > 2*patience {
			fmt.Fprintln(os.Stderr, "no peer came:", chooser)
			os.Exit(1)
		}
	}
}

// say says what was counted, when what has left is released and what was freed is given back.
func (w *work) say(event string, counted tally) {
	for _, chooser := range w.choosers {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		if err := chooser.Drain(ctx); err != nil { // it is in the numbers
			fmt.Fprintln(os.Stderr, err)
		}
		cancel()
	}
	debug.FreeOSMemory()
	fmt.Println(string(must(json.Marshal(counted.said(event, w.choosers)))))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
