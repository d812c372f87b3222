/*
 * Structs that begin with their size grow at their end. A program and a library of different ages
 * meet: what is shorter reads as if zeros followed, what is longer is fine as long as the library
 * need not know what it says. Anything else is refused, and its context dropped.
 *
 * Each struct lies in a block of exactly `size` bytes, so that the address sanitizer sees a read
 * beyond it.
 */
#include "fake.h"
#include <stddef.h>

static int dropped;

static void *block_of(const void *from, size_t known, size_t size, unsigned char last)
{
    unsigned char *block = calloc(1, size);
    CHECK(block);
    memcpy(block, from, known < size ? known : size);
    memcpy(block, &size, sizeof size);
    if (size > known)
        block[size - 1] = last;
    return block;
}

/* Calls `call` with `given` in a block of `size` bytes, of which the last is `last`. */
#define SIZED(type, given, size, last, call, expected)             \
    do {                                                           \
        type *sized = block_of(&(given), sizeof(type), size, last); \
        IS(call, expected);                                        \
        free(sized);                                               \
    } while (0)

/* No struct has such a size; nothing but the size is read. */
static const size_t absurd[] = { 0, 1, sizeof(size_t) - 1, 4097, (size_t)1 << 31, SIZE_MAX };
#define ABSURD(type, given, call)                                  \
    do {                                                           \
        size_t i_;                                                 \
        for (i_ = 0; i_ < sizeof absurd / sizeof *absurd; i_++) {  \
            type *sized = block_of(&(given), sizeof(type), sizeof(type), 0); \
            sized->size = absurd[i_];                              \
            IS(call, PEERAGE_ERR_INVALID_ARGUMENT);                \
            free(sized);                                           \
        }                                                          \
    } while (0)

