// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

/// A decimal number of up to 34 digits: coefficient × 10^exponent, the value range of IEEE 754 decimal128.
/// Results are rounded half to even to 34 digits; one beyond the range becomes the largest number, or zero. 16 bytes: the low 113 bits and sign are the coefficient, the exponent is apart.
class Decimal {
public:
    static constexpr int kMaxDigits = 34;

    constexpr Decimal() = default;
    explicit Decimal(std::int64_t value);
    /// The shortest decimal that reads back as the double; NaN and infinities give 0 (callers turn those into null first).
    static Decimal fromDouble(double value);
    static std::optional<Decimal> parse(std::string_view text);

    double toDouble() const;
    /// Cut towards zero; nothing outside the range of long.
    std::optional<std::int64_t> toLong() const;
    std::string toString() const;

    Decimal operator-() const;
    friend Decimal operator+(const Decimal& a, const Decimal& b);
    friend Decimal operator-(const Decimal& a, const Decimal& b);
    friend Decimal operator*(const Decimal& a, const Decimal& b);
    /// Nothing for a division by zero.
    static std::optional<Decimal> divide(const Decimal& a, const Decimal& b);
    /// Remainder with the sign of the dividend; nothing for a zero divisor.
    static std::optional<Decimal> remainder(const Decimal& a, const Decimal& b);
    /// Towards minus infinity.
    Decimal floor() const;

    /// By value: 1.0 equals 1.00.
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
    friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }
    /// Equal for equal values.
    std::size_t hash() const;
    bool isZero() const { return m_high == 0 && m_low == 0; }
    bool isNegative() const { return m_negative; }

private:
    __extension__ using Unsigned = unsigned __int128;
    static Decimal make(bool negative, Unsigned coefficient, int exponent);
    Unsigned coefficient() const { return Unsigned{m_high} << 64 | m_low; }
    Decimal trimmed() const;

    std::uint64_t m_low = 0;
    std::uint64_t m_high : 49 = 0;
    std::int64_t m_exponent : 14 = 0;
    bool m_negative : 1 = false;
};
static_assert(sizeof(Decimal) == 16);

} // namespace tocsin
