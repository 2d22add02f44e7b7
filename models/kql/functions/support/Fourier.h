// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <complex>
#include <span>
#include <vector>

/// Fourier transforms of any length in n log n steps, and what is computed by them.
namespace tocsin::kql::series {

/// Without scaling: a forward and an inverse transform multiply by the length. Lengths that are no power of two go by Bluestein's way.
std::vector<std::complex<double>> fourierTransform(std::vector<std::complex<double>> values, bool inverse);

/// The sums of a[i] * b[k - i] for each k below a.size() + b.size() - 1; both must not be empty.
std::vector<double> convolution(std::span<const double> a, std::span<const double> b);

/// The sums of values[i] * values[i + lag] for the lags 0 … most.
std::vector<double> laggedProducts(std::span<const double> values, std::size_t most);

} // namespace tocsin::kql::series
