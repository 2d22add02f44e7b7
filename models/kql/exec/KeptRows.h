// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"

#include <cstdint>
#include <unordered_set>

namespace tocsin::kql {

/// The rows without selection, to be kept: few rows out of many take copies of their text, so that they do not hold the others' in memory.
Batch compactedToKeep(const Batch& batch);

/// What kept batches hold in memory. Dictionaries are shared by many batches, and what keeps one row of a segment keeps the dictionary of
/// the whole: each counts once.
class KeptBytes {
public:
    /// What the batch adds.
    std::uint64_t add(const Batch& batch);
    void clear() { m_dictionaries.clear(); }

private:
    std::unordered_set<const void*> m_dictionaries; ///< each alive as long as a batch that has it
};

} // namespace tocsin::kql
