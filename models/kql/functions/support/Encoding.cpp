// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Encoding.h"

#include "base/Utf8.h"

#include <zlib.h>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace tocsin::kql {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto kReverse = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
    table['-'] = 62; // the alphabet for URLs
    table['_'] = 63;
    return table;
}();

int windowBits(CompressionFormat format) { return format == CompressionFormat::Gzip ? 15 + 16 : 15; }

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = foldAscii(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The parameters of RFC 3492, section 5.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kTMin = 1;
constexpr std::uint32_t kTMax = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kInitialBias = 72;
constexpr std::uint32_t kInitialN = 128;

std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first)
{
    delta = first ? delta / kDamp : delta / 2;
    delta += delta / points;
    std::uint32_t k = 0;
    for (; delta > (kBase - kTMin) * kTMax / 2; k += kBase)
        delta /= kBase - kTMin;
    return k + (kBase - kTMin + 1) * delta / (delta + kSkew);
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) { return k <= bias ? kTMin : k >= bias + kTMax ? kTMax : k - bias; }

char punyDigit(std::uint32_t digit) { return static_cast<char>(digit < 26 ? 'a' + digit : '0' + digit - 26); }

std::optional<std::uint32_t> punyValue(char c)
{
    const char lower = foldAscii(c);
    if (lower >= 'a' && lower <= 'z')
        return static_cast<std::uint32_t>(lower - 'a');
    if (c >= '0' && c <= '9')
        return static_cast<std::uint32_t>(c - '0' + 26);
    return std::nullopt;
}

} // namespace

std::string base64Encode(std::string_view bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t word = 0;
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k)
            word = word << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= have ? kAlphabet[word >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

std::optional<std::string> base64Decode(std::string_view text)
{
    text = trimSpaces(text);
    std::size_t padding = 0;
    for (; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t word = 0;
    int bits = 0;
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t')
            continue;
        const int value = kReverse[static_cast<unsigned char>(c)];
        if (value < 0)
            return std::nullopt;
        ++digits;
        word = word << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>(word >> bits & 0xFF);
        }
    }
    if ((digits + padding) % 4 != 0)
        return std::nullopt;
    return out;
}

std::optional<std::string> compressBytes(std::string_view bytes, CompressionFormat format)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits(format), 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return std::nullopt;
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return status == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::string> decompressBytes(std::string_view bytes, CompressionFormat format, std::size_t limit)
{
    z_stream stream{};
    if (bytes.empty() || inflateInit2(&stream, windowBits(format)) != Z_OK)
        return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    std::vector<char> block(16 * 1024);
    int status = Z_OK;
    while (status == Z_OK && out.size() <= limit) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        status = inflate(&stream, Z_NO_FLUSH);
        out.append(block.data(), block.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    return status == Z_STREAM_END && out.size() <= limit ? std::optional(std::move(out)) : std::nullopt;
}

std::string urlEncode(std::string_view text, bool blankAsPlus)
{
    constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x80 && isTermChar(byte)) || std::string_view("-_.!*()").find(c) != std::string_view::npos) {
            out += c;
        } else if (c == ' ' && blankAsPlus) {
            out += '+';
        } else {
            out += '%';
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
    return out;
}

std::string urlDecode(std::string_view text, bool plusAsBlank)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i] == '+' && plusAsBlank ? ' ' : text[i];
        }
    }
    return toValidUtf8(out);
}

std::optional<std::string> punycodeEncode(std::string_view text)
{
    std::vector<char32_t> points;
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const DecodedChar decoded = decodeUtf8(text, i);
        if (!decoded.valid)
            return std::nullopt;
        points.push_back(decoded.code);
        if (decoded.code < kInitialN)
            out += static_cast<char>(decoded.code);
        i += decoded.length;
    }
    std::size_t handled = out.size();
    const std::size_t basic = handled;
    if (basic > 0)
        out += '-';
    std::uint32_t n = kInitialN;
    std::uint32_t bias = kInitialBias;
    std::uint64_t delta = 0;
    while (handled < points.size()) {
        char32_t next = 0x110000;
        for (const char32_t point : points)
            if (point >= n && point < next)
                next = point;
        delta += static_cast<std::uint64_t>(next - n) * (handled + 1);
        n = next;
        for (const char32_t point : points) {
            if (point < n)
                ++delta;
            if (point != n)
                continue;
            if (delta > std::numeric_limits<std::uint32_t>::max())
                return std::nullopt;
            auto q = static_cast<std::uint32_t>(delta);
            for (std::uint32_t k = kBase;; k += kBase) {
                const std::uint32_t t = threshold(k, bias);
                if (q < t)
                    break;
                out += punyDigit(t + (q - t) % (kBase - t));
                q = (q - t) / (kBase - t);
            }
            out += punyDigit(q);
            bias = adapt(static_cast<std::uint32_t>(delta), static_cast<std::uint32_t>(handled + 1), handled == basic);
            delta = 0;
            ++handled;
        }
        ++delta;
        ++n;
    }
    return out;
}

std::optional<std::string> punycodeDecode(std::string_view text)
{
    std::vector<char32_t> points;
    const std::size_t dash = text.rfind('-');
    std::size_t at = 0;
    if (dash != std::string_view::npos) {
        for (std::size_t i = 0; i < dash; ++i) {
            if (static_cast<unsigned char>(text[i]) >= kInitialN)
                return std::nullopt;
            points.push_back(static_cast<unsigned char>(text[i]));
        }
        at = dash + 1;
    }
    std::uint64_t n = kInitialN;
    std::uint64_t i = 0;
    std::uint32_t bias = kInitialBias;
    while (at < text.size()) {
        const std::uint64_t old = i;
        std::uint64_t weight = 1;
        for (std::uint32_t k = kBase;; k += kBase) {
            const auto digit = at < text.size() ? punyValue(text[at++]) : std::nullopt;
            if (!digit)
                return std::nullopt;
            i += *digit * weight;
            const std::uint32_t t = threshold(k, bias);
            if (*digit < t)
                break;
            weight *= kBase - t;
            if (i > std::numeric_limits<std::uint32_t>::max() || weight > std::numeric_limits<std::uint32_t>::max())
                return std::nullopt;
        }
        const std::uint64_t count = points.size() + 1;
        bias = adapt(static_cast<std::uint32_t>(i - old), static_cast<std::uint32_t>(count), old == 0);
        n += i / count;
        i %= count;
        if (n > 0x10FFFF)
            return std::nullopt;
        points.insert(points.begin() + static_cast<std::ptrdiff_t>(i), static_cast<char32_t>(n));
        ++i;
    }
    std::string out;
    for (const char32_t point : points)
        appendUtf8(out, point);
    return out;
}

} // namespace tocsin::kql
