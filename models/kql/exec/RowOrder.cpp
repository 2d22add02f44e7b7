// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/RowOrder.h"

#include "base/MergeSort.h"
#include "column/Dynamic.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

namespace tocsin::kql {
namespace {

template <DataType T>
int compareValues(const Physical<T>& a, const Physical<T>& b)
{
    if constexpr (T == DataType::Dynamic) {
        const std::string left = DynamicView(a).toString();
        const std::string right = DynamicView(b).toString();
        return left.compare(right);
    } else if constexpr (T == DataType::String) {
        return a.compare(b);
    } else {
        return a < b ? -1 : b < a ? 1 : 0;
    }
}

/// The order of values of one type in one direction.
template <DataType T>
class ValueOrder {
public:
    using Reader = VectorReader<Physical<T>>;
    explicit ValueOrder(SortDirection direction) : m_sign(direction.descending ? -1 : 1), m_direction(direction) {}
    int compare(const Reader& left, std::uint32_t a, const Reader& right, std::uint32_t b) const
    {
        const int rankA = rank(left, a);
        const int rankB = rank(right, b);
        if (rankA != 1 || rankB != 1)
            return rankA - rankB;
        return m_sign * compareValues<T>(left[a], right[b]);
    }

private:
    /// 0 null or NaN before the values … 1 a value … 2 behind them; null is further out than NaN.
    int rank(const Reader& reader, std::uint32_t row) const
    {
        if (reader.isNull(row))
            return m_direction.nullsFirst ? -1 : 3;
        if constexpr (T == DataType::Real)
            if (std::isnan(reader[row]))
                return m_direction.nullsFirst ? 0 : 2;
        return 1;
    }
    int m_sign;
    SortDirection m_direction;
};

template <DataType T>
class TypedComparer final : public KeyComparer {
public:
    TypedComparer(const Vector& key, SortDirection direction) : m_key(key), m_reader(m_key), m_order(direction) {}
    int compare(std::uint32_t a, std::uint32_t b) const override { return m_order.compare(m_reader, a, m_reader, b); }

private:
    Vector m_key;
    VectorReader<Physical<T>> m_reader;
    ValueOrder<T> m_order;
};

template <DataType T>
class TypedCrossComparer final : public CrossComparer {
public:
    TypedCrossComparer(SortDirection direction, std::size_t sources) : m_keys(sources), m_readers(sources, VectorReader<Physical<T>>(Vector())), m_order(direction) {}
    void set(std::size_t source, const Vector& key) override
    {
        m_keys[source] = key;
        m_readers[source] = VectorReader<Physical<T>>(m_keys[source]);
    }
    int compare(std::size_t sourceA, std::uint32_t a, std::size_t sourceB, std::uint32_t b) const override { return m_order.compare(m_readers[sourceA], a, m_readers[sourceB], b); }

private:
    std::vector<Vector> m_keys;
    std::vector<VectorReader<Physical<T>>> m_readers;
    ValueOrder<T> m_order;
};

constexpr std::size_t kSelectedRows = 16 * kSortedAtOnce; ///< selection is quicker, but cannot be stopped

/// The rows that can be among the first `limit` by a key of whole numbers: found by selection, which looks at few rows more than once.
/// Nothing if the key is of another kind.
std::optional<std::vector<std::uint32_t>> firstByNumber(const Vector& key, SortDirection direction, std::size_t rows, std::size_t limit)
{
    return visitType(key.type(), [&]<DataType T>() -> std::optional<std::vector<std::uint32_t>> {
        using Type = Physical<T>;
        if constexpr (!std::is_same_v<Type, std::int64_t> && !std::is_same_v<Type, std::int32_t>) {
            return std::nullopt;
        } else {
            if (key.kind() != VectorKind::Flat || key.nullMask())
                return std::nullopt;
            const auto values = key.values<Type>().first(rows);
            std::vector<Type> sample(values.begin(), values.end());
            const auto last = sample.begin() + static_cast<std::ptrdiff_t>(limit - 1);
            const auto collect = [&](auto before) {
                std::nth_element(sample.begin(), last, sample.end(), before);
                std::vector<std::uint32_t> wanted;
                for (std::uint32_t row = 0; row < rows; ++row)
                    if (!before(*last, values[row]))
                        wanted.push_back(row);
                return wanted;
            };
            return direction.descending ? collect(std::greater<Type>()) : collect(std::less<Type>());
        }
    });
}

} // namespace

std::unique_ptr<KeyComparer> makeKeyComparer(const Vector& key, SortDirection direction)
{
    return visitType(key.type(), [&]<DataType T>() -> std::unique_ptr<KeyComparer> { return std::make_unique<TypedComparer<T>>(key, direction); });
}

std::unique_ptr<CrossComparer> makeCrossComparer(DataType type, SortDirection direction, std::size_t sources)
{
    return visitType(type, [&]<DataType T>() -> std::unique_ptr<CrossComparer> { return std::make_unique<TypedCrossComparer<T>>(direction, sources); });
}

std::vector<std::uint32_t> sortedRows(std::span<const Vector> keys, std::span<const SortDirection> directions, std::size_t rows, std::size_t limit)
{
    return *sortedRows(keys, directions, rows, limit, [] { return Result<void>(); });
}

Result<std::vector<std::uint32_t>> sortedRows(std::span<const Vector> keys, std::span<const SortDirection> directions, std::size_t rows, std::size_t limit, const StopCheck& check)
{
    std::vector<std::unique_ptr<KeyComparer>> comparers;
    for (std::size_t i = 0; i < keys.size(); ++i)
        comparers.push_back(makeKeyComparer(keys[i], directions[i]));
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        for (const auto& comparer : comparers)
            if (const int order = comparer->compare(a, b))
                return order < 0;
        return a < b; // ties keep their order
    };
    std::vector<std::uint32_t> order;
    if (limit > 0 && limit < rows && rows <= kSelectedRows && !keys.empty())
        order = firstByNumber(keys[0], directions[0], rows, limit).value_or(std::vector<std::uint32_t>());
    if (order.empty()) {
        order.resize(rows);
        std::iota(order.begin(), order.end(), 0U);
    }
    if (limit < std::min(order.size(), kSortedAtOnce)) {
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(limit), order.end(), before);
    } else {
        TOCSIN_TRY(mergeSort(order, before, check));
    }
    order.resize(std::min(limit, rows));
    return order;
}

} // namespace tocsin::kql
