/* Updates of members and reasons. */
#include "world.h"

/* What a member that is added `tries` times is known by, the first of them that counts. */
static unsigned char about_of(const members *add, unsigned id)
{
    unsigned i, found = ABOUT_UNKNOWN;
    for (i = 0; i < add->len; i++) {
        if (add->ids[i] != id)
            continue;
        if (found != ABOUT_UNKNOWN && found != add->abouts[i])
            return ABOUT_UNKNOWN; /* which was first depends on the shuffle */
        found = add->abouts[i];
    }
    return (unsigned char)found;
}

static unsigned count(const unsigned *ids, size_t len, unsigned id)
{
    unsigned found = 0;
    size_t i;
    for (i = 0; i < len; i++)
        found += ids[i] == id;
    return found;
}

/* What an update of a chooser that is known must do, and does to the record. */
static void follow_update(chooser *c, int32_t got, const members *add, const unsigned *gone,
                          unsigned gone_len)
{
    unsigned id, duplicate = 0, unknown = 0, rejected = 0;
    for (id = 0; id < IDS; id++) {
        unsigned tries = count(add->ids, add->len, id), leaves = count(gone, gone_len, id);
        unsigned refused = w.refusals[id], member = c->members >> id & 1;
        /* Removed and added it stays: one of each is done. */
        int stays = member && tries && leaves;
        CHECK(refused <= tries);
        if (leaves) {
            unknown += leaves - member;
            member = 0;
            c->members &= ~(1u << id);
            if (!stays)
                c->reasons[id] = 0;
        }
        if (stays || member)
            CHECK(refused == 0);
        if (member) {
            duplicate += tries;
            continue;
        }
        rejected += refused;
        if (tries > refused) {
            c->members |= 1u << id;
            c->about[id] = about_of(add, id);
            duplicate += tries - refused - 1;
        }
    }
    if (unknown)
        ONE_OF(got, PEERAGE_ERR_NOT_IN_LIST);
    else if (duplicate && rejected)
        ONE_OF(got, PEERAGE_ERR_ALREADY_IN_LIST, PEERAGE_ERR_REJECTED);
    else
        ONE_OF(got, duplicate ? PEERAGE_ERR_ALREADY_IN_LIST
                    : rejected ? PEERAGE_ERR_REJECTED
                               : PEERAGE_OK);
}

/* What any change of a chooser's members may answer. */
static void check_change(const chooser *c, int32_t got, int32_t wrong, size_t len)
{
    if (wrong)
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_UTF8,
               PEERAGE_ERR_INVALID_ARGUMENT);
    else if (c->direct)
        ONE_OF(got, len ? PEERAGE_ERR_UNSUPPORTED : PEERAGE_OK);
    else
        ONE_OF(got, PEERAGE_OK, PEERAGE_ERR_ALREADY_IN_LIST, PEERAGE_ERR_NOT_IN_LIST,
               PEERAGE_ERR_REJECTED);
}

void update_chooser(void)
{
    chooser *c = any_chooser();
    members added;
    peerage_str texts[4];
    unsigned gone[4], b = take(&w.bytes), add = b & 3, gone_len = b >> 2 & 3, i, leaving = 0;
    int32_t got, wrong, bad;
    peerage_error *err, **errp;
    unsigned long now;
    add += b >> 4 & 1;
    any_members(&added, add, b >> 5 & 3);
    wrong = added.wrong;
    if (b >= 250 && add) {
        added.given = NULL;
        wrong = PEERAGE_ERR_NULL_POINTER;
    }
    for (i = 0; i < gone_len; i++) {
        bad = any_name(&texts[i], &gone[i]);
        wrong = bad ? bad : wrong;
        leaving |= gone[i] < IDS ? 1u << gone[i] : 0;
    }
    errp = maybe_err(&err);
    if (!c) {
        got = peerage_chooser_update(NULL, added.given, add, texts, gone_len, errp);
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
        check_err(&err, got);
        return;
    }
    now = ++w.now;
    begin_change(c);
    orphan(c, leaving);
    got = peerage_chooser_update(c->handle, added.given, add, gone_len ? texts : NULL, gone_len,
                                 errp);
    orphan(c, leaving);
    end_change(c);
    check_change(c, got, wrong, add + gone_len);
    if (!c->certain || c->busy || !quiet(now) || w.depth)
        c->certain = c->certain && (c->direct || wrong) && !c->busy && w.depth == 0;
    else if (!wrong && !c->direct)
        follow_update(c, got, &added, gone, gone_len);
    check_err(&err, got);
}

