// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/IpAddress.h"
#include "base/Utf8.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/ListArgument.h"

#include <bit>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;
using kernels::mapText;
using kernels::ResultWriter;

constexpr int kV4Offset = 96; ///< leading bits of an IPv4 address in its 128-bit form

struct V4Prefix {
    std::uint32_t address;
    int length; ///< leading bits that count
};

/// `a.b.c.d` or `a.b.c.d/n`.
std::optional<V4Prefix> parseV4(std::string_view text)
{
    text = trimSpaces(text);
    if (const auto address = parseIpV4(text))
        return V4Prefix{*address, 32};
    const auto prefix = parsePrefix(text);
    return prefix && prefix->address.isV4() ? std::optional(V4Prefix{prefix->address.v4(), prefix->length}) : std::nullopt;
}

/// An IPv4 or IPv6 prefix with its length counted in 128 bits. `::a.b.c.d/n` is read as `a.b.c.d/n`.
std::optional<IpPrefix> parseAny(std::string_view text)
{
    text = trimSpaces(text);
    const std::size_t slash = text.find('/');
    const std::string_view plain = text.substr(0, slash);
    if (plain.starts_with("::") && parseIpV4(plain.substr(2)))
        return parseAny(text.substr(2));
    if (slash != std::string_view::npos && plain.find(':') != std::string_view::npos) { // also of an IPv4 address in IPv6 form
        const auto address = parseIp(plain);
        const auto length = longFromText(text.substr(slash + 1));
        return address && length && *length >= 0 && *length <= 128 ? std::optional(IpPrefix{*address, static_cast<int>(*length)}) : std::nullopt;
    }
    auto prefix = parsePrefix(text);
    if (prefix && prefix->address.isV4())
        prefix->length += kV4Offset;
    return prefix;
}

std::uint32_t maskOf(int length) { return length <= 0 ? 0 : ~std::uint32_t{0} << (32 - std::min(length, 32)); }

IpAddress masked(IpAddress address, int length)
{
    for (int byte = 0; byte < 16; ++byte) {
        const int keep = std::clamp(length - byte * 8, 0, 8);
        address.bytes[static_cast<std::size_t>(byte)] &= static_cast<std::uint8_t>(0xFF00 >> keep);
    }
    return address;
}

/// -1, 0, 1 after the shortest of all prefixes is applied to both sides; nothing for texts that are no addresses.
std::optional<std::int64_t> compareV4(std::string_view a, std::string_view b, std::int64_t prefix)
{
    const auto left = parseV4(a);
    const auto right = parseV4(b);
    if (!left || !right || prefix < 0 || prefix > 32)
        return std::nullopt;
    const std::uint32_t mask = maskOf(std::min({left->length, right->length, static_cast<int>(prefix)}));
    const std::uint32_t x = left->address & mask;
    const std::uint32_t y = right->address & mask;
    return x < y ? -1 : x > y ? 1 : 0;
}

