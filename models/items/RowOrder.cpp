// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/RowOrder.h"

#include "items/ValueText.h"

#include <algorithm>

namespace tocsin::items {

namespace {

template <typename Key, typename Read>
std::shared_ptr<const RowOrder> sorted(const std::vector<Batch>& batches, std::size_t column, bool descending, Read read)
{
    struct Entry {
        Key key;
        RowPlace place;
    };
    std::vector<Entry> entries;
    RowOrder nulls;
    for (std::uint32_t b = 0; b < batches.size(); ++b) {
        const Vector& vector = batches[b].columns[column];
        for (std::uint32_t r = 0; r < batches[b].storedRows; ++r) {
            if (vector.isNull(r))
                nulls.push_back({b, r});
            else
                entries.push_back({read(vector, r), {b, r}});
        }
    }
    std::stable_sort(entries.begin(), entries.end(), [descending](const Entry& x, const Entry& y) { return descending ? y.key < x.key : x.key < y.key; });
    auto out = std::make_shared<RowOrder>();
    out->reserve(entries.size() + nulls.size());
    for (const Entry& entry : entries)
        out->push_back(entry.place);
    out->insert(out->end(), nulls.begin(), nulls.end());
    return out;
}

} // namespace

std::shared_ptr<const RowOrder> orderRows(const std::vector<Batch>& batches, std::size_t column, bool descending)
{
    const DataType type = batches.empty() ? DataType::String : batches.front().columns[column].type();
    switch (type) {
    case DataType::DateTime:
    case DataType::TimeSpan:
    case DataType::Long:
        return sorted<std::int64_t>(batches, column, descending, [](const Vector& v, std::size_t r) { return v.valueAt(r).asLong(); });
    case DataType::Bool:
    case DataType::Int:
    case DataType::Real:
    case DataType::Decimal:
        return sorted<double>(batches, column, descending, [](const Vector& v, std::size_t r) { return rawValue(v, r).toDouble(); });
    default:
        return sorted<std::string>(batches, column, descending, [](const Vector& v, std::size_t r) { return v.valueAt(r).toString(); });
    }
}

} // namespace tocsin::items
