/* A program with two archives that Rust made, each with a standard library of its own inside. */
#include <peerage.h>

unsigned other_caught(unsigned number);

int main(void)
{
    peerage_error *error = NULL;
    const peerage_chooser *chooser = NULL;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    int refused = peerage_chooser_new(&opts, &chooser, &error) != PEERAGE_OK;
    peerage_error_free(error);
    return refused && other_caught(1) == 1 && other_caught(7) == 99 ? 0 : 1;
}
