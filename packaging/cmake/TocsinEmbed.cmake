# SPDX-License-Identifier: GPL-3.0-or-later
# tocsin_embed(<target> FUNCTION <qualified name> FILES <files>)
# Compiles files into a target. The function returns them as name and bytes:
#   std::span<const tocsin::EmbeddedFile> <qualified name>();   (base/EmbeddedFile.h)
function(tocsin_embed target)
    cmake_parse_arguments(ARG "" "FUNCTION" "FILES" ${ARGN})
    string(MAKE_C_IDENTIFIER "${ARG_FUNCTION}" symbol)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
    set(declarations "")
    set(entries "")
    set(index 0)
    foreach(file IN LISTS ARG_FILES)
        get_filename_component(path ${file} ABSOLUTE)
        get_filename_component(name ${file} NAME)
        set(label "tocsin_embedded_${symbol}_${index}")
        string(APPEND declarations "asm(\".section .rodata\\n${label}:\\n.incbin \\\"${path}\\\"\\n${label}_end:\\n.byte 0\\n.previous\\n\");\nextern \"C\" const char ${label}[];\nextern \"C\" const char ${label}_end[];\n")
        string(APPEND entries "        {\"${name}\", {${label}, static_cast<std::size_t>(${label}_end - ${label})}},\n")
        math(EXPR index "${index} + 1")
    endforeach()
    string(REGEX REPLACE "::[^:]+$" "" namespace "${ARG_FUNCTION}")
    string(REGEX REPLACE "^.*::" "" function "${ARG_FUNCTION}")
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT "// Generated from the files it holds.
#include \"base/EmbeddedFile.h\"
@declarations@
namespace @namespace@ {
std::span<const tocsin::EmbeddedFile> @function@()
{
    static const tocsin::EmbeddedFile files[] = {
@entries@    };
    return files;
}
} // namespace @namespace@
")
    set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${ARG_FILES}")
    target_sources(${target} PRIVATE ${source})
endfunction()
