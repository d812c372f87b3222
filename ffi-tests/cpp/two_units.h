// A program of two units that both include the header: whatever is defined there must be inline.
#ifndef TWO_UNITS_H
#define TWO_UNITS_H

#include <cstdio>
#include <cstdlib>
#include <peerage.hpp>

#define CHECK(what)                                                       \
  do {                                                                    \
    if (!(what)) {                                                        \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);     \
      std::abort();                                                       \
    }                                                                     \
  } while (false)

peerage::transport_ref make_transport(int &destroyed);

#endif
