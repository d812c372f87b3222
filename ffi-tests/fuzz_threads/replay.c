/* Runs files of bytes many times each, as the threads meet in another way each time. */
#include <stdio.h>
#include <stdlib.h>

#include "threaded_calls.h"

enum { ROUNDS = 10 };

int main(int argc, char **argv)
{
    static uint8_t data[1 << 16];
    int i, round;
    for (i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        size_t len;
        if (!file) {
            perror(argv[i]);
            return EXIT_FAILURE;
        }
        len = fread(data, 1, sizeof data, file);
        fclose(file);
        fprintf(stderr, "%s\n", argv[i]);
        for (round = 0; round < ROUNDS; round++)
            threaded_calls(data, len);
    }
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
