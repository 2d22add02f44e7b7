// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>

namespace tocsin {
namespace {

__extension__ using U128 = unsigned __int128;

constexpr int kMinExponent = -6176;
constexpr int kMaxExponent = 6111;

constexpr auto kPowersOfTen = [] {
    std::array<U128, 39> powers{};
    powers[0] = 1;
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();

U128 pow10(int n) { return kPowersOfTen[static_cast<std::size_t>(n)]; }

int digitCount(U128 value)
{
    return static_cast<int>(std::upper_bound(kPowersOfTen.begin(), kPowersOfTen.end(), value) - kPowersOfTen.begin());
}

/// Divides by 10^drop, rounding half to even.
U128 roundedShift(U128 value, int drop)
{
    if (drop <= 0)
        return value;
    if (drop > 38)
        return 0;
    const U128 power = pow10(drop);
    U128 quotient = value / power;
    const U128 rest = value % power;
    const U128 half = power / 2;
    if (rest > half || (rest == half && (quotient & 1)))
        ++quotient;
    return quotient;
}

} // namespace

Decimal Decimal::make(bool negative, Unsigned coefficient, int exponent)
{
    if (const int drop = digitCount(coefficient) - kMaxDigits; drop > 0) {
        coefficient = roundedShift(coefficient, drop);
        exponent += drop;
        if (digitCount(coefficient) > kMaxDigits) {
            coefficient /= 10;
            ++exponent;
        }
    }
    if (exponent < kMinExponent) { // too small for the exponent: fewer digits, down to zero
        coefficient = roundedShift(coefficient, kMinExponent - exponent);
        exponent = kMinExponent;
    }
    for (; exponent > kMaxExponent && coefficient != 0 && coefficient < pow10(kMaxDigits - 1); --exponent)
        coefficient *= 10;
    if (exponent > kMaxExponent && coefficient != 0) // too large: the largest there is
        coefficient = pow10(kMaxDigits) - 1;
    Decimal result;
    result.m_low = static_cast<std::uint64_t>(coefficient);
    result.m_high = static_cast<std::uint64_t>(coefficient >> 64) & ((std::uint64_t{1} << 49) - 1);
    result.m_exponent = std::min(exponent, kMaxExponent);
    result.m_negative = negative && coefficient != 0;
    return result;
}

Decimal::Decimal(std::int64_t value)
{
    *this = make(value < 0, value < 0 ? Unsigned{0} - static_cast<Unsigned>(value) : static_cast<Unsigned>(value), 0);
}

Decimal Decimal::fromDouble(double value)
{
    if (!std::isfinite(value))
        return {};
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return parse({buffer, static_cast<std::size_t>(end - buffer)}).value_or(Decimal());
}

std::optional<Decimal> Decimal::parse(std::string_view text)
{
    bool negative = false;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    Unsigned coefficient = 0;
    int exponent = 0;
    bool point = false;
    bool any = false;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            any = true;
            if (coefficient < pow10(37)) {
                coefficient = coefficient * 10 + static_cast<unsigned>(c - '0');
                exponent -= point ? 1 : 0;
            } else {
                exponent += point ? 0 : 1;
            }
        } else {
            break;
        }
    }
    if (!any)
        return std::nullopt;
    if (i < text.size()) {
        if (text[i] != 'e' && text[i] != 'E')
            return std::nullopt;
        ++i;
        if (i < text.size() && text[i] == '+')
            ++i;
        int power = 0;
        const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), power);
        if (error != std::errc() || end != text.data() + text.size() || std::abs(power) > 7000)
            return std::nullopt;
        exponent += power;
    }
    if (coefficient != 0 && exponent + digitCount(coefficient) > kMaxExponent + kMaxDigits)
        return std::nullopt;
    return make(negative, coefficient, exponent);
}

Decimal Decimal::trimmed() const
{
    Decimal result = *this;
    Unsigned value = coefficient();
    int exponent = static_cast<int>(m_exponent);
    if (value == 0)
        return make(false, 0, 0);
    while (value % 10 == 0) {
        value /= 10;
        ++exponent;
    }
    result = make(m_negative, value, exponent);
    return result;
}

