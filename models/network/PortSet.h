// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::network {

struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 65535; ///< inclusive
    bool contains(std::uint16_t port) const { return first <= port && port <= last; }
    bool isSingle() const { return first == last; }
    bool operator==(const PortRange&) const = default;
};

/// A set of ports as sorted, disjoint, not adjacent ranges.
class PortSet {
public:
    PortSet() = default;
    explicit PortSet(std::vector<PortRange> ranges);
    static PortSet everything() { return PortSet({PortRange{}}); }

    bool isEmpty() const { return m_ranges.empty(); }
    bool contains(std::uint16_t port) const;
    bool covers(PortRange range) const;
    PortSet united(const PortSet& other) const;
    PortSet minus(const PortSet& other) const;
    PortSet intersected(const PortSet& other) const { return minus(everything().minus(other)); }
    const std::vector<PortRange>& ranges() const& { return m_ranges; }
    void ranges() && = delete; // would dangle
    bool operator==(const PortSet&) const = default;

private:
    std::vector<PortRange> m_ranges;
};

/// `*`, `80` or `80-85`.
std::optional<PortRange> parsePortRange(std::string_view text);
/// `80`, or `80-85`.
std::string formatPortRange(PortRange range);

} // namespace tocsin::network