/* The same for a set. */
static void follow_replace(chooser *c, int32_t got, const members *set)
{
    unsigned id, refused = 0;
    for (id = 0; id < IDS; id++) {
        unsigned member = c->members >> id & 1, named = count(set->ids, set->len, id), i;
        refused += w.refusals[id];
        CHECK(w.refusals[id] <= (named && !member));
        c->members &= ~(1u << id);
        if (!named || !member)
            c->reasons[id] = 0;
        if (!named || w.refusals[id])
            continue;
        c->members |= 1u << id;
        for (i = 0; set->ids[i] != id; i++)
            ;
        c->about[id] = set->abouts[i];
    }
    ONE_OF(got, refused ? PEERAGE_ERR_REJECTED : PEERAGE_OK);
}

void replace_members(void)
{
    chooser *c = any_chooser();
    members set;
    unsigned b = take(&w.bytes), len = b & 3, i, staying = 0;
    int32_t got, wrong;
    peerage_error *err, **errp;
    unsigned long now;
    len += b >> 2 & 1;
    any_members(&set, len, b >> 3 & 3);
    wrong = set.wrong;
    if (b >= 250 && len) {
        set.given = NULL;
        wrong = PEERAGE_ERR_NULL_POINTER;
    }
    for (i = 0; i < len; i++)
        staying |= set.ids[i] < IDS ? 1u << set.ids[i] : 0;
    errp = maybe_err(&err);
    if (!c) {
        got = peerage_chooser_replace(NULL, set.given, len, errp);
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
        check_err(&err, got);
        return;
    }
    now = ++w.now;
    begin_change(c);
    if (!wrong)
        orphan(c, ~staying);
    got = peerage_chooser_replace(c->handle, set.given, len, errp);
    if (!wrong)
        orphan(c, ~staying);
    end_change(c);
    check_change(c, got, wrong, len);
    CHECK(got != PEERAGE_ERR_ALREADY_IN_LIST && got != PEERAGE_ERR_NOT_IN_LIST);
    if (!c->certain || c->busy || !quiet(now) || w.depth)
        c->certain = c->certain && (c->direct || wrong) && !c->busy && w.depth == 0;
    else if (!wrong && !c->direct)
        follow_replace(c, got, &set);
    check_err(&err, got);
}

void set_reason(void)
{
    static const uint32_t reasons[] = {
        PEERAGE_REASON_EJECTED, PEERAGE_REASON_DRAINING, PEERAGE_REASON_OUTSIDE_SUBSET,
        PEERAGE_REASON_DRAINING, PEERAGE_REASON_NOT_CONNECTED, 0, 16, UINT32_MAX,
    };
    chooser *c = any_chooser();
    unsigned b = take(&w.bytes), id, n = b >> 5;
    peerage_str name;
    int on = b & 1;
    int32_t got, wrong;
    peerage_error *err, **errp;
    unsigned long now;
    if (b & 16) /* mostly right */
        n &= 3;
    wrong = any_name(&name, &id);
    if (n >= 4)
        wrong = PEERAGE_ERR_INVALID_ARGUMENT;
    errp = maybe_err(&err);
    if (!c) {
        got = peerage_chooser_set_reason(NULL, name, reasons[n], on, errp);
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
        check_err(&err, got);
        return;
    }
    now = ++w.now;
    got = peerage_chooser_set_reason(c->handle, name, reasons[n], on ? (int32_t)b : 0, errp);
    if (wrong)
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_UTF8,
               PEERAGE_ERR_INVALID_ARGUMENT);
    else
        ONE_OF(got, PEERAGE_OK, PEERAGE_ERR_NOT_IN_LIST,
               c->direct ? PEERAGE_ERR_UNSUPPORTED : PEERAGE_OK);
    if (!wrong && !c->direct && c->certain) {
        if (!c->busy && quiet(now) && w.depth == 0) {
            int seated = c->state == RUNNING && c->members >> id & 1;
            ONE_OF(got, seated ? PEERAGE_OK : PEERAGE_ERR_NOT_IN_LIST);
            if (seated && on)
                c->reasons[id] |= (unsigned char)reasons[n];
            if (seated && !on)
                c->reasons[id] &= (unsigned char)~reasons[n];
            if (seated && available(c) >> id & 1 && !(c->policy && c->policy->picky))
                CHECK(waiting(c) == 0 || on);
        } else {
            c->certain = 0;
        }
    }
    check_err(&err, got);
}
