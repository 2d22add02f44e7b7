// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// One value a STIX pattern looks for: `ipv4-addr:value`, `198.51.100.7`.
struct StixObservable {
    std::string path;
    std::string value;
    bool operator==(const StixObservable&) const = default;
};

/// The values a pattern compares for equality (`=` and `IN`), in order, each once. Negated and other comparisons (`LIKE`, `MATCHES`,
/// `<`, …) name no value and are left out. Grammar: STIX 2.1, section 9 (OASIS). Text that is no pattern gives what can be found.
std::vector<StixObservable> stixObservables(std::string_view pattern);

} // namespace tocsin::ingest
