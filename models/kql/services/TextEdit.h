// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::kql::services {

/// Bytes `span` of a text are to become `text`.
struct TextEdit {
    SourceSpan span;
    std::string text;
    bool operator==(const TextEdit&) const = default;
};

/// The text with all edits made. The edits must be in order and must not overlap.
inline std::string applyEdits(std::string_view text, const std::vector<TextEdit>& edits)
{
    std::string out;
    std::size_t at = 0;
    for (const TextEdit& edit : edits) {
        out += text.substr(at, edit.span.start - at);
        out += edit.text;
        at = edit.span.end();
    }
    out += text.substr(at);
    return out;
}

} // namespace tocsin::kql::services
