// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/Random.h"

namespace tocsin::samplecase {

Guid Random::guid()
{
    Guid out;
    const std::uint64_t high = next();
    const std::uint64_t low = next();
    for (unsigned i = 0; i < 8; ++i) {
        out.bytes[i] = static_cast<std::uint8_t>(high >> (8 * i));
        out.bytes[8 + i] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    out.bytes[6] = static_cast<std::uint8_t>((out.bytes[6] & 0x0FU) | 0x40U);
    out.bytes[8] = static_cast<std::uint8_t>((out.bytes[8] & 0x3FU) | 0x80U);
    return out;
}

std::string Random::hex(std::size_t digits)
{
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (std::size_t i = 0; i < digits; ++i)
        out += kDigits[below(16)];
    return out;
}

} // namespace tocsin::samplecase
