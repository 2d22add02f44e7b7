// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/IpAddress.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace tocsin {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int kMappedBits = 96;

int bitLength(const IpPrefix& prefix) { return prefix.address.isV4() ? prefix.length + kMappedBits : prefix.length; }

bool sameBits(const IpAddress& a, const IpAddress& b, int bits)
{
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (std::memcmp(a.bytes.data(), b.bytes.data(), whole) != 0)
        return false;
    const int rest = bits % 8;
    if (rest == 0)
        return true;
    const auto mask = static_cast<std::uint8_t>(0xFF << (8 - rest));
    return (a.bytes[whole] & mask) == (b.bytes[whole] & mask);
}

} // namespace

bool IpAddress::isV4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

std::uint32_t IpAddress::v4() const
{
    return std::uint32_t{bytes[12]} << 24 | std::uint32_t{bytes[13]} << 16 | std::uint32_t{bytes[14]} << 8 | bytes[15];
}

IpAddress IpAddress::fromV4(std::uint32_t address)
{
    IpAddress ip;
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), ip.bytes.begin());
    for (std::size_t i = 0; i < 4; ++i)
        ip.bytes[12 + i] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
    return ip;
}

std::string formatIp(const IpAddress& address)
{
    char buffer[INET6_ADDRSTRLEN];
    if (address.isV4())
        inet_ntop(AF_INET, address.bytes.data() + 12, buffer, sizeof buffer);
    else
        inet_ntop(AF_INET6, address.bytes.data(), buffer, sizeof buffer);
    return buffer;
}

std::optional<std::uint32_t> parseIpV4(std::string_view text)
{
    constexpr int kMostDigits = 3;
    std::uint32_t address = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (int part = 0; part < 4; ++part) {
        if (part > 0 && (at == end || *at++ != '.'))
            return std::nullopt;
        std::uint32_t value = 0;
        int digits = 0;
        for (; at != end && digits < kMostDigits && *at >= '0' && *at <= '9'; ++at, ++digits)
            value = value * 10 + static_cast<std::uint32_t>(*at - '0');
        if (digits == 0 || value > 255)
            return std::nullopt;
        address = address << 8 | value;
    }
    return at == end ? std::optional(address) : std::nullopt;
}

std::optional<IpAddress> parseIp(std::string_view text)
{
    if (text.find(':') == std::string_view::npos) {
        const auto v4 = parseIpV4(text);
        return v4 ? std::optional(IpAddress::fromV4(*v4)) : std::nullopt;
    }
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    const std::string plain(text.substr(0, text.find('%')));
    if (plain.find('\0') != std::string::npos) // inet_pton would stop there and take what stands before
        return std::nullopt;
    IpAddress address;
    return inet_pton(AF_INET6, plain.c_str(), address.bytes.data()) == 1 ? std::optional(address) : std::nullopt;
}

bool IpPrefix::contains(const IpAddress& other) const
{
    return address.isV4() == other.isV4() && sameBits(address, other, bitLength(*this));
}

bool IpPrefix::contains(const IpPrefix& other) const { return other.length >= length && contains(other.address); }

IpPrefix IpPrefix::normalized() const
{
    IpPrefix result = *this;
    const int bits = bitLength(*this);
    for (int bit = bits; bit < 128; ++bit)
        result.address.bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80 >> (bit % 8)));
    return result;
}

std::string formatPrefix(const IpPrefix& prefix) { return formatIp(prefix.address) + "/" + std::to_string(prefix.length); }

std::optional<IpPrefix> parsePrefix(std::string_view text)
{
    const auto slash = text.find('/');
    const auto address = parseIp(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    const int most = address->isV4() ? 32 : 128;
    if (slash == std::string_view::npos)
        return IpPrefix{*address, most};
    const std::string_view digits = text.substr(slash + 1);
    int length = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc() || end != digits.data() + digits.size() || length < 0 || length > most)
        return std::nullopt;
    return IpPrefix{*address, length};
}

bool isPrivateIp(const IpAddress& address)
{
    static const std::array<IpPrefix, 8> kPrivate = [] {
        constexpr std::array<std::string_view, 8> kTexts{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8",
                                                         "169.254.0.0/16", "fc00::/7", "fe80::/10", "::/127"};
        std::array<IpPrefix, 8> prefixes;
        std::transform(kTexts.begin(), kTexts.end(), prefixes.begin(), [](std::string_view text) { return *parsePrefix(text); });
        return prefixes;
    }();
    return std::any_of(kPrivate.begin(), kPrivate.end(), [&](const IpPrefix& prefix) { return prefix.contains(address); });
}

} // namespace tocsin
