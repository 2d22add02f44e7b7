// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/SigmaPattern.h"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

std::string base64(std::string_view bytes); ///< RFC 4648, padded
/// What is left of the Base64 of any text that holds `bytes`, for the three places the bytes may begin at; the characters that depend on
/// the neighbours are cut off.
std::vector<std::string> base64Offsets(std::string_view bytes);
/// UTF-8 text as UTF-16 bytes, little endian unless `bigEndian`.
std::string utf16Bytes(std::string_view text, bool bigEndian, bool byteOrderMark);
/// The pattern with each switch character (a `-` or `/` that begins a word) as `-`, `/`, en dash, em dash and horizontal bar.
std::vector<TextPattern> dashVariants(const TextPattern& pattern);

} // namespace tocsin::detect::sigma
