/* Texts in, texts out, and errors. */
#include "world.h"

static const char long_id[] =
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123";

#define TEXT(s) {s, sizeof(s) - 1}
static const peerage_str ids[IDS] = {
    TEXT("a:1"), TEXT("b:1"), TEXT("c:1"), TEXT("d:1"), TEXT("e:1"), TEXT("f:1"),
    {NULL, 0},   TEXT(long_id), TEXT("\xc3\xa9\xe2\x82\xac"), TEXT("tab\tin"), TEXT("line\nbreak"),
};

peerage_str id_text(unsigned id) { return ids[id % IDS]; }

int same_text(peerage_str a, peerage_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

unsigned id_of(peerage_str text)
{
    unsigned id = 0;
    while (!same_text(ids[id], text))
        CHECK(++id < IDS);
    return id;
}

void check_text(peerage_str text)
{
    CHECK(text.ptr && text.ptr[text.len] == '\0');
}

int32_t any_text(peerage_str *text, unsigned *id)
{
    static const peerage_str broken[] = {
        TEXT("\xff"), TEXT("a:1\xc3"), TEXT("\xed\xa0\x80"), TEXT("\xf4\x90\x80\x80"),
    };
    unsigned b = take(&w.bytes);
    *id = b % IDS;
    *text = ids[*id];
    if (b < 240)
        return 0;
    *id = IDS;
    if (b < 244) {
        text->ptr = NULL;
        text->len = b - 239;
        return PEERAGE_ERR_NULL_POINTER;
    }
    *text = broken[b % 4];
    return PEERAGE_ERR_INVALID_UTF8;
}

int32_t any_name(peerage_str *name, unsigned *id)
{
    static const peerage_str with_zero[] = {TEXT("a:1\0"), TEXT("nul\0in")};
    int32_t wrong = any_text(name, id);
    if (wrong != PEERAGE_ERR_INVALID_UTF8 || name->len != 1)
        return wrong;
    *name = with_zero[w.now & 1];
    return PEERAGE_ERR_INVALID_ARGUMENT;
}

int32_t any_bytes(peerage_str *bytes, unsigned *id)
{
    int32_t wrong = any_text(bytes, id);
    return wrong == PEERAGE_ERR_INVALID_UTF8 ? 0 : wrong;
}

static peerage_error *const untouched = (peerage_error *)(void *)&w;

peerage_error **maybe_err(peerage_error **place)
{
    *place = untouched;
    return one_in(&w.bytes, 3) ? NULL : place;
}

void check_err(peerage_error **place, int32_t status)
{
    peerage_error *error = *place;
    peerage_str message;
    unsigned i;
    if (error == untouched)
        return;
    CHECK(status != PEERAGE_OK && error);
    CHECK(peerage_error_status(error) == status);
    message = peerage_error_message(error);
    check_text(message);
    CHECK(message.len > 0);
    /* One line, whatever an id holds. */
    CHECK(strlen(message.ptr) == message.len && !strchr(message.ptr, '\n'));
    i = below(&w.bytes, 4);
    if (i < 2 && !w.errors[i] && !w.closing)
        w.errors[i] = error;
    else
        peerage_error_free(error);
}

void use_error(void)
{
    unsigned i = below(&w.bytes, 3);
    peerage_error *error = i < 2 ? w.errors[i] : NULL;
    peerage_str message = peerage_error_message(error);
    check_text(message);
    CHECK((message.len > 0) == (error != NULL));
    CHECK(peerage_error_status(error) < 0);
    if (i < 2)
        w.errors[i] = NULL;
    peerage_error_free(error);
}

/* Any number is an index, if only of nothing. */
static void look_at_catalogue(size_t index)
{
    peerage_policy_row policy;
    peerage_key_row key;
    if (peerage_catalogue_policy(index, &policy, sizeof policy) == PEERAGE_OK)
        check_text(policy.name);
    else
        ONE_OF(peerage_catalogue_key(index, 0, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
    if (peerage_catalogue_key(index % 8, index % 9, &key, sizeof key) == PEERAGE_OK)
        check_text(key.accepts);
    if (peerage_catalogue_option(index, &key, sizeof key) == PEERAGE_OK)
        check_text(key.default_value);
}

void look_at_texts(void)
{
    int32_t status = (int32_t)take(&w.bytes) - 128;
    status *= one_in(&w.bytes, 4) ? 16777216 : 1;
    CHECK(peerage_status_name(status)[0] != '\0');
    CHECK(peerage_status_message(status)[0] != '\0');
    look_at_catalogue((size_t)status);
    CHECK(peerage_version() == PEERAGE_VERSION_NUMBER);
    CHECK(peerage_version_string()[0] != '\0');
}
