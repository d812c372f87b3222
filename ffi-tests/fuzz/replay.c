/* Runs files of bytes, as the fuzzer would. */
#include <stdio.h>
#include <stdlib.h>

#include "calls.h"

int main(int argc, char **argv)
{
    static uint8_t data[1 << 16];
    int i;
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
        calls(data, len);
    }
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
