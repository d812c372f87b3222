/*
 * Keys and header values are bytes: what is not UTF-8 goes where its hash says, as it does from Rust
 * and Go. Only `direct`, for which the key is a name, wants text.
 */
#include "fake.h"

/* Which of the eight members owns the keys of 1 to 100 bytes: as in tests/binary_keys.rs. */
static const char owners[] = "5006140635551745367317103343233274433055157034120701702100542020"
                             "423720120541144173637557756030330312";
enum { LONGEST = sizeof owners - 1 };

/* In memory of exactly `len` bytes, so that the address sanitizer sees a read beyond it. */
static peerage_str key_of(size_t len)
{
    unsigned char *bytes = malloc(len);
    peerage_str key;
    size_t i;
    CHECK(bytes);
    for (i = 0; i < len; i++)
        bytes[i] = (unsigned char)(219 + 37 * i);
    key.ptr = (const char *)bytes;
    key.len = len;
    return key;
}

static peerage_str bytes(const char *ptr, size_t len)
{
    peerage_str str;
    str.ptr = ptr;
    str.len = len;
    return str;
}
#define BYTES(literal) bytes(literal, sizeof(literal) - 1)

static const peerage_chooser *ring(fake *self, const char *policy)
{
    const peerage_chooser *chooser = chooser_of(self, policy);
    char id[] = "10.0.0.0:80";
    for (; id[7] < '8'; id[7]++)
        add(chooser, id);
    return chooser;
}

/* The number of the owner. A choice that may wait gives the same. */
static char owner(const peerage_chooser *chooser, const peerage_request *request)
{
    char number = chosen(chooser, request)[7];
    peerage_pick pick;
    IS(peerage_chooser_choose(chooser, request, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
    CHECK(peerage_pick_id(&pick).ptr[7] == number);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    return number;
}

static char by_header(const peerage_chooser *chooser, const char *name, peerage_str value)
{
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_header headers[3];
    headers[0].name = text("unrelated"), headers[0].value = BYTES("\xff\0");
    headers[1].name = text("key"), headers[1].value = BYTES("\xff\0");
    headers[2].name = text(name), headers[2].value = value;
    request.headers = headers;
    request.headers_len = 3;
    /* Bytes that decide nothing here are as welcome. */
    request.routing_key = BYTES("\xfe\0");
    request.routing_delegate = BYTES("\xed\xa0\x80");
    return owner(chooser, &request);
}

static void rings_hash_bytes(void)
{
    fake self = FAKE_PUSHES, second = FAKE_PUSHES;
    const peerage_chooser *by_key = ring(&self, "hashring32");
    const peerage_chooser *by_value = ring(&second, "hashring32:alternate-shard-key-header=id");
    size_t len;
    for (len = 1; len <= LONGEST; len++) {
        peerage_request request = PEERAGE_REQUEST_INIT;
        request.shard_key = key_of(len);
        CHECK(owner(by_key, &request) == owners[len - 1]);
        CHECK(by_header(by_value, "ID", request.shard_key) == owners[len - 1]);
        free((void *)(uintptr_t)request.shard_key.ptr);
    }
    end(by_key, &self);
    end(by_value, &second);
}

/* The owner of the bytes ff 00 is 4, and the one after it 2. */
static void what_is_no_number_and_no_name_is_ignored(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = ring(&self, "hashring32:alternate-shard-key-header=key,"
                                                 "offset-header=n,peer-override-header=peer");
    CHECK(by_header(chooser, "n", text("1")) == '2');
    CHECK(by_header(chooser, "n", BYTES("\xff")) == '4');
    CHECK(by_header(chooser, "n", BYTES("1\xff")) == '4');
    CHECK(by_header(chooser, "n", BYTES("1\0")) == '4');
    CHECK(by_header(chooser, "peer", text("10.0.0.6:80")) == '6');
    CHECK(by_header(chooser, "peer", BYTES("10.0.0.6:80\xff")) == '4');
    CHECK(by_header(chooser, "peer", BYTES("10.0.0.6:80\0")) == '4');
    CHECK(by_header(chooser, "peer", BYTES("\xff")) == '4');
    end(chooser, &self);
}

static void direct_wants_a_name(void)
{
    static const char *const broken[] = { "\xff", "a:1\xc3", "\xed\xa0\x80" };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "direct");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_pick pick;
    size_t i;
    FILL(pick);
    for (i = 0; i < sizeof broken / sizeof *broken; i++) {
        request.shard_key = text(broken[i]);
        IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_chooser_choose(chooser, &request, PEERAGE_TIMEOUT_FOREVER, NULL, &pick),
           PEERAGE_ERR_INVALID_ARGUMENT);
    }
    UNTOUCHED(pick);
    CHECK(self.retained == 0);
    request.shard_key = text("caf\xc3\xa9:80");
    CHECK(strcmp(chosen(chooser, &request), "caf\xc3\xa9:80") == 0);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    rings_hash_bytes();
    what_is_no_number_and_no_name_is_ignored();
    direct_wants_a_name();
    return 0;
}
