/*
 * hiredis on the loop: what its own adapters are for libev, libuv and others.
 */
#ifndef ADAPTER_H
#define ADAPTER_H

#include "loop.h"

#include <hiredis/async.h>

/* Lets the loop drive a connection, until hiredis frees it. 0, or -1 if there is no memory. */
int adapter_attach(loop *loop, redisAsyncContext *redis);

#endif
