// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <span>
#include <vector>

namespace tocsin::kql {

/// Hashes of combinations of key values: equal for keys that a KeyTable takes as equal, whatever table, thread or dictionary they come
/// through. One thread's; a dictionary's values are hashed once.
class KeyHasher {
public:
    void hash(std::span<const Vector> keys, std::size_t rows, std::vector<std::uint64_t>& hashes);

private:
    struct Memo {
        std::shared_ptr<const Vector> dictionary;
        std::vector<std::uint64_t> hashes;
    };
    std::vector<Memo> m_memos; ///< one a key
};

} // namespace tocsin::kql
