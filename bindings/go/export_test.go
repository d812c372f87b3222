package peerage

// Handles returns how many Go values C holds a handle of.
func Handles() int64 { return handles.Load() }

// Numbered returns how many peers of a chooser's transport have a number.
func Numbered(c *Chooser) int {
	peers := &c.core.Load().transport.peers
	peers.mu.Lock()
	defer peers.mu.Unlock()
	return int(peers.used) - len(peers.free)
}

// ChooseInC has a chooser ask C for every choice.
func ChooseInC(c *Chooser) { c.core.Load().memory = memory{} }

// ChoosesInGo says whether a chooser chooses in Go.
func ChoosesInGo(c *Chooser) bool { return c.core.Load().memory.draw != 0 }
