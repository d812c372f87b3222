//go:build !race && !asan && !msan

package peerage_test

const instrumented = false
