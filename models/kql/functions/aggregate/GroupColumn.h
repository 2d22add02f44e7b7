// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <memory>
#include <span>
#include <vector>

namespace tocsin::kql::aggregates {

/// One value a group, of any type; null at first. Text is copied.
class GroupColumn {
public:
    virtual ~GroupColumn() = default;
    virtual void resize(std::size_t count) = 0;
    /// Sets group `groups[i]` to row `rows[i]` of the vector.
    virtual void set(const Vector& vector, std::span<const std::uint32_t> groups, std::span<const std::uint32_t> rows) = 0;
    /// `other` must be of the same type.
    virtual void take(std::size_t to, GroupColumn& other, std::size_t from) = 0;
    virtual bool isNull(std::size_t group) const = 0;
    virtual Vector finish(std::size_t from, std::size_t count) = 0;
    virtual std::size_t memoryBytes() const = 0;
};

std::unique_ptr<GroupColumn> makeGroupColumn(DataType type);

} // namespace tocsin::kql::aggregates
