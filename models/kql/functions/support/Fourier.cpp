// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Fourier.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numbers>

namespace tocsin::kql::series {
namespace {

using Complex = std::complex<double>;

/// Whether so many sums of so many products are computed as they are defined, which is exact where the values are.
bool isSmall(std::size_t sums, std::size_t products)
{
    constexpr std::size_t kFew = 64;
    constexpr std::size_t kSteps = 1 << 16;
    return std::min(sums, products) <= kFew || (sums <= kSteps && products <= kSteps && sums * products <= kSteps);
}

/// In place, by Cooley and Tukey; the length is a power of two.
void transformPower(std::vector<Complex>& values, bool inverse)
{
    const std::size_t count = values.size();
    for (std::size_t i = 1, j = 0; i < count; ++i) { // places in the order of their reversed bits
        std::size_t bit = count >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j)
            std::swap(values[i], values[j]);
    }
    const double turn = (inverse ? 2 : -2) * std::numbers::pi;
    for (std::size_t length = 2; length <= count; length *= 2) {
        const std::size_t half = length / 2;
        std::vector<Complex> roots(half);
        for (std::size_t k = 0; k < half; ++k)
            roots[k] = std::polar(1.0, turn * static_cast<double>(k) / static_cast<double>(length));
        for (std::size_t start = 0; start < count; start += length)
            for (std::size_t k = 0; k < half; ++k) {
                const Complex part = roots[k] * values[start + half + k];
                values[start + half + k] = values[start + k] - part;
                values[start + k] += part;
            }
    }
}

/// Any length as a convolution with a chirp (Bluestein).
std::vector<Complex> transformAny(const std::vector<Complex>& values, bool inverse)
{
    const std::size_t count = values.size();
    const double turn = (inverse ? 1 : -1) * std::numbers::pi;
    std::vector<Complex> chirp(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t square = static_cast<std::uint64_t>(i) * i % (2 * count); // keeps the angle exact
        chirp[i] = std::polar(1.0, turn * static_cast<double>(square) / static_cast<double>(count));
    }
    const std::size_t length = std::bit_ceil(2 * count - 1);
    std::vector<Complex> a(length), b(length);
    for (std::size_t i = 0; i < count; ++i) {
        a[i] = values[i] * chirp[i];
        b[i] = std::conj(chirp[i]);
        if (i > 0)
            b[length - i] = b[i];
    }
    transformPower(a, false);
    transformPower(b, false);
    for (std::size_t i = 0; i < length; ++i)
        a[i] *= b[i];
    transformPower(a, true);
    std::vector<Complex> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = a[i] * chirp[i] / static_cast<double>(length);
    return out;
}

} // namespace

std::vector<Complex> fourierTransform(std::vector<Complex> values, bool inverse)
{
    if (values.size() <= 1)
        return values;
    if (!std::has_single_bit(values.size()))
        return transformAny(values, inverse);
    transformPower(values, inverse);
    return values;
}

std::vector<double> convolution(std::span<const double> a, std::span<const double> b)
{
    const std::size_t count = a.size() + b.size() - 1;
    std::vector<double> out(count);
    if (isSmall(a.size(), b.size())) {
        for (std::size_t i = 0; i < a.size(); ++i)
            for (std::size_t k = 0; k < b.size(); ++k)
                out[i + k] += a[i] * b[k];
        return out;
    }
    // One transform for both: a as the real part, b as the imaginary one.
    std::vector<Complex> both(std::bit_ceil(count));
    for (std::size_t i = 0; i < both.size(); ++i)
        both[i] = {i < a.size() ? a[i] : 0, i < b.size() ? b[i] : 0};
    transformPower(both, false);
    for (Complex& value : both)
        value *= value; // its imaginary part is 2ab
    transformPower(both, true);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = both[i].imag() / 2 / static_cast<double>(both.size());
    return out;
}

std::vector<double> laggedProducts(std::span<const double> values, std::size_t most)
{
    std::vector<double> out(most + 1);
    if (isSmall(values.size(), most + 1)) {
        for (std::size_t lag = 0; lag <= most && lag < values.size(); ++lag)
            for (std::size_t i = lag; i < values.size(); ++i)
                out[lag] += values[i] * values[i - lag];
        return out;
    }
    const std::vector<double> reversed(values.rbegin(), values.rend());
    const std::vector<double> all = convolution(values, reversed);
    for (std::size_t lag = 0; lag <= most && lag < values.size(); ++lag)
        out[lag] = all[values.size() - 1 + lag];
    return out;
}

} // namespace tocsin::kql::series
