// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Encoding.h"
#include "kql/functions/support/Kernels.h"

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;
using kernels::mapDynamic;
using kernels::mapText;

constexpr std::size_t kMaxInflated = 64 * 1024 * 1024;

bool decodeToText(std::string_view text, std::string& out)
{
    auto bytes = base64Decode(text);
    if (!bytes || !isValidUtf8(*bytes))
        return false;
    out = std::move(*bytes);
    return true;
}

bool decodeToArray(std::string_view text, DynamicBuilder& out)
{
    const auto bytes = base64Decode(text);
    if (!bytes)
        return false;
    out.beginArray();
    for (const char byte : *bytes)
        out.number(static_cast<unsigned char>(byte));
    out.endArray();
    return true;
}

bool encodeArray(std::string_view array, std::string& out)
{
    const DynamicView view(array);
    if (!view.isArray())
        return false;
    std::string bytes;
    for (std::size_t i = 0; i < view.size(); ++i) {
        const auto byte = fromDynamic<Long>(view.item(i));
        if (!byte || *byte < 0 || *byte > 255)
            return false;
        bytes += static_cast<char>(*byte);
    }
    out = base64Encode(bytes);
    return true;
}

/// A guid's bytes as Windows lays them out: the first three fields little endian.
tocsin::Guid swappedFields(tocsin::Guid guid)
{
    std::swap(guid.bytes[0], guid.bytes[3]);
    std::swap(guid.bytes[1], guid.bytes[2]);
    std::swap(guid.bytes[4], guid.bytes[5]);
    std::swap(guid.bytes[6], guid.bytes[7]);
    return guid;
}

std::optional<tocsin::Guid> decodeToGuid(std::string_view text)
{
    const auto bytes = base64Decode(text);
    if (!bytes || bytes->size() != 16)
        return std::nullopt;
    tocsin::Guid guid;
    std::copy(bytes->begin(), bytes->end(), guid.bytes.begin());
    return swappedFields(guid);
}

template <CompressionFormat format>
bool compressToText(std::string_view text, std::string& out)
{
    const auto bytes = compressBytes(text, format);
    if (bytes)
        out = base64Encode(*bytes);
    return bytes.has_value();
}

template <CompressionFormat format>
bool decompressFromText(std::string_view text, std::string& out)
{
    const auto packed = base64Decode(text);
    auto bytes = packed ? decompressBytes(*packed, format, kMaxInflated) : std::nullopt;
    if (!bytes || !isValidUtf8(*bytes))
        return false;
    out = std::move(*bytes);
    return true;
}

/// The dot of a domain name, in ASCII or one of those that IDNA takes for it (RFC 3490): its place and length.
std::pair<std::size_t, std::size_t> findDot(std::string_view domain)
{
    std::pair<std::size_t, std::size_t> first{domain.size(), 0};
    for (const std::string_view dot : {".", "\xE3\x80\x82", "\xEF\xBC\x8E", "\xEF\xBD\xA1"})
        if (const std::size_t at = domain.find(dot); at < first.first)
            first = {at, dot.size()};
    return first;
}

/// Applies a Punycode step to each label of a domain name.
template <bool encode>
bool convertDomain(std::string_view domain, std::string& out)
{
    while (true) {
        const auto [dot, length] = findDot(domain);
        const std::string_view label = domain.substr(0, dot);
        const bool plain = encode ? countCodePoints(label) == label.size() : !label.starts_with("xn--");
        const auto converted = plain ? std::optional(std::string(label)) : encode ? punycodeEncode(label) : punycodeDecode(label.substr(4));
        if (!converted)
            return false;
        if (encode && !plain)
            out += "xn--";
        out += *converted;
        if (dot == domain.size())
            return true;
        out += '.';
        domain.remove_prefix(dot + length);
    }
}

template <auto step>
bool punycode(std::string_view text, std::string& out)
{
    auto converted = step(text);
    if (converted)
        out = std::move(*converted);
    return converted.has_value();
}

template <typename F>
void addText(FunctionRegistry& registry, std::string_view name, std::string_view help, std::string_view example, F function)
{
    registry.add(ScalarFunction{.name = name, .category = "encoding", .help = help, .example = example, .signatures = {signature({{"text", String}}, String, mapText<String, String>(function))}});
}

