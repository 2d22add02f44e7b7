// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Random.h"

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::bench {

/// Appends a row as a line of JSON. Texts must be ready for JSON: escaping them once, when the values are made, is what makes rows cheap.
class Line {
public:
    explicit Line(std::string& out) : m_out(out) {}

    Line& raw(std::string_view text)
    {
        m_out.append(text);
        return *this;
    }
    Line& number(std::integral auto value)
    {
        char digits[24];
        return raw({digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
    }
    Line& hex(std::uint64_t bits, std::size_t digits)
    {
        char text[16];
        for (std::size_t i = 0; i < digits; ++i, bits >>= 4)
            text[i] = "0123456789abcdef"[bits & 15];
        return raw({text, digits});
    }
    Line& guid(Random& random)
    {
        // In two statements: the order in which arguments are evaluated differs between compilers.
        const std::uint64_t first = random.next();
        const std::uint64_t second = random.next();
        hex(first, 8).raw("-").hex(first >> 32, 4).raw("-4").hex(first >> 48, 3).raw("-");
        return hex(second, 4).raw("-").hex(second >> 16, 12);
    }
    Line& member(std::string_view name, std::string_view text) { return key(name).raw("\"").raw(text).raw("\""); }
    Line& member(std::string_view name, std::integral auto value) { return key(name).number(value); }
    /// The comma before and the colon behind; a row begins with its time, which has none.
    Line& key(std::string_view name) { return raw(",\"").raw(name).raw("\":"); }

private:
    std::string& m_out;
};

} // namespace tocsin::bench
