/*
 * The hash ring through C: a key stays with its peer, whoever else comes and goes, and headers say
 * what the policy's settings make of them. The ring itself is yarpc-go's; this is about the way to
 * it.
 */
#include "fake.h"

enum { MEMBERS = 8, KEYS = 200 };

static const char *key_of(int i)
{
    static char key[16];
    sprintf(key, "key-%d", i);
    return key;
}

static const char *owner(const peerage_chooser *chooser, int key)
{
    peerage_request request = PEERAGE_REQUEST_INIT;
    request.shard_key = text(key_of(key));
    return chosen(chooser, &request);
}

static const char *with_header(const peerage_chooser *chooser, const char *key, const char *name,
                               const char *value)
{
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_header headers[2];
    headers[0].name = text("unrelated"), headers[0].value = text("1");
    headers[1].name = text(name), headers[1].value = text(value);
    request.shard_key = text(key);
    request.headers = headers;
    request.headers_len = 2;
    return chosen(chooser, &request);
}

static const peerage_chooser *ring(fake *self, const char *policy)
{
    const peerage_chooser *chooser = chooser_of(self, policy);
    char id[] = "10.0.0.0:80";
    int i;
    for (i = 0; i < MEMBERS; i++) {
        id[7] = (char)('0' + i);
        add(chooser, id);
    }
    return chooser;
}

static void a_key_stays_with_its_peer(void)
{
    fake self = FAKE_PUSHES, second = FAKE_PUSHES;
    const peerage_chooser *chooser = ring(&self, "hashring32"), *other;
    char before[KEYS][16];
    int i, moved = 0, used[MEMBERS] = { 0 };
    for (i = 0; i < KEYS; i++) {
        strcpy(before[i], owner(chooser, i));
        CHECK(strcmp(owner(chooser, i), before[i]) == 0);
        used[before[i][7] - '0']++;
    }
    for (i = 0; i < MEMBERS; i++)
        CHECK(used[i] > 0);
    /* Another client with the same members agrees. */
    other = ring(&second, "hashring32:replicas=100");
    for (i = 0; i < KEYS; i++)
        CHECK(strcmp(owner(other, i), before[i]) == 0);
    end(other, &second);
    /* Only the keys of the one that leaves move, and they come back with it. */
    discard(chooser, "10.0.0.3:80");
    for (i = 0; i < KEYS; i++) {
        int moves = strcmp(owner(chooser, i), before[i]) != 0;
        CHECK(moves == (strcmp(before[i], "10.0.0.3:80") == 0));
        moved += moves;
    }
    CHECK(moved > 0);
    add(chooser, "10.0.0.3:80");
    for (i = 0; i < KEYS; i++)
        CHECK(strcmp(owner(chooser, i), before[i]) == 0);
    end(chooser, &self);
}

static void settings_name_headers(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser =
        ring(&self, "hashring32:offset-header=x-offset,max-offset=3,"
                    "peer-override-header=x-peer,alternate-shard-key-header=x-key");
    char home[64], next[64];
    strcpy(home, owner(chooser, 1));
    CHECK(strcmp(with_header(chooser, key_of(1), "x-offset", "0"), home) == 0);
    strcpy(next, with_header(chooser, key_of(1), "X-Offset", "1"));
    CHECK(strcmp(next, home) != 0);
    CHECK(strcmp(with_header(chooser, key_of(1), "x-offset", "2"), next) != 0);
    /* What is not a number within the bound is as if it were not there. */
    CHECK(strcmp(with_header(chooser, key_of(1), "x-offset", "4"), home) == 0);
    CHECK(strcmp(with_header(chooser, key_of(1), "x-offset", "-1"), home) == 0);
    CHECK(strcmp(with_header(chooser, key_of(1), "x-offset", "one"), home) == 0);
    CHECK(strcmp(with_header(chooser, key_of(1), "x-peer", "10.0.0.5:80"), "10.0.0.5:80") == 0);
    CHECK(strcmp(with_header(chooser, key_of(1), "x-peer", "10.0.0.9:80"), home) == 0);
    CHECK(strcmp(with_header(chooser, "other", "x-key", key_of(1)), home) == 0);
    end(chooser, &self);
}

static void specs_that_are_wrong(void)
{
    static const char *const specs[][2] = {
        { "hashring", "hashring" },
        { "hashring32:", "key=value" },
        { "hashring32:replicas", "replicas" },
        { "hashring32:replicas=0", "65536" },
        { "hashring32:replicas=1,replicas=2", "twice" },
        { "hashring32:replica=1", "replica" },
        { "random:seed=1", "seed" },
    };
    fake self = FAKE_SILENT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_error *error;
    size_t i;
    FILL(chooser);
    opts.transport = fake_transport(&self);
    for (i = 0; i < sizeof specs / sizeof *specs; i++) {
        opts.policy = text(specs[i][0]);
        IS(peerage_chooser_new(&opts, &chooser, &error), PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, specs[i][1]);
    }
    UNTOUCHED(chooser);
    peerage_transport_unref(opts.transport);
}

int main(void)
{
    watchdog(60);
    a_key_stays_with_its_peer();
    settings_name_headers();
    specs_that_are_wrong();
    return 0;
}
