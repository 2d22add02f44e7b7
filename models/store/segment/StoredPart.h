// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace tocsin::store {

/// Something read and checked once that may be kept for the next query.
class StoredPart {
public:
    virtual ~StoredPart() = default;
    virtual std::size_t memoryBytes() const = 0;
};

} // namespace tocsin::store
