// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/GroupColumn.h"

#include "kql/functions/support/Kernels.h"

#include <string>

namespace tocsin::kql::aggregates {
namespace {

template <DataType T>
class TypedGroupColumn final : public GroupColumn {
    using Stored = std::conditional_t<kernels::kIsText<T>, std::string, Physical<T>>;

public:
    void resize(std::size_t count) override
    {
        m_values.resize(count);
        m_valid.resize(count);
    }
    void set(const Vector& vector, std::span<const std::uint32_t> groups, std::span<const std::uint32_t> rows) override
    {
        const VectorReader<Physical<T>> reader(vector);
        for (std::size_t i = 0; i < groups.size(); ++i) {
            m_valid[groups[i]] = !reader.isNull(rows[i]);
            if constexpr (kernels::kIsText<T>)
                m_textBytes += reader[rows[i]].size();
            m_values[groups[i]] = reader[rows[i]];
        }
    }
    void take(std::size_t to, GroupColumn& other, std::size_t from) override
    {
        auto& source = static_cast<TypedGroupColumn&>(other);
        m_values[to] = std::move(source.m_values[from]);
        m_valid[to] = source.m_valid[from];
    }
    bool isNull(std::size_t group) const override { return T != DataType::String && !m_valid[group]; }
    Vector finish(std::size_t from, std::size_t count) override
    {
        kernels::ResultWriter<T> writer(count);
        for (std::size_t i = 0; i < count; ++i) {
            if (m_valid[from + i])
                writer.put(i, m_values[from + i]);
            else
                writer.putNull(i);
        }
        return writer.finish();
    }
    std::size_t memoryBytes() const override { return m_values.capacity() * sizeof(Stored) + m_valid.capacity() + m_textBytes; }

private:
    std::vector<Stored> m_values;
    std::vector<std::uint8_t> m_valid;
    std::size_t m_textBytes = 0; ///< an upper bound
};

} // namespace

std::unique_ptr<GroupColumn> makeGroupColumn(DataType type)
{
    return visitType(type, []<DataType T>() -> std::unique_ptr<GroupColumn> { return std::make_unique<TypedGroupColumn<T>>(); });
}

} // namespace tocsin::kql::aggregates
