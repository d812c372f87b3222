/*
 * A request is an ordinary transfer of libcurl, to the server that the pick carries as its data.
 * What came of it is told twice: to the transport, if the server seems to be gone, and to the
 * chooser, whose pick ends here.
 */
#include "remote.h"

#include <stdio.h>
#include <string.h>

typedef struct buffer {
    char *bytes;
    size_t len, used;
} buffer;

static size_t keep(char *bytes, size_t size, size_t n, void *arg)
{
    buffer *self = arg;
    size_t room = self->len - self->used;
    size_t fits = size * n < room ? size * n : room;
    memcpy(self->bytes + self->used, bytes, fits);
    self->used += fits;
    return size * n;
}

CURLcode http_transport_get(CURL *curl, peerage_pick *pick, const char *path, char *body,
                            size_t len)
{
    remote *remote = peerage_pick_data(pick);
    char url[512];
    buffer answer;
    long code = 0;
    CURLcode result;
    int32_t outcome;
    answer.bytes = body;
    answer.len = len - 1;
    answer.used = 0;
    snprintf(url, sizeof url, "%s%s", remote->url, path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 1000L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 2000L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    body[answer.used] = 0;
    outcome = result == CURLE_OK ? PEERAGE_OUTCOME_SUCCESS
              : code == 503      ? PEERAGE_OUTCOME_OVERLOADED
                                 : PEERAGE_OUTCOME_FAILURE;
    /* An answer, even a bad one, is one: the server is there. */
    if (result != CURLE_OK && result != CURLE_HTTP_RETURNED_ERROR)
        remote_failed(remote);
    peerage_pick_finish(pick, outcome);
    return result;
}
