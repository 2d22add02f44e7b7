// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>

namespace tocsin::kql::aggregates {

/// A sum of doubles as an unevaluated sum of two (Dekker 1971, Knuth's two-sum): about 106 bits, so that the rounded result does not
/// depend on the order of the values unless they differ by more than 50 powers of two. Infinities and NaN add up as usual.
class PreciseSum {
public:
    void add(double value)
    {
        const double sum = m_high + value;
        const double part = sum - m_high;
        m_low += (m_high - (sum - part)) + (value - part);
        m_high = sum;
    }
    void add(const PreciseSum& other)
    {
        add(other.m_high);
        m_low += other.m_low;
    }
    /// Adds a product without rounding it.
    void addProduct(double a, double b)
    {
        const double product = a * b;
        add(product);
        m_low += std::fma(a, b, -product);
    }
    explicit operator double() const { return std::isfinite(m_high) && std::isfinite(m_low) ? m_high + m_low : m_high; }
    double high() const { return m_high; }
    double low() const { return m_low; }

private:
    double m_high = 0;
    double m_low = 0;
};

/// Sums of two columns and of their products: what a covariance (and with a column beside itself, a variance) is made of.
class ProductSums {
public:
    void add(double x, double y)
    {
        ++m_count;
        m_x.add(x);
        m_y.add(y);
        m_products.addProduct(x, y);
    }
    void add(const ProductSums& other)
    {
        m_count += other.m_count;
        m_x.add(other.m_x);
        m_y.add(other.m_y);
        m_products.add(other.m_products);
    }
    /// Divided by the count less one for a sample, by the count for a population; 0 where there is nothing to divide by.
    double covariance(bool sample) const
    {
        const double divisor = static_cast<double>(m_count) - (sample ? 1 : 0);
        if (divisor <= 0)
            return 0;
        const auto count = static_cast<double>(m_count);
        // The products' sum less x * y / n, with the quotient's rounding error taken into account.
        const auto x = static_cast<double>(m_x);
        const auto y = static_cast<double>(m_y);
        const double meanY = y / count;
        PreciseSum rest = m_products;
        rest.addProduct(-x, meanY);
        const double remainder = std::fma(-meanY, count, y) + (m_y.high() - y + m_y.low());
        rest.addProduct(-x / count, remainder);
        rest.addProduct(-(m_x.high() - x + m_x.low()), meanY);
        const auto deviation = static_cast<double>(rest);
        constexpr double kNoise = 0x1p-96; // what the sums' own rounding may leave of equal values
        return std::abs(deviation) <= std::abs(static_cast<double>(m_products)) * kNoise ? 0 : deviation / divisor;
    }

private:
    std::int64_t m_count = 0;
    PreciseSum m_x;
    PreciseSum m_y;
    PreciseSum m_products;
};

} // namespace tocsin::kql::aggregates
