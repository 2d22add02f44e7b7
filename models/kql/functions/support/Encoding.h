// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::kql {

/// RFC 4648 with padding.
std::string base64Encode(std::string_view bytes);
/// With its padding; white space is passed over. Nothing on other characters.
std::optional<std::string> base64Decode(std::string_view text);

enum class CompressionFormat { Gzip, Zlib };
std::optional<std::string> compressBytes(std::string_view bytes, CompressionFormat format);
/// At most `limit` bytes of output; nothing on bad or larger data.
std::optional<std::string> decompressBytes(std::string_view bytes, CompressionFormat format, std::size_t limit);

/// Percent-encodes, in lower-case hexadecimal, all but letters, digits and `-_.!*()`; a blank becomes `+` or `%20`.
std::string urlEncode(std::string_view text, bool blankAsPlus);
std::string urlDecode(std::string_view text, bool plusAsBlank);

/// RFC 3492 without the `xn--` prefix; nothing for text that is no valid Punycode.
std::optional<std::string> punycodeEncode(std::string_view text);
std::optional<std::string> punycodeDecode(std::string_view text);

} // namespace tocsin::kql
