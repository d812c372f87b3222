/*
 * What may be written in the texts of the options, as a program finds it out: every policy and every
 * key that is listed works with the value that is listed as its default.
 */
#include "fake.h"

static void readable(peerage_str str, int may_be_empty)
{
    CHECK(str.ptr && str.ptr[str.len] == 0 && strlen(str.ptr) == str.len);
    CHECK((may_be_empty || str.len > 0) && !strchr(str.ptr, '\n'));
}

static void readable_key(const peerage_key_row *key)
{
    readable(key->name, 0);
    readable(key->about, 0);
    readable(key->accepts, 0);
    readable(key->default_value, 1);
}

static void makes_a_chooser(const char *policy, const char *options)
{
    fake self = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    opts.policy = text(policy);
    opts.options = text(options);
    chooser = chooser_with(&self, opts);
    end(chooser, &self);
}

/* The key with its default, if it has one; else with a 7, which every text and number takes. */
static void written(char *to, const peerage_key_row *key)
{
    sprintf(to, "%s=%s", key->name.ptr, key->default_value.len ? key->default_value.ptr : "7");
}

static void policies(void)
{
    static const char *const names[] = { "round-robin", "weighted-round-robin", "random",
                                         "two-random-choices", "fewest-pending-requests",
                                         "least-loaded", "least-latency", "least-reported",
                                         "hashring32", "maglev", "single", "direct" };
    enum { POLICIES = sizeof names / sizeof *names };
    char policy[128], all[512];
    size_t i, j, keys = 0;
    for (i = 0; i < POLICIES; i++) {
        peerage_policy_row row;
        peerage_key_row key;
        IS(peerage_catalogue_policy(i, &row, sizeof row), PEERAGE_OK);
        CHECK(same(row.name, names[i]));
        readable(row.name, 0);
        readable(row.about, 0);
        makes_a_chooser(row.name.ptr, "");
        sprintf(all, "%s:", row.name.ptr);
        for (j = 0; j < row.keys_len; j++) {
            IS(peerage_catalogue_key(i, j, &key, sizeof key), PEERAGE_OK);
            readable_key(&key);
            sprintf(policy, "%s:", row.name.ptr);
            written(policy + strlen(policy), &key);
            makes_a_chooser(policy, "");
            written(all + strlen(all), &key);
            strcat(all, j + 1 < row.keys_len ? "," : "");
        }
        if (row.keys_len > 0)
            makes_a_chooser(all, "");
        keys += row.keys_len;
        FILL(key);
        IS(peerage_catalogue_key(i, row.keys_len, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
        IS(peerage_catalogue_key(i, SIZE_MAX, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
        IS(peerage_catalogue_key(POLICIES + i, 0, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
        UNTOUCHED(key);
        FILL(row);
        IS(peerage_catalogue_policy(POLICIES + i, &row, sizeof row), PEERAGE_ERR_NOT_FOUND);
        UNTOUCHED(row);
    }
    CHECK(keys == 26);
}

static void options(void)
{
    static const char *const names[] = { "name", "capacity", "shuffle", "seed", "fail-fast",
                                         "timeout", "max-pending", "queue", "max-waiting",
                                         "eject", "panic", "panic-threshold", "subset", "client",
                                         "spill", "zone" };
    enum { OPTIONS = sizeof names / sizeof *names };
    char one[64], all[512] = "";
    peerage_key_row key;
    size_t i;
    for (i = 0; i < OPTIONS; i++) {
        IS(peerage_catalogue_option(i, &key, sizeof key), PEERAGE_OK);
        CHECK(same(key.name, names[i]));
        readable_key(&key);
        written(one, &key);
        makes_a_chooser("random", one);
        strcat(strcat(all, i ? "," : ""), one);
    }
    makes_a_chooser("random", all);
    FILL(key);
    IS(peerage_catalogue_option(OPTIONS, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_catalogue_option(SIZE_MAX, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
    UNTOUCHED(key);
}

/* Rows and settings grow at their end: what a program knows of them is what it gets. */
static size_t number_of(const char *policy)
{
    peerage_policy_row row;
    size_t number = 0;
    do {
        IS(peerage_catalogue_policy(number++, &row, sizeof row), PEERAGE_OK);
    } while (!same(row.name, policy));
    return number - 1;
}

static void sizes(void)
{
    static const size_t absurd[] = { 0, 4097, SIZE_MAX };
    struct newer {
        union {
            peerage_policy_row policy;
            peerage_key_row key;
            peerage_settings settings;
        } as;
        unsigned char later[8];
    } big;
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const size_t ring = number_of("hashring32");
    size_t i;
    FILL(big);
    for (i = 0; i < sizeof absurd / sizeof *absurd; i++) {
        size_t size = absurd[i];
        IS(peerage_catalogue_policy(0, &big.as.policy, size), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_catalogue_key(ring, 0, &big.as.key, size), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_catalogue_option(0, &big.as.key, size), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_chooser_settings(chooser, &big.as.settings, size), PEERAGE_ERR_INVALID_ARGUMENT);
    }
    UNTOUCHED(big);
    IS(peerage_catalogue_policy(0, &big.as.policy, sizeof(peerage_str)), PEERAGE_OK);
    CHECK(same(big.as.policy.name, "round-robin"));
    CHECK(is_pattern(&big.as.policy.about, sizeof(peerage_str)));
    IS(peerage_catalogue_key(ring, 0, &big.as.key, sizeof big), PEERAGE_OK);
    CHECK(same(big.as.key.name, "replicas") && same(big.as.key.default_value, "100"));
    CHECK(same(big.as.key.accepts, "a whole number from 1 to 65536"));
    CHECK(memcmp(big.later, "\0\0\0\0\0\0\0\0", 8) == 0);
    FILL(big);
    IS(peerage_chooser_settings(chooser, &big.as.settings, sizeof big), PEERAGE_OK);
    CHECK(same(big.as.settings.name, "random"));
    CHECK(memcmp(big.later, "\0\0\0\0\0\0\0\0", 8) == 0);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    policies();
    options();
    sizes();
    return 0;
}
