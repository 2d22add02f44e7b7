# SPDX-License-Identifier: GPL-3.0-or-later
# One place for what every target of the project shares: language level, warnings, sanitizers, output folders.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# -O3 makes the program no faster where it counts and takes a third longer to build.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "Flags of the release build" FORCE)

option(TOCSIN_WARNINGS_AS_ERRORS "Treat warnings in the project's own code as errors" ON)
set(TOCSIN_SANITIZE "" CACHE STRING "Sanitizers to build with: address, thread, fuzz or empty")

# Linking a hundred test programs with debug information takes minutes with GNU ld and seconds with lld.
find_program(TOCSIN_LLD NAMES ld.lld)
if(TOCSIN_LLD)
    add_link_options(-fuse-ld=lld)
endif()

add_library(tocsin_flags INTERFACE)
target_compile_options(tocsin_flags INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
# g++ 12 sees overlapping copies in std::string where there are none (GCC bug 105651), and uninitialised values behind std::expected.
foreach(false_alarm IN ITEMS restrict maybe-uninitialized dangling-pointer)
    target_compile_options(tocsin_flags INTERFACE $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-Wno-${false_alarm}>)
endforeach()
# The baseline of every 64-bit x86 machine since 2009; faster kernels are chosen at run time.
# simdjson picks its on-demand parser at compile time and needs pclmul for it.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(tocsin_flags INTERFACE -march=x86-64-v2 -mpclmul)
endif()
if(TOCSIN_WARNINGS_AS_ERRORS)
    target_compile_options(tocsin_flags INTERFACE -Werror)
endif()
if(TOCSIN_SANITIZE)
    # Instrumented code makes GCC see uninitialised members of variants that are not there.
    target_compile_options(tocsin_flags INTERFACE -Wno-maybe-uninitialized)
endif()
if(TOCSIN_SANITIZE STREQUAL "address")
    target_compile_options(tocsin_flags INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    target_link_options(tocsin_flags INTERFACE -fsanitize=address,undefined)
elseif(TOCSIN_SANITIZE STREQUAL "fuzz")
    target_compile_options(tocsin_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-coverage=trace-cmp -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    target_link_options(tocsin_flags INTERFACE -fsanitize=address,undefined)
elseif(TOCSIN_SANITIZE STREQUAL "thread")
    target_compile_options(tocsin_flags INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
    target_link_options(tocsin_flags INTERFACE -fsanitize=thread)
endif()

# tocsin_library(NAME <folder> SOURCES <files> [DEPENDS <folders>] [LINKS <external targets>] [QT])
# One static library per folder, named tocsin_<folder>. Folders below models/ see headers from the root of models/,
# folders below widgets/ from the root of models/ and of widgets/.
function(tocsin_library)
    cmake_parse_arguments(ARG "QT" "NAME" "SOURCES;DEPENDS;LINKS;PRIVATE_LINKS" ${ARGN})
    set(target tocsin_${ARG_NAME})
    add_library(${target} STATIC ${ARG_SOURCES})
    add_library(tocsin::${ARG_NAME} ALIAS ${target})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/models)
    if(CMAKE_CURRENT_SOURCE_DIR MATCHES "^${CMAKE_SOURCE_DIR}/(widgets|app)")
        target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/widgets ${CMAKE_SOURCE_DIR}/app)
    endif()
    foreach(dependency IN LISTS ARG_DEPENDS)
        target_link_libraries(${target} PUBLIC tocsin_${dependency})
    endforeach()
    target_link_libraries(${target} PUBLIC ${ARG_LINKS} PRIVATE tocsin_flags ${ARG_PRIVATE_LINKS})
    if(ARG_QT)
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
        target_compile_definitions(${target} PRIVATE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_DISABLE_DEPRECATED_BEFORE=0x060400)
    endif()
endfunction()

# tocsin_test(NAME tst_<subject> SOURCES <files> [DEPENDS <folders>] [LINKS <targets>] [LABELS <words>] [TIMEOUT <s>])
# A Qt Test program, run without a display, in UTC and the C locale so that results do not depend on the machine.
function(tocsin_test)
    cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SOURCES;DEPENDS;LINKS;LABELS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(${ARG_NAME} ${ARG_SOURCES})
    set_target_properties(${ARG_NAME} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_include_directories(${ARG_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/models)
    foreach(dependency IN LISTS ARG_DEPENDS)
        target_link_libraries(${ARG_NAME} PRIVATE tocsin_${dependency})
    endforeach()
    target_link_libraries(${ARG_NAME} PRIVATE tocsin_flags Qt6::Test ${ARG_LINKS})
    target_compile_options(${ARG_NAME} PRIVATE $<$<CONFIG:Release>:-O0>) # what is tested is optimised, the test itself need not be
    target_compile_definitions(${ARG_NAME} PRIVATE TOCSIN_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TOCSIN_BINARY_DIR="${CMAKE_BINARY_DIR}")
    add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
    set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT} SKIP_REGULAR_EXPRESSION "^SKIPPED-ALL"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;TZ=UTC;TOCSIN_SHARED=$ENV{TOCSIN_SHARED};TSAN_OPTIONS=ignore_noninstrumented_modules=1;XDG_RUNTIME_DIR=${CMAKE_BINARY_DIR}/run"
        LABELS "${ARG_LABELS}")
endfunction()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/run)
file(CHMOD ${CMAKE_BINARY_DIR}/run PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
