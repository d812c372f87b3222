/*
 * The numbers in words: each has the name of its constant. tests/c_programs.rs compares those that are
 * asked for here with those of the header.
 */
#include "check.h"

#define NAMED(kind, KIND, name) \
    CHECK(strcmp(peerage_##kind##_name(PEERAGE_##KIND##_##name), #name) == 0)
#define ELSE_UNKNOWN(kind)                                                 \
    do {                                                                   \
        CHECK(strcmp(peerage_##kind##_name(-1), "UNKNOWN") == 0);          \
        CHECK(strcmp(peerage_##kind##_name(INT32_MAX), "UNKNOWN") == 0);   \
    } while (0)

int main(void)
{
    NAMED(outcome, OUTCOME, SUCCESS);
    NAMED(outcome, OUTCOME, FAILURE);
    NAMED(outcome, OUTCOME, OVERLOADED);
    NAMED(outcome, OUTCOME, CANCELLED);
    NAMED(outcome, OUTCOME, NOT_SENT);
    NAMED(outcome, OUTCOME, ABANDONED);
    ELSE_UNKNOWN(outcome);
    NAMED(connection, CONNECTION, UNAVAILABLE);
    NAMED(connection, CONNECTION, CONNECTING);
    NAMED(connection, CONNECTION, AVAILABLE);
    ELSE_UNKNOWN(connection);
    NAMED(state, STATE, IDLE);
    NAMED(state, STATE, STARTING);
    NAMED(state, STATE, RUNNING);
    NAMED(state, STATE, STOPPING);
    NAMED(state, STATE, STOPPED);
    ELSE_UNKNOWN(state);
    NAMED(choice, CHOICE, MADE);
    NAMED(choice, CHOICE, EXCLUDED);
    NAMED(choice, CHOICE, UNAVAILABLE);
    NAMED(choice, CHOICE, TOO_FEW);
    NAMED(choice, CHOICE, NOT_THE_NAMED);
    NAMED(choice, CHOICE, AT_CAPACITY);
    NAMED(choice, CHOICE, NOT_READY);
    ELSE_UNKNOWN(choice);
    NAMED(cause, CAUSE, TOO_LATE);
    NAMED(cause, CAUSE, NO_PEERS);
    NAMED(cause, CAUSE, NONE_CONNECTED);
    NAMED(cause, CAUSE, SET_ASIDE);
    NAMED(cause, CAUSE, EXCLUDED);
    NAMED(cause, CAUSE, TOO_FEW);
    NAMED(cause, CAUSE, NOT_THE_NAMED);
    NAMED(cause, CAUSE, NOT_IN_LIST);
    NAMED(cause, CAUSE, AT_CAPACITY);
    NAMED(cause, CAUSE, NOT_READY);
    NAMED(cause, CAUSE, CANCELLED_BEFORE);
    NAMED(cause, CAUSE, CANCELLED);
    NAMED(cause, CAUSE, STOPPED);
    NAMED(cause, CAUSE, NOT_RUNNING);
    NAMED(cause, CAUSE, NOT_RETAINED);
    NAMED(cause, CAUSE, INVALID_REQUEST);
    NAMED(cause, CAUSE, POLICY_PANICKED);
    NAMED(cause, CAUSE, QUEUE_FULL);
    NAMED(cause, CAUSE, BELOW_THRESHOLD);
    ELSE_UNKNOWN(cause);
    NAMED(failure, FAILURE, NO_PEER);
    NAMED(failure, FAILURE, FAIL_FAST);
    NAMED(failure, FAILURE, TIMED_OUT);
    NAMED(failure, FAILURE, QUEUE_FULL);
    NAMED(failure, FAILURE, CANCELLED);
    NAMED(failure, FAILURE, STOPPED);
    NAMED(failure, FAILURE, NOT_RUNNING);
    NAMED(failure, FAILURE, NOT_RETAINED);
    NAMED(failure, FAILURE, POLICY_PANICKED);
    NAMED(failure, FAILURE, INVALID_REQUEST);
    ELSE_UNKNOWN(failure);
    return 0;
}
