/* The smallest program that shows that the header is found, the library is linked, and both are of
 * one version. */
#include <peerage.h>
#include <stdio.h>

int main(void)
{
    const peerage_cancel *cancel = peerage_cancel_new();
    int works = peerage_cancel_trigger(cancel) == PEERAGE_OK && peerage_cancel_is_triggered(cancel);
    peerage_cancel_unref(cancel);
    printf("peerage %s\n", peerage_version_string());
    return works && peerage_version() == PEERAGE_VERSION_NUMBER ? 0 : 1;
}
