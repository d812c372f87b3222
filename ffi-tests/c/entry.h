/*
 * What a status page has of one peer.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "fake.h"

/* The entry of a peer in a snapshot taken now; its texts go with the next call. No chooser: the last
 * one goes. */
static inline peerage_snapshot_peer entry(const peerage_chooser *chooser, const char *id)
{
    static peerage_snapshot *snapshot;
    peerage_snapshot_peer found;
    size_t n;
    peerage_snapshot_free(snapshot);
    snapshot = NULL;
    memset(&found, 0, sizeof found);
    if (!chooser)
        return found;
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    for (n = 0; n < peerage_snapshot_len(snapshot); n++) {
        IS(peerage_snapshot_get(snapshot, n, &found, sizeof found), PEERAGE_OK);
        CHECK(found.ejected_for_ns == 0);
        if (same(found.id, id))
            return found;
    }
    CHECK(!"the peer is in the snapshot");
    return found;
}

#endif
