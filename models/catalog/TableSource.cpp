// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/TableSource.h"

#include <numeric>

namespace tocsin::catalog {

std::uint64_t countTimes(const Vector& times, const TimePeriod& period)
{
    const VectorReader<Ticks> reader(times);
    std::uint64_t count = 0;
    if (times.kind() == VectorKind::Flat && !reader.hasNulls()) { // without a branch a row
        const Ticks from = period.from.value_or(std::numeric_limits<Ticks>::min());
        const Ticks to = period.to.value_or(std::numeric_limits<Ticks>::max());
        for (const Ticks time : times.values<Ticks>())
            count += static_cast<std::uint64_t>(time >= from) & static_cast<std::uint64_t>(time < to || !period.to);
        return count;
    }
    for (std::size_t row = 0; row < times.size(); ++row)
        count += !reader.isNull(row) && period.contains(reader[row]);
    return count;
}

Vector rowIds(std::uint64_t ordinal, std::size_t first, std::size_t count)
{
    auto ids = makeBuffer<std::int64_t>(count);
    std::iota(ids.get(), ids.get() + count, static_cast<std::int64_t>(ordinal << kRowIdShift | first));
    return Vector::flat<std::int64_t>(DataType::Long, std::shared_ptr<const std::int64_t[]>(std::move(ids)), count);
}

} // namespace tocsin::catalog
