# find_package(peerage CONFIG): the targets peerage::peerage, the shared library, and
# peerage::peerage-static, the archive; each if it was installed.
#
# Where things are is searched for below the prefix that this file is in, so that the prefix may be
# moved. include/install.sh names the folders that it was told.

get_filename_component(_peerage_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(_peerage_includes include)
set(_peerage_libraries lib lib64 "lib/${CMAKE_LIBRARY_ARCHITECTURE}")
# What the archive needs of the system.
set(_peerage_needs util rt pthread m dl)

foreach(_peerage_kind INCLUDE LIBRARY ARCHIVE)
  unset(_peerage_${_peerage_kind} CACHE)
endforeach()
find_path(_peerage_INCLUDE peerage.h
  PATHS "${_peerage_prefix}" PATH_SUFFIXES ${_peerage_includes} NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
find_library(_peerage_LIBRARY
  NAMES ${CMAKE_SHARED_LIBRARY_PREFIX}peerage${CMAKE_SHARED_LIBRARY_SUFFIX}
  PATHS "${_peerage_prefix}" PATH_SUFFIXES ${_peerage_libraries} NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
find_library(_peerage_ARCHIVE NAMES libpeerage.a
  PATHS "${_peerage_prefix}" PATH_SUFFIXES ${_peerage_libraries} NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)

if(_peerage_LIBRARY AND NOT TARGET peerage::peerage)
  add_library(peerage::peerage SHARED IMPORTED)
  set_target_properties(peerage::peerage PROPERTIES
    IMPORTED_LOCATION "${_peerage_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${_peerage_INCLUDE}")
endif()
if(_peerage_ARCHIVE AND NOT TARGET peerage::peerage-static)
  add_library(peerage::peerage-static STATIC IMPORTED)
  set_target_properties(peerage::peerage-static PROPERTIES
    IMPORTED_LOCATION "${_peerage_ARCHIVE}"
    INTERFACE_INCLUDE_DIRECTORIES "${_peerage_INCLUDE}"
    INTERFACE_LINK_LIBRARIES "${_peerage_needs}")
endif()
if(NOT _peerage_INCLUDE OR NOT (_peerage_LIBRARY OR _peerage_ARCHIVE))
  set(peerage_FOUND FALSE)
  set(peerage_NOT_FOUND_MESSAGE "no peerage.h, or neither library, below ${_peerage_prefix}")
endif()
foreach(_peerage_kind INCLUDE LIBRARY ARCHIVE)
  unset(_peerage_${_peerage_kind} CACHE)
endforeach()
