//! yarpc-go's faults, one by one, and the tests that would catch each here.
//!
//! A library with the same names and the same semantics invites the same mistakes, so every known
//! fault of the original is a test, named after its number in the list of faults that was made of
//! yarpc-go's sources by reading and by running them. A fault that cannot exist here has its
//! reason instead.
//!
//! | fault | what was wrong | here |
//! |---|---|---|
//! | B1 | the default choose timeout was 0 | `waiting::b01_*` |
//! | B2 | a change between two unavailable statuses counted as a loss | `list_status::b02_*` |
//! | B3 | a late notification brought a removed peer back | `list_status::b03_*` |
//! | B4 | updates were lost while starting and stopping | `lifecycle::b04_*` |
//! | B5 | a start that failed kept what it had retained | `lifecycle::b05_*` |
//! | B6 | a stop woke nobody | `waiting::b06_*` |
//! | B7 | a wake-up was lost on a waiter it did not help | `waiting::b07_*` |
//! | B8 | a peer that came back looked idle | `list_status::b08_*` |
//! | B9 | a second finish counted below zero | `list_status::b09_*`; `finish` takes the pick |
//! | B10 | choosing and counting were two steps | `list_status::b10_*` |
//! | B11, B12 | callbacks ran under the list's lock | `updates::b11_*`, `reentry` |
//! | B13 | the stop went by the transport's name of a peer | `updates::b13_*` |
//! | B14, B15 | errors blamed the wrong thing; a cancelled caller got a peer | `waiting::b14_*`, `b15_*` |
//! | B16 | a start after a stop was `Ok` | `lifecycle::b16_*` |
//! | B17 | a panic left `Starting` behind | `lifecycle::b17_*`, `single_bind_direct::b17_*`, `panics` |
//! | B18 | the error depended on a race | `waiting::b18_*` |
//! | B19 | the list's peers showed the transport's count | `list_status::b19_*` |
//! | B20, B28 | seeds that do not repeat | `lifecycle::b20_b28_*` |
//! | B21 | status pages in random order | `list_status::b21_*` |
//! | B22 | a foreign answer of a policy panicked | `updates::b22_*` |
//! | B23 | a negative capacity panicked | `updates::b23_*`; the type has no negative numbers |
//! | B24 | counts were read without a lock | `list_status::b24_*`; the compiler refuses the race |
//! | B25 | duplicates before the start | `updates::b25_*` |
//! | B26, B27, B33 | a failed start goes on retaining; late notifications; a blocked updater | `lifecycle::b26_*`, `b27_*`, `b33_*` |
//! | B29 | every list was called `Single` | `updates::b29_*` |
//! | B30, B31 | loads that no transport counts | `updates::b30_b31_*` |
//! | B32 | a stale position after a release | `list_status::b32_*` |
//! | B34, B35 | `Single` always runs, in any state | `single_bind_direct::b34_*`, `b35_*` |
//! | B36 | one bad static peer spoils all | `single_bind_direct::b36_*` |
//! | B37, B38 | `direct` reconnects each time; null requests | `single_bind_direct::b37_*`, `b38_*`; a reference is not null |
//! | B39 to B51 | the hash ring's | `hashring::b39_*` to `b51_*` |
//! | B60 | a stop that hangs on an available peer | `transports::b60_*` |
//! | B61 to B65, B67 to B72 | connection managers, probes, pools | there is no network here |
//! | B66 | a peer of the wrong type leaked its request | `transports::b66_*` |
//! | B73 | retains of one subscriber were not counted | `transports::b73_*` |
//! | B74 | YAML | there is no YAML; the numbers of a policy spec are checked: `hashring::b45_*` |
//! | B75 | the dispatcher's status page | there is no dispatcher |
//! | B76 | tests that assert nothing | these do |
//!
//! Two rules that most of these come down to have modules of their own. No code of the user's runs
//! under a lock, so a callback may do to the list whatever it likes (`reentry`); and a callback
//! that panics takes nobody else along (`panics`). `picks` holds the third: a request ends once,
//! whatever has become of its peer and its list.

mod hashring;
mod lifecycle;
mod list_status;
mod panics;
mod picks;
mod reentry;
mod single_bind_direct;
mod support;
mod transports;
mod updates;
mod waiting;
