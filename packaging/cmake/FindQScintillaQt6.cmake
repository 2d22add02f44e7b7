# SPDX-License-Identifier: GPL-3.0-or-later
# Debian's QScintilla for Qt 6 comes without a CMake package.
find_path(QScintillaQt6_INCLUDE_DIR NAMES Qsci/qsciscintilla.h PATH_SUFFIXES qt6 x86_64-linux-gnu/qt6)
find_library(QScintillaQt6_LIBRARY NAMES qscintilla2_qt6)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(QScintillaQt6 DEFAULT_MSG QScintillaQt6_LIBRARY QScintillaQt6_INCLUDE_DIR)
if(QScintillaQt6_FOUND AND NOT TARGET QScintillaQt6::QScintillaQt6)
    add_library(QScintillaQt6::QScintillaQt6 UNKNOWN IMPORTED)
    set_target_properties(QScintillaQt6::QScintillaQt6 PROPERTIES
        IMPORTED_LOCATION ${QScintillaQt6_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${QScintillaQt6_INCLUDE_DIR}
        INTERFACE_LINK_LIBRARIES "Qt6::Widgets;Qt6::PrintSupport")
endif()
