// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/IpAddress.h"

#include <optional>
#include <string_view>
#include <vector>

namespace tocsin::network {

struct AddressRange {
    IpAddress first;
    IpAddress last; ///< inclusive
    bool operator==(const AddressRange&) const = default;
};

/// A set of IPv4 and IPv6 addresses as sorted, disjoint, not adjacent ranges. IPv4 has its own place among the 128-bit
/// numbers (the mapped block), so one order serves both families and no range joins them except the set of everything.
class AddressSet {
public:
    AddressSet() = default;
    explicit AddressSet(std::vector<AddressRange> ranges);

    static AddressSet everything();
    static AddressSet allIpv4();
    static AddressSet allIpv6();
    static AddressSet of(const IpAddress& address) { return AddressSet({{address, address}}); }
    static AddressSet of(const IpPrefix& prefix);
    static AddressSet of(const std::vector<IpPrefix>& prefixes);

    bool isEmpty() const { return m_ranges.empty(); }
    bool isSingle() const { return m_ranges.size() == 1 && m_ranges[0].first == m_ranges[0].last; }
    bool contains(const IpAddress& address) const;
    /// Whether every address of `other` is in this set.
    bool covers(const AddressSet& other) const;
    bool intersects(const AddressSet& other) const;
    AddressSet united(const AddressSet& other) const;
    AddressSet complement() const;
    AddressSet minus(const AddressSet& other) const;
    AddressSet intersected(const AddressSet& other) const { return minus(other.complement()); }

    const std::vector<AddressRange>& ranges() const& { return m_ranges; }
    void ranges() && = delete; // would dangle
    /// The fewest prefixes that make up the set.
    std::vector<IpPrefix> prefixes() const;
    bool operator==(const AddressSet&) const = default;

private:
    std::vector<AddressRange> m_ranges;
};

/// An address, a prefix, or a range `a-b`; nothing for anything else.
std::optional<AddressSet> parseAddressSet(std::string_view text);

} // namespace tocsin::network
