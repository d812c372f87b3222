/* Sizes: right, cut between two fields, longer, absurd. */
#include "sized.h"

sized any_size(size_t fields, unsigned char *struct_at, size_t room)
{
    unsigned b = take(&w.bytes);
    sized s;
    s.size = fields;
    s.wrong = 0;
    if (b >= 240) {
        switch (b & 3) {
        case 0:
            s.size = (b >> 2 & 1) ? 4097 : (b >> 3 & 1) * 7u;
            s.wrong = 1;
            break;
        case 1:
            s.size = sizeof(size_t) * (1 + below(&w.bytes, (unsigned)(fields / sizeof(size_t))));
            break;
        case 2:
            s.size = room;
            break;
        default:
            s.size = room;
            s.wrong = 1;
            struct_at[room - 1] = 1;
        }
    }
    s.read = s.size < sizeof(size_t) || s.size > 4096 ? 0
             : s.size < fields                        ? (int)s.size
                                                      : (int)fields;
    memcpy(struct_at, &s.size, sizeof s.size);
    return s;
}
