package main

import (
	"os"
	"os/exec"
)

// run tests the packages; with a policy, those of the engine.
func (t tree) run(packages []string, policy string, into results) error {
	// Without vet, whose newer checks the code of YARPC does not pass.
	args := []string{"test", "-mod=mod", "-vet=off", "-count=1", "-timeout=4m", "-json", "-skip", skipped}
	for _, p := range packages {
		args = append(args, "./"+p)
	}
	command := exec.Command("go", args...)
	command.Dir = t.root
	// Deadlines of a few milliseconds are kept on a quiet machine only: YARPC's tests can be told to stretch
	// theirs.
	command.Env = append(os.Environ(), "PEERAGE_POLICY="+policy, "TEST_TIME_SCALE=4")
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	err = into.readEvents(out, policy)
	failed := len(into.failed)
	if ended := command.Wait(); err == nil && failed == 0 {
		// A test that fails is no failure to run it.
		err = ended
	}
	return err
}
