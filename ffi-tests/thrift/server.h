// A server that echoes, as a process of its own runs it.
#ifndef SERVER_H
#define SERVER_H

// Serves 127.0.0.1:`port` (0: any), writes the port to the standard output, and returns when the
// standard input ends: it never outlives who started it.
int serve(int port);

#endif
