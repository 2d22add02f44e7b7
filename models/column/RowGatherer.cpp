// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/RowGatherer.h"

#include "column/ConstantVectors.h"

namespace tocsin {

class RowGatherer::Column {
public:
    virtual ~Column() = default;
    virtual Vector gather(std::span<const RowPick> picks) const = 0;
};

template <DataType T>
class RowGatherer::TypedColumn final : public Column {
public:
    TypedColumn(std::span<const Batch> batches, std::size_t column) : m_first(batches.front().columns[column])
    {
        std::vector<const Vector*> parts;
        parts.reserve(batches.size());
        for (const Batch& batch : batches)
            parts.push_back(&batch.columns[column]);
        m_constant = equalConstants(parts);
        if (m_constant)
            return;
        m_readers.reserve(parts.size());
        for (const Vector* part : parts) {
            m_readers.emplace_back(*part);
            m_nullable = m_nullable || m_readers.back().hasNulls();
            if constexpr (T == DataType::String || T == DataType::Dynamic) {
                if (!m_heap)
                    m_heap = std::make_shared<StringHeap>();
                m_heap->keep(part->isDictionary() ? part->dictionaryValues().owner() : part->owner());
            }
        }
    }
    Vector gather(std::span<const RowPick> picks) const override
    {
        if (m_constant)
            return m_first.resizedConstant(picks.size());
        auto values = makeBuffer<Type>(picks.size());
        for (std::size_t i = 0; i < picks.size(); ++i)
            values[i] = m_readers[picks[i].batch][picks[i].row];
        std::shared_ptr<NullMask> nulls;
        if (m_nullable) {
            nulls = std::make_shared<NullMask>(picks.size());
            for (std::size_t i = 0; i < picks.size(); ++i)
                if (m_readers[picks[i].batch].isNull(picks[i].row))
                    nulls->setNull(i);
        }
        return Vector::flat<Type>(m_first.type(), std::move(values), picks.size(), std::move(nulls), m_heap);
    }

private:
    using Type = Physical<T>;
    Vector m_first;
    bool m_constant = false;
    bool m_nullable = false;
    std::vector<VectorReader<Type>> m_readers;
    std::shared_ptr<StringHeap> m_heap; ///< keeps the text of all batches
};

RowGatherer::RowGatherer(std::span<const Batch> batches)
{
    for (std::size_t c = 0; !batches.empty() && c < batches.front().columns.size(); ++c)
        m_columns.push_back(visitType(batches.front().columns[c].type(), [&]<DataType T>() -> std::unique_ptr<Column> { return std::make_unique<TypedColumn<T>>(batches, c); }));
}

RowGatherer::~RowGatherer() = default;

Batch RowGatherer::gather(std::span<const RowPick> picks) const
{
    Batch batch;
    batch.storedRows = picks.size();
    batch.columns.reserve(m_columns.size());
    for (const auto& column : m_columns)
        batch.columns.push_back(column->gather(picks));
    return batch;
}

} // namespace tocsin
