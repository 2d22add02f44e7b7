# SPDX-License-Identifier: GPL-3.0-or-later
# Every external library, found once and given a target name.

find_package(PkgConfig REQUIRED)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets PrintSupport Svg Test LinguistTools)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(lz4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(maxminddb REQUIRED IMPORTED_TARGET libmaxminddb)
pkg_check_modules(cgraph REQUIRED IMPORTED_TARGET libgvc libcgraph)
find_package(QCustomPlotQt6 CONFIG REQUIRED)
find_package(QScintillaQt6 REQUIRED)
# S2 geometry has neither a CMake package nor a pkg-config file in Debian 12. Its headers need abseil's, and where the compiler inlines
# less, its log function too.
find_package(absl REQUIRED)
find_path(S2_INCLUDE_DIR s2/s2polygon.h REQUIRED)
find_library(S2_LIBRARY s2 REQUIRED)
add_library(s2::s2 UNKNOWN IMPORTED)
set_target_properties(s2::s2 PROPERTIES IMPORTED_LOCATION "${S2_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${S2_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES absl::raw_logging_internal)
