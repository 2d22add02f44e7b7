// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/EventView.h"
#include "detect/sigma/SigmaRule.h"

#include <map>
#include <string>
#include <vector>

namespace tocsin::detect::sigma {

/// Knows which events a rule's log source means.
class LogSources {
public:
    /// The map the program ships (resources/sigma/logsources.tsv).
    static LogSources builtIn();

    bool matches(const LogSource& source, const EventView& event) const;
    /// Whether some log this program reads can be of this source.
    bool isKnown(const LogSource& source) const;

private:
    struct Row {
        std::vector<std::string> channels, providers;
        std::vector<std::uint32_t> ids;
    };
    static bool fits(const std::vector<Row>& rows, const EventView& event);
    bool windows(const LogSource& source, const EventView& event) const;

    std::map<std::string, std::vector<Row>, std::less<>> m_categories, m_services;
};

} // namespace tocsin::detect::sigma
