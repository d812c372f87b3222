// The names of peerage.hpp, for headers that mention them and need no more.
//
// All of it is in a namespace of its version inside `peerage`. It is inline, so programs do not write
// it; but two versions of this header in one program make different functions, and code that was
// compiled against the one does not link with the other. Hence this file: a forward declaration by
// hand would be of another class.

#ifndef PEERAGE_FWD_HPP
#define PEERAGE_FWD_HPP

#include "../peerage.h"

#include <cstdint>

#define PEERAGE_HPP_JOIN(major, minor) v##major##_##minor
#define PEERAGE_HPP_NAME(major, minor) PEERAGE_HPP_JOIN(major, minor)
/** The namespace of this version, `v0_1`: as the symbols of the library, until the first that stays. */
#define PEERAGE_HPP_NAMESPACE PEERAGE_HPP_NAME(PEERAGE_VERSION_MAJOR, PEERAGE_VERSION_MINOR)
#define PEERAGE_HPP_BEGIN namespace peerage { inline namespace PEERAGE_HPP_NAMESPACE {
#define PEERAGE_HPP_END } }

PEERAGE_HPP_BEGIN

enum class cause : std::int32_t;
enum class choose_failure : std::int32_t;
enum class connection_status : std::int32_t;
enum class log_level : std::int32_t;
enum class metrics_format : std::int32_t;
enum class nothing : std::int32_t;
enum class outcome : std::int32_t;
enum class reason : std::uint32_t;
enum class state : std::int32_t;
enum class status : std::int32_t;

class ask_again;
class cancel_token;
class choice;
class chooser;
class error;
class failure;
class member;
class members;
class peer;
class peer_ids;
class peer_view;
class pick;
class policy;
class policy_ref;
class reasons;
class request;
class request_view;
template <class T = void> class result;
class text_range;
class timeout;
class transport;
class transport_ref;
class updater;
class watching_transport;

struct check;
struct chooser_options;
struct explanation;
struct header;
struct histogram;
struct metrics_options;
struct key_row;
struct peer_info;
struct peer_status;
struct policy_row;
struct refusal;
struct scheme_row;
struct settings;
struct source_status;
struct stats;
struct update_counts;
struct watch;

PEERAGE_HPP_END

#endif  // PEERAGE_FWD_HPP
