/*
 * Texts and switches of the options that are wrong, each in one place: refused with a message that
 * says which, where, what was there and what would be right, and nothing is made.
 */
#include "fake.h"

static void refused(peerage_chooser_opts opts, const char *says)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *out;
    peerage_error *error = NULL;
    FILL(out);
    opts.transport = fake_transport(&self);
    IS(peerage_chooser_new(&opts, &out, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, says);
    UNTOUCHED(out);
    peerage_transport_unref(opts.transport);
    CHECK(self.dropped == 1 && self.retained == 0);
}

static void texts_of_options(void)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        { "Fail-Fast", "options at byte 0: there is no key \"Fail-Fast\"; need one of name, " },
        { "fail-fast, timeout=1s", "options at byte 10: there is no key \" timeout\"" },
        { "fail-fast,", "options at byte 10: \"\" is not of the form key=value" },
        { "=", "options at byte 0: \"=\" is not of the form key=value" },
        { "timeout", "options at byte 0: \"timeout\" is not of the form key=value" },
        { "seed=1,seed=1", "options at byte 7: key \"seed\" is given twice" },
        { "timeout=200", "timeout=\"200\" must be a whole number of ns, us, ms, s, m or h, such as" },
        { "timeout=-1s", "timeout=\"-1s\" must be" },
        { "timeout=1.5s", "timeout=\"1.5s\" must be" },
        { "timeout=18446744073709551616s", "timeout=\"18446744073709551616s\" must be" },
        { "seed=18446744073709551616",
          "seed=\"18446744073709551616\" must be a whole number from 0 to 18446744073709551615" },
        { "capacity=4294967296", "must be a whole number from 0 to 16777216" },
        { "shuffle=no", "shuffle=\"no\" must be on or off" },
        { "name=a\\b", "\"name=a\\\\b\" is not of the form key=value in which \\ stands before" },
        { "two\nlines", "there is no key \"two\\nlines\"" },
    };
    size_t i;
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
        opts.policy = text("random");
        opts.options = text(wrong[i].text);
        refused(opts, wrong[i].says);
    }
}

static void texts_of_policies(void)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        { "", "no policy is called \"\"; need one of round-robin, weighted-round-robin, random, "
              "two-random-choices, fewest-pending-requests, least-loaded, least-latency, "
              "least-reported, hashring32, maglev, single, direct" },
        { "Random", "no policy is called \"Random\"" },
        { "random ", "no policy is called \"random \"" },
        { "random:", "policy \"random\" at byte 7: \"\" is not of the form key=value" },
        { "single:x", "policy \"single\" at byte 7: there is no key \"x\"; it takes none" },
        { "direct:keep", "policy \"direct\" at byte 7: \"keep\" is not of the form key=value" },
        { "direct:keep=-1", "keep=\"-1\" must be a whole number from 0 to 4294967295" },
        { "direct:kept=1", "there is no key \"kept\"; need one of keep" },
        { "hashring32:replicas=1,replicas=1", "byte 22: key \"replicas\" is given twice" },
    };
    size_t i;
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
        opts.policy = text(wrong[i].text);
        refused(opts, wrong[i].says);
    }
}

static void switches(void)
{
    static const uint8_t strange[] = { 3, 4, 127, 128, 255 };
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    size_t i;
    opts.policy = text("random");
    for (i = 0; i < sizeof strange; i++) {
        char says[80];
        opts.fail_fast = strange[i];
        sprintf(says, "opts.fail_fast is %d: give PEERAGE_SWITCH_ON, PEERAGE_SWITCH_OFF or 0", strange[i]);
        refused(opts, says);
        opts.fail_fast = PEERAGE_SWITCH_OFF;
        opts.shuffle = strange[i];
        sprintf(says, "opts.shuffle is %d: give PEERAGE_SWITCH_ON, PEERAGE_SWITCH_OFF or 0", strange[i]);
        refused(opts, says);
        opts.shuffle = 0;
    }
}

/* A text that says the same as a field is still looked at, and the first that is wrong is told. */
static void fields_do_not_hide_a_wrong_text(void)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    opts.policy = text("random");
    opts.options = text("timeout=soon");
    opts.default_timeout_ns = 1;
    refused(opts, "timeout=\"soon\" must be");
}

int main(void)
{
    watchdog(60);
    texts_of_options();
    texts_of_policies();
    switches();
    fields_do_not_hide_a_wrong_text();
    return 0;
}
