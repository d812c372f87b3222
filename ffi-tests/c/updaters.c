/*
 * Peers that come by themselves: an updater feeds a chooser with what its source knows, says how that
 * has been, stops when it is told to, and refuses what is no URI with words that help. Sources that a
 * build may be without are tried if it has them.
 */
#include "fake.h"
#include <errno.h>

enum { MS = 1000000 };

static const peerage_updater *updater_of(const peerage_chooser *chooser, const char *uri)
{
    const peerage_updater *updater;
    peerage_error *error = NULL;
    if (peerage_updater_new(chooser, text(uri), &updater, &error) != PEERAGE_OK) {
        fprintf(stderr, "%s: %s\n", uri, peerage_error_message(error).ptr);
        abort();
    }
    return updater;
}

static peerage_source_status counts_of(const peerage_updater *updater)
{
    peerage_source_status counts;
    IS(peerage_updater_status(updater, &counts, sizeof counts), PEERAGE_OK);
    return counts;
}

static void peers_that_are_written_down(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    const peerage_updater *updater = updater_of(chooser, "static:a:1,b:1*3");
    peerage_source_status counts = counts_of(updater);
    peerage_snapshot *snapshot;
    peerage_snapshot_peer peer;
    char buf[8];
    CHECK(!counts.running && counts.attempts == 0 && counts.age_ns == PEERAGE_AGE_NEVER);
    CHECK(stats_of(chooser).peers == 0);
    IS(peerage_updater_start(updater, NULL), PEERAGE_OK);
    IS(peerage_updater_start(updater, NULL), PEERAGE_OK);
    /* This source answers before the start returns. */
    CHECK(stats_of(chooser).available == 2 && self.retained == 2);
    counts = counts_of(updater);
    CHECK(counts.running && !counts.is_snapshot && counts.peers == 2);
    CHECK(counts.attempts == 1 && counts.successes == 1 && counts.changes == 1);
    CHECK(counts.failures == 0 && counts.empties == 0 && counts.age_ns >= 0);
    IS(peerage_updater_last_error(updater, buf, sizeof buf, NULL), PEERAGE_OK);
    CHECK(!*buf);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    IS(peerage_snapshot_get(snapshot, 1, &peer, sizeof peer), PEERAGE_OK);
    CHECK(same(peer.id, "b:1") && peer.weight == 3);
    peerage_snapshot_free(snapshot);
    IS(peerage_updater_stop(updater, NULL), PEERAGE_OK);
    IS(peerage_updater_stop(updater, NULL), PEERAGE_OK);
    CHECK(stats_of(chooser).peers == 0 && self.released == 2);
    CHECK(!counts_of(updater).running && counts_of(updater).peers == 0);
    IS(peerage_updater_start(updater, NULL), PEERAGE_ERR_STOPPED);
    IS(peerage_updater_refresh(updater), PEERAGE_OK);
    peerage_updater_unref(updater);
    peerage_chooser_unref(chooser);
    /* The updater's thread may be the last that has it. */
    while (!*(volatile int *)&self.dropped)
        breathe();
    CHECK(self.retained == self.released);
}

/* The last reference stops it, and it keeps its chooser until then. */
static void references(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const peerage_updater *updater = updater_of(chooser, "static:a:1");
    IS(peerage_updater_start(updater, NULL), PEERAGE_OK);
    CHECK(peerage_updater_ref(updater) == updater);
    peerage_chooser_unref(chooser);
    peerage_updater_unref(updater);
    CHECK(counts_of(updater).running && self.released == 0);
    peerage_updater_unref(updater);
    /* Its thread may hold the chooser for a moment longer. */
    while (!*(volatile int *)&self.dropped)
        breathe();
    CHECK(self.released == 1);
}

/* A chooser knows the updaters that were made for it, and keeps none. */
static void a_chooser_knows_its_updater(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const peerage_updater *updater, *later, *found;
    FILL(found);
    IS(peerage_chooser_updater(chooser, &found), PEERAGE_ERR_NOT_FOUND);
    UNTOUCHED(found);
    updater = updater_of(chooser, "static:a:1");
    CHECK(same(peerage_updater_uri(updater), "static:a:1"));
    CHECK(peerage_updater_uri(updater).ptr[10] == 0);
    IS(peerage_chooser_updater(chooser, &found), PEERAGE_OK);
    CHECK(found == updater);
    peerage_updater_unref(found);
    later = updater_of(chooser, "static:b:1");
    IS(peerage_chooser_updater(chooser, &found), PEERAGE_OK);
    CHECK(found == later);
    /* What was found keeps it. */
    peerage_updater_unref(later);
    IS(peerage_updater_start(found, NULL), PEERAGE_OK);
    CHECK(counts_of(found).running && stats_of(chooser).peers == 1);
    peerage_updater_unref(found);
    CHECK(stats_of(chooser).peers == 0);
    /* The one before it is the last that there is. */
    IS(peerage_chooser_updater(chooser, &found), PEERAGE_OK);
    CHECK(found == updater);
    peerage_updater_unref(found);
    peerage_updater_unref(updater);
    FILL(found);
    IS(peerage_chooser_updater(chooser, &found), PEERAGE_ERR_NOT_FOUND);
    UNTOUCHED(found);
    peerage_chooser_unref(chooser);
    /* The updater's thread may be the last that has it. */
    while (!*(volatile int *)&self.dropped)
        breathe();
}

