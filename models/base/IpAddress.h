// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

/// An IPv4 or IPv6 address as 16 bytes; IPv4 is held in its mapped form (::ffff:a.b.c.d), so both compare in one order.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};

    bool isV4() const;
    /// The low 32 bits in host order; meaningful for IPv4.
    std::uint32_t v4() const;
    static IpAddress fromV4(std::uint32_t address);
    auto operator<=>(const IpAddress&) const = default;
};

/// Dotted quad, or RFC 5952 for IPv6.
std::string formatIp(const IpAddress& address);
/// Strict dotted quad or any RFC 4291 form (also with `%zone`, which is dropped).
std::optional<IpAddress> parseIp(std::string_view text);
/// Strict dotted quad; the address in host order.
std::optional<std::uint32_t> parseIpV4(std::string_view text);

/// An address and the number of its leading bits that count: 0 … 32 for IPv4, 0 … 128 for IPv6.
struct IpPrefix {
    IpAddress address;
    int length = 0;

    bool contains(const IpAddress& other) const;
    /// Whether every address of `other` is in this prefix.
    bool contains(const IpPrefix& other) const;
    /// Sets the bits behind the length to 0.
    IpPrefix normalized() const;
    auto operator<=>(const IpPrefix&) const = default;
};

std::string formatPrefix(const IpPrefix& prefix);
/// `a.b.c.d/n`, `x::y/n` or a lone address (then all bits count).
std::optional<IpPrefix> parsePrefix(std::string_view text);

/// RFC 1918, RFC 4193, loopback, link-local and unspecified addresses.
bool isPrivateIp(const IpAddress& address);

} // namespace tocsin