std::optional<std::int64_t> compareV6(std::string_view a, std::string_view b, std::int64_t prefix)
{
    const auto left = parseAny(a);
    const auto right = parseAny(b);
    if (!left || !right || prefix < 0 || prefix > 128)
        return std::nullopt;
    const int length = std::min({left->length, right->length, static_cast<int>(prefix)});
    const auto order = masked(left->address, length) <=> masked(right->address, length);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::optional<bool> matchFrom(std::optional<std::int64_t> order) { return order ? std::optional(*order == 0) : std::nullopt; }

std::optional<bool> isPrivateV4(std::string_view text)
{
    const auto prefix = parseV4(text);
    if (!prefix)
        return std::nullopt;
    const std::uint32_t ip = prefix->address;
    return ip >> 24 == 10 || ip >> 20 == 0xAC1 || ip >> 16 == 0xC0A8; // RFC 1918
}

std::optional<bool> inRangeV4(std::string_view ip, const std::optional<V4Prefix>& prefix)
{
    const auto address = parseV4(ip);
    if (!address || !prefix)
        return std::nullopt;
    const std::uint32_t mask = maskOf(std::min(prefix->length, address->length));
    return (address->address & mask) == (prefix->address & mask);
}

std::optional<bool> inRangeV4(std::string_view ip, std::string_view range) { return inRangeV4(ip, parseV4(range)); }

/// ipv4_is_in_range: the range is mostly the same for all rows, and read once then.
Result<Vector> rowsInRangeV4(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Bool> writer(rows);
    std::string_view last;
    std::optional<V4Prefix> prefix;
    kernels::forRows<String, String>(arguments, rows, [&](std::size_t row, bool, std::string_view ip, std::string_view range) {
        if (range.data() != last.data() || range.size() != last.size())
            prefix = parseV4(last = range);
        writer.put(row, inRangeV4(ip, prefix));
    });
    return writer.finish();
}

std::optional<bool> inRangeV6(std::string_view ip, std::string_view range) { return matchFrom(compareV6(ip, range, 128)); }

using RangeTest = std::optional<bool> (*)(std::string_view, std::string_view);

/// ipv4_is_in_any_range, ipv6_is_in_any_range: null only if the address cannot be read.
template <RangeTest test>
Result<Vector> inAnyRange(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> addresses(arguments[0]);
    ResultWriter<Bool> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        std::optional<bool> found;
        forEachListText(arguments, row, [&](std::string_view range) {
            if (const auto inside = test(addresses[row], range))
                found = found.value_or(false) || *inside;
        });
        writer.put(row, found);
    }
    return writer.finish();
}

std::optional<std::int64_t> parseV4Number(std::string_view text, std::int64_t prefix)
{
    const auto read = parseV4(text);
    if (!read || prefix < 0 || prefix > 32)
        return std::nullopt;
    return read->address & maskOf(std::min(read->length, static_cast<int>(prefix)));
}

void appendV6(std::string& out, const IpAddress& address)
{
    constexpr char kHex[] = "0123456789abcdef";
    for (std::size_t i = 0; i < 16; ++i) {
        if (i > 0 && i % 2 == 0)
            out += ':';
        out += kHex[address.bytes[i] >> 4];
        out += kHex[address.bytes[i] & 15];
    }
}

bool parseV6Text(std::string_view text, std::int64_t prefix, std::string& out)
{
    const auto read = parseAny(text);
    if (!read || prefix < 0 || prefix > 128)
        return false;
    appendV6(out, masked(read->address, std::min(read->length, static_cast<int>(prefix))));
    return true;
}

/// The address of a text or a number, with the bits behind the prefix cleared; `withMask` adds `/n`.
template <bool withMask>
Result<Vector> formatV4(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const bool isText = arguments[0].type() == String;
    ResultWriter<String> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        std::int64_t length = 32;
        if (arguments.size() > 1 && !arguments[1].isNull(row))
            length = VectorReader<std::int64_t>(arguments[1])[row];
        std::optional<V4Prefix> prefix;
        if (isText) {
            prefix = parseV4(VectorReader<std::string_view>(arguments[0])[row]);
        } else if (!arguments[0].isNull(row)) {
            const std::int64_t number = VectorReader<std::int64_t>(arguments[0])[row];
            if (number >= 0 && number <= 0xFFFFFFFFLL)
                prefix = V4Prefix{static_cast<std::uint32_t>(number), 32};
        }
        if (!prefix || length < 0 || length > 32) {
            writer.putNull(row);
            continue;
        }
        prefix->length = std::min(prefix->length, static_cast<int>(length));
        const IpAddress address = IpAddress::fromV4(prefix->address & maskOf(prefix->length));
        writer.put(row, withMask ? formatIp(address) + "/" + std::to_string(prefix->length) : formatIp(address));
    }
    return writer.finish();
}