static void transports(void)
{
    peerage_transport_ops ops = fake_ops();
    const peerage_transport *out;
    ops.drop = count_drop;
#define NEW peerage_transport_new(sized, &dropped, &out, NULL)
    FILL(out);
    ABSURD(peerage_transport_ops, ops, NEW);
    /* `drop` was not read, so it cannot be called. */
    CHECK(dropped == 0);
    SIZED(peerage_transport_ops, ops, sizeof(size_t), 0, NEW, PEERAGE_ERR_NULL_POINTER);
    SIZED(peerage_transport_ops, ops, sizeof ops + 8, 1, NEW, PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(dropped == 1);
    SIZED(peerage_transport_ops, ops, 4096, 1, NEW, PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(dropped == 2);
    UNTOUCHED(out);
    SIZED(peerage_transport_ops, ops, sizeof ops + 8, 0, NEW, PEERAGE_OK);
    peerage_transport_unref(out);
    CHECK(dropped == 3);
    SIZED(peerage_transport_ops, ops, offsetof(peerage_transport_ops, started), 0, NEW, PEERAGE_OK);
    peerage_transport_unref(out);
    CHECK(dropped == 3);
#undef NEW
}

static void available(void *ctx, const peerage_peer_info *peer) { (void)ctx, (void)peer; }
static void unavailable(void *ctx, uint64_t key) { (void)ctx, (void)key; }
static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    (void)ctx, (void)request, (void)out;
    return 1;
}

static void policies(void)
{
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    const peerage_policy *out;
    ops.available = available;
    ops.unavailable = unavailable;
    ops.choose = choose;
    ops.drop = count_drop;
    dropped = 0;
#define NEW peerage_policy_new(sized, &dropped, &out, NULL)
    FILL(out);
    ABSURD(peerage_policy_ops, ops, NEW);
    CHECK(dropped == 0);
    SIZED(peerage_policy_ops, ops, sizeof(size_t), 0, NEW, PEERAGE_ERR_NULL_POINTER);
    SIZED(peerage_policy_ops, ops, sizeof ops + 1, 1, NEW, PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(dropped == 1);
    UNTOUCHED(out);
    SIZED(peerage_policy_ops, ops, 4096, 0, NEW, PEERAGE_OK);
    peerage_policy_unref(out);
    CHECK(dropped == 2);
    SIZED(peerage_policy_ops, ops, offsetof(peerage_policy_ops, finished), 0, NEW, PEERAGE_OK);
    peerage_policy_unref(out);
    CHECK(dropped == 2);
    SIZED(peerage_policy_ops, ops, offsetof(peerage_policy_ops, watches), 0, NEW, PEERAGE_OK);
    peerage_policy_unref(out);
    CHECK(dropped == 3);
#undef NEW
}

static void choosers(void)
{
    fake self = FAKE_SILENT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *out;
    opts.policy = text("round-robin");
    opts.transport = fake_transport(&self);
#define NEW peerage_chooser_new(sized, &out, NULL)
    FILL(out);
    ABSURD(peerage_chooser_opts, opts, NEW);
    SIZED(peerage_chooser_opts, opts, sizeof(size_t), 0, NEW, PEERAGE_ERR_NULL_POINTER);
    SIZED(peerage_chooser_opts, opts, sizeof opts + 8, 1, NEW, PEERAGE_ERR_INVALID_ARGUMENT);
    opts.reserved[4] = 1;
    SIZED(peerage_chooser_opts, opts, sizeof opts, 0, NEW, PEERAGE_ERR_INVALID_ARGUMENT);
    opts.reserved[4] = 0;
    UNTOUCHED(out);
    SIZED(peerage_chooser_opts, opts, sizeof opts + 8, 0, NEW, PEERAGE_OK);
    peerage_chooser_unref(out);
    SIZED(peerage_chooser_opts, opts, offsetof(peerage_chooser_opts, name), 0, NEW, PEERAGE_OK);
    peerage_chooser_unref(out);
    peerage_transport_unref(opts.transport);
    CHECK(self.dropped == 1);
#undef NEW
}

static void emit(void *ctx, int32_t level, peerage_str line) { (void)ctx, (void)level, (void)line; }

static void logs(void)
{
    fake self = FAKE_SILENT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_log_opts log = PEERAGE_LOG_OPTS_INIT;
    const peerage_chooser *out;
    log.level = PEERAGE_LOG_DEBUG;
    log.emit = emit;
    log.drop = count_drop;
    log.ctx = &dropped;
    opts.policy = text("random");
    opts.transport = fake_transport(&self);
    dropped = 0;
#define NEW (opts.log = sized, peerage_chooser_new(&opts, &out, NULL))
    FILL(out);
    ABSURD(peerage_log_opts, log, NEW);
    CHECK(dropped == 0);
    SIZED(peerage_log_opts, log, sizeof(size_t), 0, NEW, PEERAGE_ERR_NULL_POINTER);
    SIZED(peerage_log_opts, log, sizeof log + 8, 1, NEW, PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(dropped == 1);
    UNTOUCHED(out);
    SIZED(peerage_log_opts, log, sizeof log + 8, 0, NEW, PEERAGE_OK);
    peerage_chooser_unref(out);
    CHECK(dropped == 2);
    SIZED(peerage_log_opts, log, offsetof(peerage_log_opts, drop), 0, NEW, PEERAGE_OK);
    peerage_chooser_unref(out);
    CHECK(dropped == 2);
    peerage_transport_unref(opts.transport);
    CHECK(self.dropped == 1);
#undef NEW
}

static void requests(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "direct");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_pick pick;
    request.shard_key = text("a:1");
#define TRY peerage_chooser_try_choose(chooser, sized, &pick)
    FILL(pick);
    ABSURD(peerage_request, request, TRY);
    SIZED(peerage_request, request, sizeof request + 8, 1, TRY, PEERAGE_ERR_INVALID_ARGUMENT);
    /* Read as a request without a shard key, which `direct` wants. */
    SIZED(peerage_request, request, sizeof(size_t), 0, TRY, PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(pick);
    SIZED(peerage_request, request, sizeof request + 8, 0, TRY, PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    SIZED(peerage_request, request, offsetof(peerage_request, routing_key), 0, TRY, PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(chooser, &self);
#undef TRY
}

/* An array of them, of programs that are older and newer: how far it is to the next is what the
 * first says, and all say the same. */
static void members(void)
{
    enum { SIZE = sizeof(peerage_member), MOST = 4096 };
    static const size_t sizes[] = {
        offsetof(peerage_member, shard), offsetof(peerage_member, zone),
        offsetof(peerage_member, weight), SIZE, SIZE + sizeof(size_t), MOST,
    };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_member one = peerage_member_of("a:1");
    peerage_error *error;
    size_t i, n;
    ABSURD(peerage_member, one, peerage_chooser_update(chooser, sized, 1, NULL, 0, NULL));
    ABSURD(peerage_member, one, peerage_chooser_replace(chooser, sized, 2, NULL));
    /* Between two fields is fine, within one is not. */
    SIZED(peerage_member, one, SIZE + 1, 0, peerage_chooser_replace(chooser, sized, 1, NULL),
          PEERAGE_ERR_INVALID_ARGUMENT);
    SIZED(peerage_member, one, SIZE + 8, 1, peerage_chooser_replace(chooser, sized, 1, NULL),
          PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(self.retained == 0);
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        static const char *const ids[] = { "a:1", "b:1", "c:1" };
        unsigned char *block = calloc(3, sizes[i]);
        peerage_member *array = (peerage_member *)(void *)block;
        CHECK(block);
        for (n = 0; n < 3; n++) {
            one.id = text(ids[n]);
            memcpy(block + n * sizes[i], &one, sizes[i] < SIZE ? sizes[i] : SIZE);
            memcpy(block + n * sizes[i], &sizes[i], sizeof *sizes);
        }
        IS(peerage_chooser_replace(chooser, array, 3, NULL), PEERAGE_OK);
        CHECK(self.retained == 3 && self.released == 0);
        /* One that says another size, and one with something in it that is not known. */
        n = sizes[i] + sizeof(size_t);
        memcpy(block + sizes[i], &n, sizeof n);
        IS(peerage_chooser_replace(chooser, array, 2, &error), PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "members[1].size is");
        memcpy(block + sizes[i], &sizes[i], sizeof *sizes);
        if (sizes[i] > SIZE) {
            block[3 * sizes[i] - 1] = 1;
            IS(peerage_chooser_replace(chooser, array, 3, &error), PEERAGE_ERR_INVALID_ARGUMENT);
            explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "members[2].size");
        }
        CHECK(self.retained == 3 && self.released == 0);
        free(block);
    }
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    members();
    transports();
    policies();
    choosers();
    logs();
    requests();
    return 0;
}
