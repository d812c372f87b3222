/*
 * Who has a key under `maglev`, by the file that Rust and Go read too: tests/golden/maglev.txt.
 */
#include "fake.h"

enum { ROOM = 16 };

static fake transport = FAKE_PUSHES;
static const peerage_peer *peers[ROOM];
static int count;

static FILE *golden(void)
{
    /* Beside this source, whose name the compiler was given whole. */
    static const char way[] = "../../tests/golden/maglev.txt";
    char path[1024];
    const char *slash = strrchr(__FILE__, '/');
    size_t folder = slash ? (size_t)(slash - __FILE__) + 1 : 0;
    FILE *file;
    CHECK(folder + sizeof way < sizeof path);
    memcpy(path, __FILE__, folder);
    memcpy(path + folder, way, sizeof way);
    file = fopen(path, "r");
    CHECK(file);
    return file;
}

static void set(const char *name, peerage_connection status)
{
    int n;
    for (n = 0; n < count; n++)
        if (same(peerage_peer_id(peers[n]), name)) {
            IS(peerage_peer_set_status(peers[n], status), PEERAGE_OK);
            return;
        }
    CHECK(!"a member of the file");
}

static void join(const peerage_chooser *chooser, const char *name, int weight)
{
    peerage_member member = peerage_member_of(name);
    member.weight = (uint32_t)weight;
    IS(peerage_chooser_update(chooser, &member, 1, NULL, 0, NULL), PEERAGE_OK);
    CHECK(count < ROOM);
    peers[count++] = transport.last;
}

int main(void)
{
    const peerage_chooser *chooser;
    FILE *file = golden();
    char line[256], word[16], first[64], second[64];
    int answers = 0;
    watchdog(60);
    chooser = chooser_of(&transport, "maglev");
    while (fgets(line, sizeof line, file)) {
        int words = sscanf(line, "%15s %63s %63s", word, first, second);
        if (line[0] == '#')
            continue;
        if (words == 3 && strcmp(word, "member") == 0) {
            join(chooser, first, atoi(second));
        } else if (words == 3 && strcmp(word, "key") == 0) {
            peerage_request request = PEERAGE_REQUEST_INIT;
            request.shard_key = text(first);
            CHECK(strcmp(chosen(chooser, &request), second) == 0);
            answers++;
        } else if (words == 2 && strcmp(word, "down") == 0) {
            set(first, PEERAGE_CONNECTION_UNAVAILABLE);
        } else if (words == 2 && strcmp(word, "up") == 0) {
            set(first, PEERAGE_CONNECTION_AVAILABLE);
        } else {
            CHECK(!"a line that this program knows");
        }
    }
    fclose(file);
    CHECK(count == 12 && answers == 180);
    end(chooser, &transport);
    return 0;
}
