//go:build race || asan || msan

package peerage_test

// The instrumentation of these builds allocates.
const instrumented = true
