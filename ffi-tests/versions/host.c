/* Loads the plugins that it is given, all symbols global, as hosts do that let plugins see each other.
 * Each must be answered by the library of the version that it was built for.
 *
 * With the archive linked in and its symbols exported (-DWITH_OWN), the host is a third user.
 */
#include "plugin.h"
#include <dlfcn.h>
#include <stdio.h>

#ifdef WITH_OWN
#include <peerage.h>
#endif

int main(int argc, char **argv)
{
    struct plugin_report reports[8];
    int i, j, failures = 0;

#ifdef WITH_OWN
    failures += peerage_version() != PEERAGE_VERSION_NUMBER;
#endif
    for (i = 0; i + 1 < argc && i < 8; i++) {
        struct plugin_report *report = &reports[i];
        plugin_report_fn *ask = NULL;
        void *plugin = dlopen(argv[i + 1], RTLD_NOW | RTLD_GLOBAL);
        if (plugin)
            *(void **)&ask = dlsym(plugin, "plugin_report");
        if (!ask) {
            fprintf(stderr, "%s\n", dlerror());
            return 2;
        }
        ask(report);
        printf("%s: %s answers\n", argv[i + 1], report->version);
        failures += report->compiled != report->answered || !report->served;
        for (j = 0; j < i; j++)
            failures += (reports[j].function == report->function)
                        != (reports[j].compiled == report->compiled);
    }
    return failures ? 1 : 0;
}