double Decimal::toDouble() const
{
    const std::string text = toString();
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::optional<std::int64_t> Decimal::toLong() const
{
    Unsigned value = coefficient();
    int exponent = static_cast<int>(m_exponent);
    for (; exponent < 0 && value != 0; ++exponent)
        value /= 10;
    for (; exponent > 0 && value != 0; --exponent) {
        if (value > (Unsigned{1} << 64))
            return std::nullopt;
        value *= 10;
    }
    const Unsigned most = (Unsigned{1} << 63) - (m_negative ? 0 : 1);
    if (value > most)
        return std::nullopt;
    return m_negative ? static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value)) : static_cast<std::int64_t>(value);
}

std::string Decimal::toString() const
{
    Unsigned value = coefficient();
    std::string digits;
    do {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    const int exponent = static_cast<int>(m_exponent);
    const int length = static_cast<int>(digits.size());
    std::string text = m_negative ? "-" : "";
    if (exponent >= 0 && length + exponent <= kMaxDigits)
        return text + digits + std::string(static_cast<std::size_t>(digits == "0" ? 0 : exponent), '0');
    if (exponent < 0 && -exponent < length)
        return text + digits.insert(static_cast<std::size_t>(length + exponent), 1, '.');
    if (exponent < 0 && -exponent <= kMaxDigits + 6)
        return text + "0." + std::string(static_cast<std::size_t>(-exponent - length), '0') + digits;
    const int power = exponent + length - 1;
    if (length > 1)
        digits.insert(1, 1, '.');
    return text + digits + "E" + (power < 0 ? "-" : "+") + std::to_string(std::abs(power));
}

Decimal Decimal::operator-() const { return make(!m_negative, coefficient(), static_cast<int>(m_exponent)); }

Decimal operator+(const Decimal& a, const Decimal& b)
{
    if (a.isZero())
        return b;
    if (b.isZero())
        return a;
    Decimal high = a, low = b;
    if (high.m_exponent < low.m_exponent)
        std::swap(high, low);
    Decimal::Unsigned x = high.coefficient();
    Decimal::Unsigned y = low.coefficient();
    int exponent = static_cast<int>(high.m_exponent);
    const int target = static_cast<int>(low.m_exponent);
    // Widen the coefficient with the larger exponent as far as 37 digits allow, then cut the other one.
    const int room = std::min(exponent - target, 37 - digitCount(x));
    x *= pow10(room);
    exponent -= room;
    if (const int cut = exponent - target; cut > 0) {
        const Decimal::Unsigned kept = cut > 38 ? 0 : y / pow10(cut);
        const bool exact = cut <= 38 && y % pow10(cut) == 0;
        y = kept + (!exact && kept % 5 == 0 ? 1 : 0); // what was cut must not look like an exact half or nothing
    }
    const bool sameSign = high.m_negative == low.m_negative;
    if (sameSign)
        return Decimal::make(high.m_negative, x + y, exponent);
    return x >= y ? Decimal::make(high.m_negative, x - y, exponent) : Decimal::make(low.m_negative, y - x, exponent);
}

Decimal operator-(const Decimal& a, const Decimal& b) { return a + -b; }

Decimal operator*(const Decimal& a, const Decimal& b)
{
    // Schoolbook on base 10^17 halves: (ah·B + al)(bh·B + bl), each half below 10^17, so that no product overflows.
    const Decimal::Unsigned base = pow10(17);
    const Decimal::Unsigned ah = a.coefficient() / base, al = a.coefficient() % base;
    const Decimal::Unsigned bh = b.coefficient() / base, bl = b.coefficient() % base;
    int exponent = static_cast<int>(a.m_exponent) + static_cast<int>(b.m_exponent);
    const bool negative = a.m_negative != b.m_negative;
    const Decimal::Unsigned low = al * bl;
    const Decimal::Unsigned middle = ah * bl + al * bh + low / base;
    const Decimal::Unsigned high = ah * bh + middle / base;
    const Decimal::Unsigned rest = middle % base * base + low % base; // below 10^34
    if (high == 0)
        return Decimal::make(negative, rest, exponent);
    // The full product is high·10^34 + rest; keep 37 digits and let make() round, with a sticky unit for what was cut.
    const int room = 37 - digitCount(high);
    const int cut = 34 - std::min(room, 34);
    const Decimal::Unsigned power = pow10(cut);
    Decimal::Unsigned top = high * pow10(std::min(room, 34)) + rest / power;
    if (rest % power != 0 && top % 10 % 5 == 0)
        ++top; // an exact half or zero in the last kept digit must not look exact
    return Decimal::make(negative, top, exponent + cut);
}

std::optional<Decimal> Decimal::divide(const Decimal& a, const Decimal& b)
{
    if (b.isZero())
        return std::nullopt;
    if (a.isZero())
        return Decimal();
    // Long division, digit by digit, to 36 significant digits; the last one is sticky.
    Unsigned remainder = a.coefficient();
    const Unsigned divisor = b.coefficient();
    int exponent = static_cast<int>(a.m_exponent) - static_cast<int>(b.m_exponent);
    Unsigned quotient = remainder / divisor;
    remainder %= divisor;
    while (remainder != 0 && digitCount(quotient) < kMaxDigits + 2) {
        remainder *= 10;
        quotient = quotient * 10 + remainder / divisor;
        remainder %= divisor;
        --exponent;
    }
    if (remainder != 0 && quotient % 10 % 5 == 0)
        ++quotient;
    const Decimal result = make(a.m_negative != b.m_negative, quotient, exponent);
    return remainder == 0 ? result.trimmed() : result;
}

std::optional<Decimal> Decimal::remainder(const Decimal& a, const Decimal& b)
{
    if (b.isZero())
        return std::nullopt;
    Unsigned x = a.coefficient();
    Unsigned y = b.coefficient();
    int ex = static_cast<int>(a.m_exponent);
    int ey = static_cast<int>(b.m_exponent);
    for (; ey > ex && digitCount(y) < 38 && y != 0; --ey)
        y *= 10;
    if (ey > ex)
        return a; // the divisor is larger by more than the digits can show
    for (; ex > ey; --ex)
        x = x % y * 10;
    return make(a.m_negative, x % y, ex);
}

Decimal Decimal::floor() const
{
    if (m_exponent >= 0)
        return *this;
    const int drop = -static_cast<int>(m_exponent);
    const Unsigned power = drop > 38 ? 0 : pow10(drop);
    const Unsigned whole = power == 0 ? 0 : coefficient() / power;
    const bool exact = power != 0 ? coefficient() % power == 0 : isZero();
    return make(m_negative, m_negative && !exact ? whole + 1 : whole, 0);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b)
{
    if (a.isZero() || b.isZero() || a.m_negative != b.m_negative) {
        const int signA = a.isZero() ? 0 : a.m_negative ? -1 : 1;
        const int signB = b.isZero() ? 0 : b.m_negative ? -1 : 1;
        return signA <=> signB;
    }
    const auto magnitude = [](const Decimal& d) { return static_cast<int>(d.m_exponent) + digitCount(d.coefficient()); };
    std::strong_ordering order = magnitude(a) <=> magnitude(b);
    if (order == 0) {
        // Same magnitude: both fit 38 digits when brought to the smaller exponent.
        Decimal::Unsigned x = a.coefficient();
        Decimal::Unsigned y = b.coefficient();
        const int shift = static_cast<int>(a.m_exponent) - static_cast<int>(b.m_exponent);
        if (shift > 0)
            x *= pow10(shift);
        else
            y *= pow10(-shift);
        order = x < y ? std::strong_ordering::less : x > y ? std::strong_ordering::greater : std::strong_ordering::equal;
    }
    return a.m_negative ? (0 <=> order) : order;
}

std::size_t Decimal::hash() const
{
    const Decimal plain = trimmed();
    return std::hash<std::uint64_t>()(plain.m_low * 31 + plain.m_high) ^ std::hash<int>()(static_cast<int>(plain.m_exponent) * 2 + plain.m_negative);
}

} // namespace tocsin
