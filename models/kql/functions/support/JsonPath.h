// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tocsin::kql {

/// A JSON path of the subset that KQL reads: `$`, `.name`, `['name']`, `["name"]`, `[index]`. A path that cannot be read finds nothing.
class JsonPath {
public:
    JsonPath() = default;
    explicit JsonPath(std::string_view text);
    bool isValid() const { return m_valid; }
    /// The value at the path inside `root`; a null view if there is none.
    DynamicView find(DynamicView root) const;
    /// The names on the way from bag to bag; none for the root, a path into an array, or one that cannot be read.
    std::vector<std::string> names() const;

private:
    std::vector<std::variant<std::string, std::int64_t>> m_steps;
    bool m_valid = false;
};

} // namespace tocsin::kql
