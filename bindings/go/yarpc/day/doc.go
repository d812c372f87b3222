// Package day holds tests only: a day in the life of a client whose peer lists
// are those of yarpcpeers, with nothing in it that stands in for YARPC.
//
// Dispatchers of YARPC call three servers over HTTP, gRPC and TChannel on
// loopback, by every policy. Servers stop and start again, contexts end,
// dispatchers stop. Each scene is a test, and each transport and policy a
// subtest of it, which looks at how the calls are shared, at the codes and
// texts of errors, and in the end at YARPC's status page: no request may be
// left pending there.
//
//	network_test.go   the transports
//	server_test.go    a server
//	client_test.go    a client, made in code or of a file
//	policy_test.go    the policies, and what each promises
//	time_test.go      how long what may take
//
// The other files are the scenes.
package day
