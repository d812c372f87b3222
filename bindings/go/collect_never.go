//go:build !peerage_debug

package peerage

func collectGarbage() {}