bool rangeToCidr(std::string_view start, std::string_view end, DynamicBuilder& out)
{
    const auto first = parseV4(start);
    const auto last = parseV4(end);
    if (!first || !last || first->address > last->address)
        return false;
    std::uint64_t at = first->address;
    const std::uint64_t stop = last->address;
    out.beginArray();
    while (at <= stop) {
        int bits = at == 0 ? 32 : std::countr_zero(at);
        while (bits > 0 && at + (std::uint64_t{1} << bits) - 1 > stop)
            --bits;
        bits = std::min(bits, 32);
        out.string(formatIp(IpAddress::fromV4(static_cast<std::uint32_t>(at))) + "/" + std::to_string(32 - bits));
        at += std::uint64_t{1} << bits;
    }
    out.endArray();
    return true;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isAlnum(char c) { return static_cast<unsigned char>(c) < 0x80 && isTermChar(static_cast<unsigned char>(c)); }

bool freeBefore(std::string_view text, std::size_t at) { return at == 0 || (!isAlnum(text[at - 1]) && !(text[at - 1] == '.' && at > 1 && isDigit(text[at - 2]))); }

/// Whether an IPv4 address stands in the text, not cut out of a longer word or number.
bool hasV4(std::string_view text, std::string_view wanted)
{
    const auto address = parseIp(wanted);
    if (!address || !address->isV4())
        return false;
    for (std::size_t at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
        const std::size_t end = at + wanted.size();
        const bool freeAfter = end == text.size() || (!isAlnum(text[end]) && !(text[end] == '.' && end + 1 < text.size() && isDigit(text[end + 1])));
        if (freeAfter && freeBefore(text, at))
            return true;
    }
    return false;
}

/// Whether an IPv4 address that begins with the prefix (which ends in a dot, or is a whole address) stands in the text.
bool hasV4Prefix(std::string_view text, std::string_view prefix)
{
    if (prefix.empty())
        return false;
    if (prefix.back() != '.')
        return hasV4(text, prefix);
    for (std::size_t at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
        std::size_t end = at + prefix.size();
        while (end < text.size() && (isDigit(text[end]) || (text[end] == '.' && end + 1 < text.size() && isDigit(text[end + 1]))))
            ++end;
        const auto address = parseIp(text.substr(at, end - at));
        if (address && address->isV4() && freeBefore(text, at) && (end == text.size() || !isAlnum(text[end])))
            return true;
    }
    return false;
}

using TextTest = bool (*)(std::string_view, std::string_view);

template <TextTest test>
Result<Vector> hasAnyOf(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> texts(arguments[0]);
    ResultWriter<Bool> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        bool found = false;
        forEachListText(arguments, row, [&](std::string_view wanted) { found = found || test(texts[row], wanted); });
        writer.put(row, found);
    }
    return writer.finish();
}

template <TextTest test>
void addHas(FunctionRegistry& registry, std::string_view name, std::string_view anyName, std::string_view help, std::string_view example, std::string_view anyExample)
{
    registry.add(ScalarFunction{.name = name, .category = "ip", .help = help, .example = example, .signatures = {signature({{"text", String}, {"ip", String}}, Bool, map<Bool, String, String>(test))}});
    registry.add(ScalarFunction{.name = anyName, .category = "ip", .help = help, .example = anyExample,
        .signatures = {signature({{"text", String}, {"ips", Dynamic}}, Bool, hasAnyOf<test>), signature({{"text", String}, repeated("ip", TypeSet{String, Dynamic})}, Bool, hasAnyOf<test>)}});
}