static void uris_that_are_none(void)
{
    static const struct {
        const char *uri, *says;
    } cases[] = {
        { "", "no source is called \"\"" },
        { "consul:a", "no source is called \"consul\"; need one of static, file, dns" },
        { "static:", "is not of the form static:" },
        { "static:a:1,b:1*0", "at byte 11: \"b:1*0\": the weight behind *" },
        { "static:a:1#backoff=soon", "backoff=\"soon\" must be" },
        { "static:a:1#poll=1s", "there is no key \"poll\"" },
    };
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const peerage_updater *out;
    peerage_error *error = NULL;
    peerage_str wrong = { "static:\xff", 8 };
    size_t i;
    FILL(out);
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        IS(peerage_updater_new(chooser, text(cases[i].uri), &out, &error),
           PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, cases[i].says);
    }
    IS(peerage_updater_new(chooser, wrong, &out, NULL), PEERAGE_ERR_INVALID_UTF8);
    UNTOUCHED(out);
    end(chooser, &self);

    self.dropped = 0;
    chooser = chooser_of(&self, "direct");
    IS(peerage_updater_new(chooser, text("static:a:1"), &out, &error), PEERAGE_ERR_UNSUPPORTED);
    explains(error, PEERAGE_ERR_UNSUPPORTED, "direct takes no updates");
    UNTOUCHED(out);
    end(chooser, &self);
}

/* Every scheme of the catalogue is in this build, or asking for it names its feature. */
static void schemes(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const peerage_updater *out;
    peerage_error *error = NULL;
    peerage_scheme_row row;
    peerage_key_row key;
    char uri[64], feature[64];
    size_t i, j;
    CHECK(peerage_has("static") && peerage_has("capi") && !peerage_has("smoke signals"));
    CHECK(!peerage_has("") && !peerage_has("stati"));
    for (i = 0; peerage_catalogue_scheme(i, &row, sizeof row) == PEERAGE_OK; i++) {
        CHECK(row.name.ptr[row.name.len] == 0 && row.form.len && row.about.len);
        CHECK((int)row.available == peerage_has(row.name.ptr) && row.reserved == 0);
        CHECK(row.keys_len >= 4);
        for (j = 0; j < row.keys_len; j++) {
            IS(peerage_catalogue_scheme_key(i, j, &key, sizeof key), PEERAGE_OK);
            CHECK(key.name.len && key.about.len && key.accepts.len);
        }
        IS(peerage_catalogue_scheme_key(i, j, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
        if (row.available)
            continue;
        FILL(out);
        sprintf(uri, "%s:a:80", row.name.ptr);
        sprintf(feature, "\"%s\"", row.feature.ptr);
        IS(peerage_updater_new(chooser, text(uri), &out, &error), PEERAGE_ERR_UNSUPPORTED);
        explains(error, PEERAGE_ERR_UNSUPPORTED, feature);
        UNTOUCHED(out);
    }
    CHECK(i >= 5);
    FILL(row);
    IS(peerage_catalogue_scheme(i, &row, sizeof row), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_catalogue_scheme(0, &row, 0), PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(row);
    IS(peerage_catalogue_scheme_key(i, 0, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
    end(chooser, &self);
}

static void write_file(const char *path, const char *lines)
{
    char beside[80];
    FILE *file;
    sprintf(beside, "%s.new", path);
    file = fopen(beside, "w");
    CHECK(file && fputs(lines, file) >= 0 && fclose(file) == 0);
    CHECK(rename(beside, path) == 0);
}

static void a_file_that_changes(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    const peerage_updater *updater;
    const char *where = getenv("TMPDIR");
    char folder[256], path[300], uri[400], error[512], *begins;
    peerage_pick pick;
    int64_t begun;
    CHECK(snprintf(folder, sizeof folder, "%s/peerage-XXXXXX", where ? where : "/tmp") < (int)sizeof folder);
    CHECK(mkdtemp(folder));
    sprintf(path, "%s/users", folder);
    sprintf(uri, "file:%s#poll=10ms,backoff=10ms,max-backoff=10ms", path);
    updater = updater_of(chooser, uri);
    IS(peerage_updater_start(updater, NULL), PEERAGE_OK);
    /* There is no such file yet. */
    while (counts_of(updater).failures == 0)
        breathe();
    IS(peerage_updater_last_error(updater, error, sizeof error, NULL), PEERAGE_OK);
    begins = strstr(error, path);
    CHECK(begins && !strchr(error, '\n'));
    write_file(path, "a:1\nb:1\n");
    IS(peerage_updater_refresh(updater), PEERAGE_OK);
    /* A choice waits for the peers. */
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    while (counts_of(updater).peers != 2)
        breathe();
    IS(peerage_updater_last_error(updater, error, sizeof error, NULL), PEERAGE_OK);
    CHECK(!*error);
    write_file(path, "b:1\nc:1\nd:1\n");
    while (stats_of(chooser).peers != 3)
        breathe();
    /* An empty file keeps them. */
    write_file(path, "# none today\n");
    while (counts_of(updater).empties == 0)
        breathe();
    CHECK(stats_of(chooser).available == 3);
    begun = now_ns();
    IS(peerage_updater_stop(updater, NULL), PEERAGE_OK);
    CHECK(now_ns() - begun < 1000 * (int64_t)MS);
    CHECK(stats_of(chooser).peers == 0);
    peerage_updater_unref(updater);
    peerage_chooser_unref(chooser);
    while (!*(volatile int *)&self.dropped)
        breathe();
    CHECK(self.retained == self.released);
    CHECK(unlink(path) == 0 && rmdir(folder) == 0);
}

int main(void)
{
    watchdog(60);
    peers_that_are_written_down();
    references();
    a_chooser_knows_its_updater();
    uris_that_are_none();
    schemes();
    if (peerage_has("file"))
        a_file_that_changes();
    return 0;
}
