// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"

#include <optional>
#include <vector>

namespace tocsin::kql {

/// A compact picture of a distribution: centroids with weights, merged where the distribution is dense (after Dunning and Ertl's
/// t-digest). Up to a thousand values it is exact.
class TDigest {
public:
    void add(double value, double weight);
    void merge(const TDigest& other);
    bool isEmpty() const { return m_centroids.empty(); }
    /// The value at a percentile, 0 … 100, by nearest rank. The digest must not be empty.
    double percentile(double p) const;
    /// How much weight lies at or below the value.
    double rank(double value) const;
    double totalWeight() const;

    /// As the dynamic value `[[version], [means], [weights]]`.
    void write(DynamicBuilder& out) const;
    static std::optional<TDigest> read(DynamicView value);
    std::size_t bytes() const { return m_centroids.capacity() * sizeof(Centroid); }

private:
    struct Centroid {
        double mean;
        double weight;
    };
    void compress();
    std::vector<Centroid> sorted() const;
    void compressIfFull();
    std::vector<Centroid> m_centroids;
    std::size_t m_left = 0; ///< centroids that the last compression left
};

} // namespace tocsin::kql
