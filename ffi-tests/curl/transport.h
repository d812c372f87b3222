/*
 * HTTP through libcurl as a transport of peerage.
 *
 * HTTP has no connection to watch, so the transport learns in two ways how its peers are. A request
 * that cannot be sent, or gets no answer, makes its peer unavailable at once: no other request goes
 * there. And a thread probes the peers that are not available, less and less often, until they
 * answer.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <curl/curl.h>
#include <peerage.h>

typedef struct http_transport http_transport;

/* Starts the thread that probes. NULL if that fails. Call curl_global_init before. */
http_transport *http_transport_new(void);

/* For the options of a chooser; borrowed. Peers are called `host:port`. */
const peerage_transport *http_transport_handle(const http_transport *transport);

/* Ends the thread and gives the transport up. Its memory stays as long as a chooser uses it. */
void http_transport_close(http_transport *transport);

/* GETs `path` from the peer that was picked, writes up to `len` - 1 bytes of the answer to `body`,
 * and finishes the pick. CURLE_OK if there was an answer below 400. A handle serves one thread at a
 * time, and any peer. */
CURLcode http_transport_get(CURL *curl, peerage_pick *pick, const char *path, char *body,
                            size_t len);

#endif
