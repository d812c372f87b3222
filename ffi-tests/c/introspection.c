/*
 * What a chooser looks like: counts that fit any size of struct, a snapshot that stays as it was
 * taken, a description that is cut between characters and always ends.
 */
#include "fake.h"
#include <stddef.h>

/* Two, three and four bytes for a character. */
static const char *const names[] = { "caf\xc3\xa9:1", "\xe6\x9d\xb1\xe4\xba\xac:2",
                                     "\xf0\x9f\x8c\x8d\xf0\x9f\x8c\x8e:3" };

static void stats_of_any_size(const peerage_chooser *chooser)
{
    struct newer {
        peerage_stats stats;
        unsigned char later[16];
    } big;
    /* What is before it does not change from call to call, as it does. */
    const size_t still = offsetof(peerage_stats, update_age_ns);
    unsigned char bytes[sizeof(peerage_stats) + 1];
    peerage_stats whole;
    size_t size;
    IS(peerage_chooser_stats(chooser, &whole, sizeof whole), PEERAGE_OK);
    CHECK(whole.peers == 3 && whole.available == 2 && whole.pending == 1);
    CHECK(whole.waiting == 0 && whole.uninitialized == 0 && whole.reserved == 0);
    CHECK(whole.state == PEERAGE_STATE_RUNNING);
    /* Older: as much as fits, and not a byte more. */
    for (size = 1; size <= sizeof whole; size++) {
        FILL(bytes);
        IS(peerage_chooser_stats(chooser, (peerage_stats *)(void *)bytes, size), PEERAGE_OK);
        CHECK(memcmp(bytes, &whole, size < still ? size : still) == 0);
        CHECK(is_pattern(bytes + size, sizeof bytes - size));
    }
    /* Newer: what this library does not know is 0. */
    FILL(big);
    IS(peerage_chooser_stats(chooser, &big.stats, offsetof(struct newer, later) + 8),
       PEERAGE_OK);
    CHECK(memcmp(&big.stats, &whole, still) == 0);
    CHECK(memcmp(big.later, "\0\0\0\0\0\0\0\0", 8) == 0 && is_pattern(big.later + 8, 8));
    FILL(whole);
    IS(peerage_chooser_stats(chooser, &whole, 0), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_chooser_stats(chooser, &whole, 4097), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_chooser_stats(chooser, &whole, SIZE_MAX), PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(whole);
}

static void a_snapshot_stays_as_it_is(const peerage_chooser *chooser, fake *self)
{
    peerage_snapshot *snapshot;
    peerage_snapshot_peer info;
    size_t i, available = 0, pending = 0;
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    discard(chooser, names[0]);
    IS(peerage_peer_set_status(self->last, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    CHECK(peerage_snapshot_len(snapshot) == 3);
    for (i = 0; i < 3; i++) {
        IS(peerage_snapshot_get(snapshot, i, &info, sizeof info), PEERAGE_OK);
        /* In the order of the identifiers, which is that of the names here. */
        CHECK(same(info.id, names[i]) && info.id.ptr[info.id.len] == 0);
        available += info.status == PEERAGE_CONNECTION_AVAILABLE;
        pending += info.pending;
    }
    CHECK(available == 2 && pending == 1);
    peerage_snapshot_free(snapshot);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    CHECK(peerage_snapshot_len(snapshot) == 2);
    peerage_snapshot_free(snapshot);
}

static int ends_between_characters(const char *cut, const char *whole, size_t len)
{
    return memcmp(cut, whole, len) == 0 && ((unsigned char)whole[len] & 0xc0) != 0x80;
}

static void descriptions_of_any_length(const peerage_chooser *chooser)
{
    char whole[512], cut[512];
    size_t needed, length, size;
    IS(peerage_chooser_describe(chooser, whole, sizeof whole, &length), PEERAGE_OK);
    CHECK(strlen(whole) == length);
    CHECK(strstr(whole, "places: Running (2/3 available)"));
    CHECK(strstr(whole, names[0]) && strstr(whole, names[1]) && strstr(whole, names[2]));
    CHECK(strstr(whole, "Available, 1 pending request(s)"));
    for (size = 0; size <= length + 2; size++) {
        FILL(cut);
        needed = 0;
        IS(peerage_chooser_describe(chooser, size ? cut : NULL, size, &needed), PEERAGE_OK);
        CHECK(needed == length);
        CHECK(is_pattern(cut + size, sizeof cut - size));
        if (size == 0)
            continue;
        CHECK(strlen(cut) < size);
        /* At most a part of a character is missing. */
        CHECK(size > length || strlen(cut) + 4 >= size);
        CHECK(ends_between_characters(cut, whole, strlen(cut)));
        CHECK(size <= length || strcmp(cut, whole) == 0);
    }
}

/* A name that would be a row of its own is shown in one, and given out as it is. */
static void names_that_would_be_lines(void)
{
    fake self = FAKE_PUSHES;
    static const char forged[] = "a\n  b: Available, 0 pending request(s)";
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_snapshot *snapshot;
    peerage_snapshot_peer info;
    char whole[512];
    opts.policy = text("random");
    opts.name = text("two\nlines");
    chooser = chooser_with(&self, opts);
    add(chooser, forged);
    IS(peerage_chooser_describe(chooser, whole, sizeof whole, NULL), PEERAGE_OK);
    CHECK(strcmp(whole, "two\\nlines: Running (1/1 available)\n"
                        "  a\\n  b: Available, 0 pending request(s): "
                        "Available, 0 pending request(s)") == 0);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    IS(peerage_snapshot_get(snapshot, 0, &info, sizeof info), PEERAGE_OK);
    CHECK(same(info.id, forged));
    peerage_snapshot_free(snapshot);
    end(chooser, &self);
}

static void nothing_to_see_yet(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_snapshot *snapshot;
    char line[64];
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    CHECK(peerage_snapshot_len(snapshot) == 0);
    /* It outlives the chooser. */
    end(chooser, &self);
    CHECK(peerage_snapshot_len(snapshot) == 0);
    peerage_snapshot_free(snapshot);

    self.dropped = 0;
    chooser = chooser_of(&self, "random");
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_describe(chooser, line, sizeof line, NULL), PEERAGE_OK);
    CHECK(strcmp(line, "random: Stopped (0/0 available)") == 0);
    end(chooser, &self);
}

int main(void)
{
    fake self = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_pick pick;
    watchdog(60);
    opts.policy = text("round-robin");
    opts.name = text("places");
    chooser = chooser_with(&self, opts);
    add(chooser, names[0]);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    self.push = 0;
    add(chooser, names[1]);
    self.push = 1;
    add(chooser, names[2]);
    stats_of_any_size(chooser);
    descriptions_of_any_length(chooser);
    a_snapshot_stays_as_it_is(chooser, &self);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(chooser, &self);
    names_that_would_be_lines();
    nothing_to_see_yet();
    return 0;
}
