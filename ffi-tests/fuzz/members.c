/* Members to add: any identifier, what is known of it, in an array of any shape. */
#include "world.h"

const about abouts[ABOUTS] = {
    {1, 0, "", ""},
    {3, 1, "", "eu-1a"},
    {65535, 255, "shard-7", ""},
    {2, 0, "shard-7", "us-2b"},
    {7, 2, "\xc3\xa9", "\xe2\x82\xac"},
};

static peerage_str c_text(const char *s)
{
    peerage_str text;
    text.ptr = s;
    text.len = strlen(s);
    return text;
}

void check_about(unsigned number, uint32_t weight, uint32_t tier, peerage_str shard,
                 peerage_str zone)
{
    if (number == ABOUT_UNKNOWN)
        return;
    CHECK(weight == abouts[number].weight && tier == abouts[number].tier);
    CHECK(same_text(shard, c_text(abouts[number].shard)));
    CHECK(same_text(zone, c_text(abouts[number].zone)));
}

int is_of_an_about(peerage_str shard, peerage_str zone)
{
    unsigned n;
    for (n = 0; n < ABOUTS; n++)
        if (same_text(shard, c_text(abouts[n].shard)) && same_text(zone, c_text(abouts[n].zone)))
            return 1;
    return 0;
}

/* `shape` 0: names only, and no byte more than each takes. */
void any_members(members *m, unsigned len, unsigned shape)
{
    const peerage_member init = PEERAGE_MEMBER_INIT;
    unsigned s = shape == 3 ? take(&w.bytes) : 0, i;
    size_t stride = s < 160 ? sizeof init
                  : s < 200 ? offsetof(peerage_member, weight)
                            : sizeof init + 16;
    int32_t bad;
    memset(m, 0, sizeof *m);
    m->given = len ? &m->at.aligned : NULL;
    m->len = len;
    for (i = 0; i < len; i++) {
        unsigned char *at = m->at.room + i * stride;
        peerage_member member = init;
        bad = any_name(&member.id, &m->ids[i]);
        m->wrong = bad ? bad : m->wrong;
        if (shape) {
            unsigned n = take(&w.bytes);
            m->abouts[i] = (unsigned char)(n % ABOUTS);
            member.weight = abouts[m->abouts[i]].weight;
            member.tier = abouts[m->abouts[i]].tier;
            member.shard = c_text(abouts[m->abouts[i]].shard);
            member.zone = c_text(abouts[m->abouts[i]].zone);
            if (n >= 252 && stride >= sizeof member) {
                *(n & 1 ? &member.weight : &member.tier) = 65536 << (n >> 1 & 1);
                m->wrong = PEERAGE_ERR_INVALID_ARGUMENT;
            } else if (n >= 250 && n < 252) {
                member.zone.ptr = NULL;
                member.zone.len = n;
                m->wrong = PEERAGE_ERR_NULL_POINTER;
            } else if (n >= 248 && n < 250) {
                *(n & 1 ? &member.shard : &member.zone) = c_text("\xff");
                m->wrong = PEERAGE_ERR_INVALID_UTF8;
            } else if (n == 245 && member.weight == 1) {
                member.weight = 0; /* the default */
            }
        }
        member.size = stride;
        memcpy(at, &member, stride < sizeof member ? stride : sizeof member);
        if (stride < sizeof member)
            m->abouts[i] = ABOUT_UNKNOWN;
    }
    if (len == 0)
        return;
    /* Wrong shapes: another size in the middle, something unknown in the tail, an absurd size. */
    if (s >= 250) {
        static const size_t absurd[] = {0, sizeof(size_t) - 1, 4097, SIZE_MAX, sizeof init + 1, 12};
        memcpy(m->at.room, &absurd[s - 250], sizeof *absurd);
        m->wrong = PEERAGE_ERR_INVALID_ARGUMENT;
    } else if (s >= 240) {
        m->at.room[len * stride - 1] = 1;
        m->wrong = PEERAGE_ERR_INVALID_ARGUMENT;
    } else if (s >= 230 && len > 1) {
        const size_t other = stride - sizeof(size_t);
        memcpy(m->at.room + (len - 1) * stride, &other, sizeof other);
        m->wrong = PEERAGE_ERR_INVALID_ARGUMENT;
    }
}
