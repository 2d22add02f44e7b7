// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "catalog/TableSource.h"
#include "column/Value.h"
#include "store/segment/Bytes.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace tocsin::store {

/// What is known about one column of a segment without reading it. A column without any value has no chunk.
struct Zone {
    std::int64_t column = 0; ///< physical id
    DataType type = DataType::String;
    bool stored = false;     ///< has chunks; if not, all rows are null (or the empty string)
    bool hasNan = false;     ///< of reals; min and max leave NaN out
    bool maxIsPrefix = false; ///< of strings: max was cut, so longer texts that begin with it may exist
    bool hasTerms = false;   ///< there is a filter over its terms
    bool hasBloom = false;   ///< there is a filter over its values
    std::uint64_t nulls = 0;
    std::uint64_t distinct = 0; ///< 0 if not counted
    std::uint64_t bytes = 0;    ///< of all its chunks
    std::optional<Value> min;   ///< over the values that are not null; absent for dynamic and when there are none
    std::optional<Value> max;   ///< for strings both are cut to kZoneText bytes
};

inline constexpr std::size_t kZoneText = 32;

/// The zones of one segment as one BLOB, by column.
Bytes writeZones(const std::vector<Zone>& zones);
Result<std::vector<Zone>> readZones(std::span<const std::byte> bytes);

/// The zones of one segment, each decoded when it is asked for: a query uses few columns of one table of many. Any thread; copies share.
class SegmentZones {
public:
    SegmentZones() : SegmentZones(writeZones({})) {}
    /// Bytes that writeZones() made.
    explicit SegmentZones(Bytes bytes);
    /// From a file: checks them.
    static Result<SegmentZones> fromBytes(std::span<const std::byte> bytes);

    std::vector<Zone> all() const;
    /// Null for a column that came later.
    const Zone* of(std::int64_t column) const;

private:
    struct State {
        Bytes bytes;
        std::mutex mutex;
        std::map<std::int64_t, std::optional<Zone>> decoded; ///< by column; nothing for those that are not there
    };
    std::shared_ptr<State> m_state;
};

/// Orders values of one type (not dynamic); reals without NaN.
std::strong_ordering compareValues(const Value& a, const Value& b);

/// The value in another type, if that changes nothing about comparisons with values of that type. Never null or NaN.
std::optional<Value> convertExactly(const Value& value, DataType type);

/// False only if no row of the column can pass the predicate.
bool mayPass(const Zone& zone, const catalog::ScanPredicate& predicate);

} // namespace tocsin::store
