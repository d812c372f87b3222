// The unit of the tests that is compiled with -fno-exceptions -fno-rtti, linked with the others.
#include <peerage.hpp>

#if PEERAGE_HPP_EXCEPTIONS
#error "this unit is compiled without exceptions"
#endif

void ask_for_a_value_that_is_missing();

void ask_for_a_value_that_is_missing() {
  const auto retain = [](peerage::peer_view, std::string_view) {
    return std::optional(peerage::refusal{7, "no route"});
  };
  const auto transport = peerage::transport_ref::make(retain, [](peerage::peer_view) {}).value();
  peerage::chooser_options options;
  options.policy = "round-robin";
  const auto chooser = peerage::chooser::make(transport, options).value();
  chooser.start().value();
  chooser.update({"a:1"}).value();
}
