// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/AddressSet.h"

#include "base/Utf8.h"

#include <algorithm>

namespace tocsin::network {
namespace {

constexpr int kBits = 128;

IpAddress lowest() { return {}; }

IpAddress highest()
{
    IpAddress address;
    address.bytes.fill(0xFF);
    return address;
}

IpAddress next(IpAddress address)
{
    for (std::size_t i = address.bytes.size(); i-- > 0;)
        if (++address.bytes[i] != 0)
            break;
    return address;
}

IpAddress previous(IpAddress address)
{
    for (std::size_t i = address.bytes.size(); i-- > 0;)
        if (address.bytes[i]-- != 0)
            break;
    return address;
}

/// The address with its lowest `count` bits set.
IpAddress withLowBits(IpAddress address, int count)
{
    for (int bit = 0; bit < count; ++bit)
        address.bytes[static_cast<std::size_t>(15 - bit / 8)] |= static_cast<std::uint8_t>(1U << (bit % 8));
    return address;
}

int trailingZeros(const IpAddress& address)
{
    int count = 0;
    while (count < kBits && !(address.bytes[static_cast<std::size_t>(15 - count / 8)] >> (count % 8) & 1))
        ++count;
    return count;
}

/// The range of addresses of a prefix, for IPv6 with whatever lies inside.
AddressRange rangeOf(const IpPrefix& prefix)
{
    const IpPrefix plain = prefix.normalized();
    const int free = (plain.address.isV4() ? 32 : kBits) - plain.length;
    return {plain.address, withLowBits(plain.address, free)};
}

} // namespace

AddressSet::AddressSet(std::vector<AddressRange> ranges)
{
    std::erase_if(ranges, [](const AddressRange& range) { return range.last < range.first; });
    std::sort(ranges.begin(), ranges.end(), [](const AddressRange& a, const AddressRange& b) { return a.first < b.first; });
    for (const AddressRange& range : ranges) {
        if (!m_ranges.empty() && (m_ranges.back().last == highest() || range.first <= next(m_ranges.back().last)))
            m_ranges.back().last = std::max(m_ranges.back().last, range.last);
        else
            m_ranges.push_back(range);
    }
}

AddressSet AddressSet::everything() { return AddressSet({{lowest(), highest()}}); }

AddressSet AddressSet::allIpv4() { return AddressSet({{IpAddress::fromV4(0), IpAddress::fromV4(0xFFFFFFFF)}}); }

AddressSet AddressSet::allIpv6() { return allIpv4().complement(); }

AddressSet AddressSet::of(const IpPrefix& prefix)
{
    const AddressSet range({rangeOf(prefix)});
    // A short IPv6 prefix (::/0) spans the block IPv4 lives in; it does not mean IPv4.
    return !prefix.address.isV4() && prefix.length < 96 ? range.minus(allIpv4()) : range;
}

AddressSet AddressSet::of(const std::vector<IpPrefix>& prefixes)
{
    std::vector<AddressRange> ranges;
    for (const IpPrefix& prefix : prefixes) {
        const AddressSet one = of(prefix);
        ranges.insert(ranges.end(), one.m_ranges.begin(), one.m_ranges.end());
    }
    return AddressSet(std::move(ranges));
}

bool AddressSet::contains(const IpAddress& address) const
{
    const auto behind = std::upper_bound(m_ranges.begin(), m_ranges.end(), address,
                                         [](const IpAddress& value, const AddressRange& range) { return value < range.first; });
    return behind != m_ranges.begin() && address <= std::prev(behind)->last;
}

bool AddressSet::covers(const AddressSet& other) const
{
    return std::all_of(other.m_ranges.begin(), other.m_ranges.end(), [this](const AddressRange& range) {
        const auto behind = std::upper_bound(m_ranges.begin(), m_ranges.end(), range.first,
                                             [](const IpAddress& value, const AddressRange& mine) { return value < mine.first; });
        return behind != m_ranges.begin() && range.last <= std::prev(behind)->last;
    });
}

bool AddressSet::intersects(const AddressSet& other) const { return !intersected(other).isEmpty(); }

AddressSet AddressSet::united(const AddressSet& other) const
{
    auto ranges = m_ranges;
    ranges.insert(ranges.end(), other.m_ranges.begin(), other.m_ranges.end());
    return AddressSet(std::move(ranges));
}

AddressSet AddressSet::complement() const
{
    std::vector<AddressRange> gaps;
    IpAddress from = lowest();
    bool open = true;
    for (const AddressRange& range : m_ranges) {
        if (from < range.first)
            gaps.push_back({from, previous(range.first)});
        open = range.last != highest();
        from = next(range.last);
    }
    if (open)
        gaps.push_back({from, highest()});
    return AddressSet(std::move(gaps));
}

AddressSet AddressSet::minus(const AddressSet& other) const
{
    std::vector<AddressRange> left;
    std::size_t hole = 0;
    for (AddressRange range : m_ranges) {
        while (hole < other.m_ranges.size() && other.m_ranges[hole].last < range.first)
            ++hole;
        bool rest = true;
        for (std::size_t i = hole; i < other.m_ranges.size() && other.m_ranges[i].first <= range.last; ++i) {
            const AddressRange& cut = other.m_ranges[i];
            if (range.first < cut.first)
                left.push_back({range.first, previous(cut.first)});
            rest = cut.last < range.last;
            if (!rest)
                break;
            range.first = next(cut.last);
        }
        if (rest)
            left.push_back(range);
    }
    return AddressSet(std::move(left));
}

std::vector<IpPrefix> AddressSet::prefixes() const
{
    std::vector<IpPrefix> result;
    // Split off the mapped block first, for its prefixes are counted in 32 bits.
    const auto add = [&result](const AddressSet& part, bool v4) {
        const int most = v4 ? 32 : kBits;
        for (AddressRange range : part.m_ranges)
            for (;;) {
                int free = std::min(trailingZeros(range.first), most);
                while (free > 0 && withLowBits(range.first, free) > range.last)
                    --free;
                result.push_back({range.first, most - free});
                const IpAddress end = withLowBits(range.first, free);
                if (end >= range.last)
                    break;
                range.first = next(end);
            }
    };
    if (covers(allIpv4()))
        result.push_back({IpAddress::fromV4(0), 0});
    else
        add(minus(allIpv6()), true);
    if (covers(allIpv6()))
        result.push_back({IpAddress{}, 0});
    else
        add(minus(allIpv4()), false);
    return result;
}

std::optional<AddressSet> parseAddressSet(std::string_view text)
{
    text = trimSpaces(text);
    if (const auto prefix = parsePrefix(text))
        return AddressSet::of(*prefix);
    const auto dash = text.find('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    const auto first = parseIp(trimSpaces(text.substr(0, dash)));
    const auto last = parseIp(trimSpaces(text.substr(dash + 1)));
    if (!first || !last || *last < *first || first->isV4() != last->isV4())
        return std::nullopt;
    return AddressSet({{*first, *last}});
}

} // namespace tocsin::network