void addV4(FunctionRegistry& registry)
{
    const std::vector<Parameter> two{{"left", String}, {"right", String}};
    const std::vector<Parameter> three{{"left", String}, {"right", String}, {"prefix", Long}};
    registry.add(ScalarFunction{.name = "ipv4_is_private", .category = "ip", .help = "Whether the IPv4 address is in a private range of RFC 1918.", .example = "print ipv4_is_private('192.168.1.1/24') // true", .signatures = {signature({{"ip", String}}, Bool, map<Bool, String>(isPrivateV4))}});
    registry.add(ScalarFunction{.name = "ipv4_compare", .category = "ip", .help = "-1, 0 or 1: compares two IPv4 addresses under the shortest of their prefixes and the given one.", .example = "print ipv4_compare('192.168.1.1/24', '192.168.1.255') // 0",
        .signatures = {signature(two, Long, map<Long, String, String>([](std::string_view a, std::string_view b) { return compareV4(a, b, 32); })), signature(three, Long, map<Long, String, String, Long>(compareV4))}});
    registry.add(ScalarFunction{.name = "ipv4_is_match", .category = "ip", .help = "Whether two IPv4 addresses are equal under the shortest of their prefixes and the given one.", .example = "print ipv4_is_match('192.168.1.1', '192.168.1.255', 24) // true",
        .signatures = {signature(two, Bool, map<Bool, String, String>([](std::string_view a, std::string_view b) { return matchFrom(compareV4(a, b, 32)); })),
                       signature(three, Bool, map<Bool, String, String, Long>([](std::string_view a, std::string_view b, std::int64_t prefix) { return matchFrom(compareV4(a, b, prefix)); }))}});
    registry.add(ScalarFunction{.name = "ipv4_is_in_range", .category = "ip", .help = "Whether the IPv4 address lies in a range like 192.168.1.0/24.", .example = "print ipv4_is_in_range('127.0.0.1', '127.0.0.0/8') // true", .signatures = {signature({{"ip", String}, {"range", String}}, Bool, rowsInRangeV4)}});
    registry.add(ScalarFunction{.name = "ipv4_is_in_any_range", .category = "ip", .help = "Whether the IPv4 address lies in one of the ranges.", .example = "print ipv4_is_in_any_range('10.1.2.3', '192.168.0.0/16', '10.0.0.0/8') // true",
        .signatures = {signature({{"ip", String}, {"ranges", Dynamic}}, Bool, inAnyRange<inRangeV4>), signature({{"ip", String}, repeated("range", TypeSet{String, Dynamic})}, Bool, inAnyRange<inRangeV4>)}});
    registry.add(ScalarFunction{.name = "ipv4_netmask_suffix", .category = "ip", .help = "The prefix length of an IPv4 address, 32 if it has none.", .example = "print ipv4_netmask_suffix('192.168.1.1/24') // 24",
        .signatures = {signature({{"ip", String}}, Long, map<Long, String>([](std::string_view text) { const auto prefix = parseV4(text); return prefix ? std::optional<std::int64_t>(prefix->length) : std::nullopt; }))}});
    registry.add(ScalarFunction{.name = "ipv4_range_to_cidr_list", .category = "ip", .help = "The shortest list of prefixes that covers a range of IPv4 addresses.", .example = "print ipv4_range_to_cidr_list('1.1.128.0', '1.1.140.255') // [\"1.1.128.0/21\",\"1.1.136.0/22\",\"1.1.140.0/24\"]", .signatures = {signature({{"start", String}, {"end", String}}, Dynamic, kernels::mapDynamic<String, String>(rangeToCidr))}});
    registry.add(ScalarFunction{.name = "parse_ipv4", .category = "ip", .help = "The IPv4 address as a number, bits behind its prefix cleared.", .example = "print parse_ipv4('192.168.1.1/24') // 3232235776", .signatures = {signature({{"ip", String}}, Long, map<Long, String>([](std::string_view text) { return parseV4Number(text, 32); }))}});
    registry.add(ScalarFunction{.name = "parse_ipv4_mask", .category = "ip", .help = "The IPv4 address as a number, bits behind the prefix cleared.", .example = "print parse_ipv4_mask('127.0.0.1', 24) // 2130706432", .signatures = {signature({{"ip", String}, {"prefix", Long}}, Long, map<Long, String, Long>(parseV4Number))}});
    const TypeSet textOrNumber{String, Long};
    registry.add(ScalarFunction{.name = "format_ipv4", .category = "ip", .help = "An IPv4 address, given as text or number, with the bits behind the prefix cleared.", .example = "print format_ipv4('192.168.1.255', 24) // 192.168.1.0", .signatures = {signature({{"ip", textOrNumber}, optional("prefix", Long)}, String, formatV4<false>)}});
    registry.add(ScalarFunction{.name = "format_ipv4_mask", .category = "ip", .help = "As format_ipv4, with `/` and the prefix length behind.", .example = "print format_ipv4_mask('192.168.1.255', 24) // 192.168.1.0/24", .signatures = {signature({{"ip", textOrNumber}, optional("prefix", Long)}, String, formatV4<true>)}});
}

