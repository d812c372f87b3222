#include "calls.h"

#include "channel_transport.h"

#include <chrono>

using namespace std::chrono_literals;

namespace {

// What the code of a call says about the peer.
peerage::outcome outcome_of(const grpc::Status &answered) {
  switch (answered.error_code()) {
    case grpc::StatusCode::OK:
      return peerage::outcome::success;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return peerage::outcome::overloaded;
    case grpc::StatusCode::CANCELLED:
      return peerage::outcome::cancelled;
    default:
      return peerage::outcome::failure;
  }
}

}  // namespace

void call(const peerage::chooser &chooser, tally &count) {
  auto pick = chooser.choose(2s);
  if (!pick) {
    count.failed++;
    return;
  }
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 2s);
  echo::Words words;
  words.set_text("hello");
  echo::Answer answer;
  const grpc::Status answered = pick->data<remote>()->stub->Say(&context, words, &answer);
  pick->finish(outcome_of(answered));
  if (answered.ok() && answer.text() == words.text())
    count.answers[answer.server()]++;
  else
    count.failed++;
}

tally call_times(const peerage::chooser &chooser, int times) {
  tally count;
  for (int i = 0; i < times; i++) call(chooser, count);
  return count;
}
