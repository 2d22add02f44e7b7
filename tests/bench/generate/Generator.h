// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Timeline.h"
#include "World.h"

#include <functional>
#include <memory>
#include <span>

namespace tocsin::bench {

struct Shape {
    std::uint32_t rows = 1'000'000;
    std::uint64_t seed = 1;
    Ticks start = kUnixEpoch + 19'875 * kTicksPerDay; ///< 2024-06-01, in which the queries look
    std::uint32_t days = 30;
    bool shuffled = false;             ///< rows in random order of time, otherwise in that order but for half a minute
    std::uint32_t distinct = 1'000'000; ///< addresses of web requests, if there are as many rows
};

/// The rows of one table. A row depends on the shape and its place alone, so that another order has the same rows.
class Rows {
public:
    virtual ~Rows() = default;
    /// Appends the row at that place in the order of time as a line.
    virtual void append(std::string& out, std::uint32_t place) const = 0;
};

struct Kind {
    std::string_view name;
    std::vector<std::string_view> columns;
    std::unique_ptr<Rows> (*make)(const Shape& shape);
};

std::span<const Kind> kinds();
/// Null if there is none of this name.
const Kind* findKind(std::string_view name);

/// Hands out the rows in blocks of whole lines; false once the sink says that it cannot go on.
bool generate(const Kind& kind, const Shape& shape, const std::function<bool(std::string_view)>& sink);

std::unique_ptr<Rows> makeSignIns(const Shape& shape);
std::unique_ptr<Rows> makeSecurityEvents(const Shape& shape);
std::unique_ptr<Rows> makeFlows(const Shape& shape);
std::unique_ptr<Rows> makeNestedEvents(const Shape& shape);
std::unique_ptr<Rows> makeWebRequests(const Shape& shape);

} // namespace tocsin::bench
