# Before 1.0 each minor version is an ABI of its own; from 1.0 on each major version is. The number
# is that of the header beside it.

get_filename_component(_peerage_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(_peerage_includes include)

set(PACKAGE_VERSION unknown)
foreach(_peerage_include ${_peerage_includes})
  get_filename_component(_peerage_header "${_peerage_include}/peerage.h" ABSOLUTE
    BASE_DIR "${_peerage_prefix}")
  if(EXISTS "${_peerage_header}")
    file(STRINGS "${_peerage_header}" _peerage_lines REGEX "^#define PEERAGE_VERSION_[MP][A-Z]+ [0-9]+")
    string(REGEX REPLACE "[^;]* ([0-9]+)[^;]*" "\\1" _peerage_numbers "${_peerage_lines}")
    string(REPLACE ";" "." PACKAGE_VERSION "${_peerage_numbers}")
  endif()
endforeach()

string(REGEX MATCH "^0[.][0-9]+|^[0-9]+" _peerage_abi "${PACKAGE_VERSION}")
if(PACKAGE_FIND_VERSION_MAJOR EQUAL 0 AND PACKAGE_FIND_VERSION_COUNT GREATER 1)
  set(_peerage_wanted "0.${PACKAGE_FIND_VERSION_MINOR}")
else()
  set(_peerage_wanted "${PACKAGE_FIND_VERSION_MAJOR}")
endif()

set(PACKAGE_VERSION_COMPATIBLE FALSE)
set(PACKAGE_VERSION_EXACT FALSE)
if(PACKAGE_FIND_VERSION_RANGE)
  # A range says itself which versions its author knows.
  if(PACKAGE_VERSION VERSION_GREATER_EQUAL PACKAGE_FIND_VERSION_MIN
      AND (PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION_MAX
        OR (PACKAGE_FIND_VERSION_RANGE_MAX STREQUAL "INCLUDE"
          AND PACKAGE_VERSION VERSION_EQUAL PACKAGE_FIND_VERSION_MAX)))
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
  endif()
elseif(PACKAGE_VERSION VERSION_EQUAL PACKAGE_FIND_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
  set(PACKAGE_VERSION_EXACT TRUE)
elseif(PACKAGE_VERSION VERSION_GREATER PACKAGE_FIND_VERSION AND _peerage_abi STREQUAL _peerage_wanted)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
