// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <string>

/// Places in the texts of tests are marked with `^`.
namespace tocsin::test {

/// Takes the first mark out of a text and gives its place; npos if there is none.
inline std::size_t takeMark(std::string& text)
{
    const std::size_t at = text.find('^');
    if (at != std::string::npos)
        text.erase(at, 1);
    return at;
}

/// The part between two marks, which are taken out; empty where there is only one.
inline SourceSpan takeMarkedPart(std::string& text)
{
    const std::size_t start = takeMark(text), end = takeMark(text);
    return {start, end == std::string::npos ? 0 : end - start};
}

} // namespace tocsin::test