void addV6(FunctionRegistry& registry)
{
    const std::vector<Parameter> two{{"left", String}, {"right", String}};
    const std::vector<Parameter> three{{"left", String}, {"right", String}, {"prefix", Long}};
    registry.add(ScalarFunction{.name = "ipv6_compare", .category = "ip", .help = "-1, 0 or 1: compares two IPv6 or IPv4 addresses under the shortest of their prefixes and the given one.", .example = "print ipv6_compare('fe80::1', 'fe80::2', 64) // 0",
        .signatures = {signature(two, Long, map<Long, String, String>([](std::string_view a, std::string_view b) { return compareV6(a, b, 128); })), signature(three, Long, map<Long, String, String, Long>(compareV6))}});
    registry.add(ScalarFunction{.name = "ipv6_is_match", .category = "ip", .help = "Whether two IPv6 or IPv4 addresses are equal under the shortest of their prefixes and the given one.", .example = "print ipv6_is_match('192.168.1.1', '::ffff:c0a8:0101') // true",
        .signatures = {signature(two, Bool, map<Bool, String, String>([](std::string_view a, std::string_view b) { return matchFrom(compareV6(a, b, 128)); })),
                       signature(three, Bool, map<Bool, String, String, Long>([](std::string_view a, std::string_view b, std::int64_t prefix) { return matchFrom(compareV6(a, b, prefix)); }))}});
    registry.add(ScalarFunction{.name = "ipv6_is_in_range", .category = "ip", .help = "Whether the IPv6 address lies in a range.", .example = "print ipv6_is_in_range('a5e:f127:8a9d:146d:e102:b5d3:c755:abcd', 'a5e:f127:8a9d:146d:e102:b5d3:c755:0/112') // true", .signatures = {signature({{"ip", String}, {"range", String}}, Bool, map<Bool, String, String>(inRangeV6))}});
    registry.add(ScalarFunction{.name = "ipv6_is_in_any_range", .category = "ip", .help = "Whether the IPv6 address lies in one of the ranges.", .example = "print ipv6_is_in_any_range('fe80::1', '2001:db8::/32', 'fe80::/10') // true",
        .signatures = {signature({{"ip", String}, {"ranges", Dynamic}}, Bool, inAnyRange<inRangeV6>), signature({{"ip", String}, repeated("range", TypeSet{String, Dynamic})}, Bool, inAnyRange<inRangeV6>)}});
    registry.add(ScalarFunction{.name = "parse_ipv6", .category = "ip", .help = "The IPv6 (or IPv4) address in full, lower case.", .example = "print parse_ipv6('127.0.0.1') // 0000:0000:0000:0000:0000:ffff:7f00:0001", .signatures = {signature({{"ip", String}}, String, mapText<String, String>([](std::string_view text, std::string& out) { return parseV6Text(text, 128, out); }))}});
    registry.add(ScalarFunction{.name = "parse_ipv6_mask", .category = "ip", .help = "The IPv6 (or IPv4) address in full, bits behind the prefix cleared.", .example = "print parse_ipv6_mask('127.0.0.1', 120) // 0000:0000:0000:0000:0000:ffff:7f00:0000", .signatures = {signature({{"ip", String}, {"prefix", Long}}, String, mapText<String, String, Long>(parseV6Text))}});
}

} // namespace

void addIpFunctions(FunctionRegistry& registry)
{
    addV4(registry);
    addV6(registry);
    addHas<hasV4>(registry, "has_ipv4", "has_any_ipv4", "Whether the IPv4 address (or one of several) stands in the text, set off from words and numbers.", "print has_ipv4('GET 127.0.0.1 404', '127.0.0.1') // true", "print has_any_ipv4('GET 127.0.0.1 404', '10.0.0.1', '127.0.0.1') // true");
    addHas<hasV4Prefix>(registry, "has_ipv4_prefix", "has_any_ipv4_prefix", "Whether an IPv4 address that begins like this (or one of several) stands in the text.", "print has_ipv4_prefix('GET 127.0.0.1 404', '127.0.') // true", "print has_any_ipv4_prefix('GET 127.0.0.1 404', '10.', '127.0.') // true");
}

} // namespace tocsin::kql