void addBase64(FunctionRegistry& registry)
{
    addText(registry, "base64_encode_tostring", "The text's UTF-8 in base64.", "print base64_encode_tostring('Kusto') // S3VzdG8=", [](std::string_view text, std::string& out) { out = base64Encode(text); });
    addText(registry, "base64_decode_tostring", "The text that base64 stands for; empty if it is not valid base64 of UTF-8.", "print base64_decode_tostring('S3VzdG8=') // Kusto", decodeToText);
    registry.addAlias("base64_encodestring", "base64_encode_tostring");
    registry.addAlias("base64_decodestring", "base64_decode_tostring");
    registry.add(ScalarFunction{.name = "base64_decode_toarray", .category = "encoding", .help = "The bytes that base64 stands for, as an array of numbers.", .example = "print base64_decode_toarray('S3U=') // [75,117]", .signatures = {signature({{"text", String}}, Dynamic, mapDynamic<String>(decodeToArray))}});
    registry.add(ScalarFunction{.name = "base64_encode_fromarray", .category = "encoding", .help = "Bytes, given as an array of numbers, in base64.", .example = "print base64_encode_fromarray(dynamic([75, 117])) // S3U=", .signatures = {signature({{"bytes", Dynamic}}, String, mapText<String, Dynamic>(encodeArray))}});
    registry.add(ScalarFunction{.name = "base64_decode_toguid", .category = "encoding", .help = "The guid whose bytes base64 stands for.", .example = "print base64_decode_toguid('JpbpECu8dUy7Pv5gbeJXAA==') // 10e99626-bc2b-4c75-bb3e-fe606de25700", .signatures = {signature({{"text", String}}, Guid, map<Guid, String>(decodeToGuid))}});
    registry.add(ScalarFunction{.name = "base64_encode_fromguid", .category = "encoding", .help = "The bytes of a guid in base64.", .example = "print base64_encode_fromguid(toguid('10e99626-bc2b-4c75-bb3e-fe606de25700')) // JpbpECu8dUy7Pv5gbeJXAA==", .signatures = {signature({{"guid", Guid}}, String, mapText<String, Guid>([](const tocsin::Guid& guid, std::string& out) {
        const tocsin::Guid swapped = swappedFields(guid);
        out = base64Encode({reinterpret_cast<const char*>(swapped.bytes.data()), swapped.bytes.size()});
    }))}});
}

} // namespace

void addEncodingFunctions(FunctionRegistry& registry)
{
    addBase64(registry);
    addText(registry, "url_encode", "The text as part of a URL's query; a blank becomes `+`.", "print url_encode('a b/c') // a+b%2fc", [](std::string_view text, std::string& out) { out = urlEncode(text, true); });
    addText(registry, "url_encode_component", "The text as a component of a URL; a blank becomes `%20`.", "print url_encode_component('a b') // a%20b", [](std::string_view text, std::string& out) { out = urlEncode(text, false); });
    addText(registry, "url_decode", "The text with `%41` and the like decoded.", "print url_decode('https%3a%2f%2fexample.com') // https://example.com", [](std::string_view text, std::string& out) { out = urlDecode(text, true); });
    addText(registry, "gzip_compress_to_base64_string", "The text compressed with gzip, in base64.", "print gzip_decompress_from_base64_string(gzip_compress_to_base64_string('abc')) // abc", compressToText<CompressionFormat::Gzip>);
    addText(registry, "gzip_decompress_from_base64_string", "The text out of gzip in base64; empty if it cannot be read.", "print isempty(gzip_decompress_from_base64_string('x0x0x0')) // true", decompressFromText<CompressionFormat::Gzip>);
    addText(registry, "zlib_compress_to_base64_string", "The text compressed with zlib, in base64.", "print zlib_decompress_from_base64_string(zlib_compress_to_base64_string('abc')) // abc", compressToText<CompressionFormat::Zlib>);
    addText(registry, "zlib_decompress_from_base64_string", "The text out of zlib in base64; empty if it cannot be read.", "print isempty(zlib_decompress_from_base64_string('x')) // true", decompressFromText<CompressionFormat::Zlib>);
    addText(registry, "punycode_from_string", "The text in Punycode.", "print punycode_from_string('académie-française') // acadmie-franaise-npb1a", punycode<punycodeEncode>);
    addText(registry, "punycode_to_string", "The text that Punycode stands for.", "print punycode_to_string('acadmie-franaise-npb1a') // académie-française", punycode<punycodeDecode>);
    // Unlike the two above, these are named after what they are given and give.
    addText(registry, "punycode_domain_from_string", "A domain name with its Punycode labels decoded.", "print punycode_domain_from_string('xn--bcher-kva.example') // bücher.example", convertDomain<false>);
    addText(registry, "punycode_domain_to_string", "A domain name with its labels in Punycode.", "print punycode_domain_to_string('bücher.example') // xn--bcher-kva.example", convertDomain<true>);
}

} // namespace tocsin::kql
