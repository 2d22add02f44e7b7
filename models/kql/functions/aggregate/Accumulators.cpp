// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"

#include <optional>

namespace tocsin::kql::aggregates {
namespace {

template <typename T>
void eraseAt(std::vector<T>& items, std::size_t index)
{
    if (index < items.size())
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(index));
}

class FilteredAccumulator final : public Accumulator {
public:
    FilteredAccumulator(std::unique_ptr<Accumulator> inner, std::size_t predicate) : m_inner(std::move(inner)), m_predicate(predicate) {}

    bool canShareRows() const override { return m_inner->canShareRows(); }
    void at(RowOrder places) override
    {
        m_places = places;
        m_inner->at(places);
    }
    void resize(std::size_t count) override { m_inner->resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        const VectorReader<std::uint8_t> predicate(arguments[m_predicate]);
        std::vector<std::uint32_t> rows;
        std::vector<std::uint32_t> kept;
        for (std::size_t row = 0; row < groups.size(); ++row) {
            if (predicate.isNull(row) || !predicate[row])
                continue;
            rows.push_back(static_cast<std::uint32_t>(row));
            kept.push_back(groups[row]);
        }
        if (rows.empty())
            return {};
        if (m_places)
            m_inner->at({m_places->first, rows.data(), m_places->places});
        std::vector<Vector> inner;
        for (std::size_t i = 0; i < arguments.size(); ++i)
            if (i != m_predicate)
                inner.push_back(rows.size() == groups.size() ? arguments[i] : arguments[i].gather(rows));
        return m_inner->update(inner, kept);
    }
    Result<void> merge(Accumulator& other, std::span<const std::uint32_t> mapping) override { return m_inner->merge(*static_cast<FilteredAccumulator&>(other).m_inner, mapping); }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override { return m_inner->finish(from, count); }
    std::size_t memoryBytes() const override { return m_inner->memoryBytes(); }

private:
    std::unique_ptr<Accumulator> m_inner;
    std::size_t m_predicate;
    std::optional<RowOrder> m_places;
};

} // namespace

Maker filtered(Maker inner, std::size_t predicate)
{
    return [inner = std::move(inner), predicate](const AggregateBinding& binding) -> std::unique_ptr<Accumulator> {
        AggregateBinding without = binding;
        eraseAt(without.argumentTypes, predicate);
        eraseAt(without.constants, predicate);
        return std::make_unique<FilteredAccumulator>(inner(without), predicate);
    };
}

AggregateFunction filteredForm(const AggregateFunction& plain, std::string_view name, std::string_view prefix, std::string_view help, std::string_view example, std::size_t position)
{
    AggregateFunction out{name, prefix, help, example, {}};
    for (const AggregateSignature& signature : plain.signatures) {
        AggregateSignature changed;
        changed.parameters = signature.parameters;
        changed.parameters.insert(changed.parameters.begin() + static_cast<std::ptrdiff_t>(position), Parameter{"predicate", DataType::Bool});
        changed.resultTypes = [inner = signature.resultTypes, position](std::span<const DataType> types, std::span<const Value* const> constants) {
            std::vector<DataType> otherTypes(types.begin(), types.end());
            std::vector<const Value*> otherConstants(constants.begin(), constants.end());
            eraseAt(otherTypes, position);
            eraseAt(otherConstants, position);
            return inner(otherTypes, otherConstants);
        };
        changed.make = filtered(signature.make, position);
        out.signatures.push_back(std::move(changed));
    }
    return out;
}

std::int64_t constantOf(const AggregateBinding& binding, std::size_t argument, std::int64_t otherwise)
{
    if (argument >= binding.constants.size() || !binding.constants[argument] || binding.constants[argument]->isNull())
        return otherwise;
    const Value& value = *binding.constants[argument];
    switch (value.type()) {
    case DataType::Int: return value.asInt();
    case DataType::Long: return value.asLong();
    case DataType::Real: return static_cast<std::int64_t>(value.asReal());
    default: return otherwise;
    }
}

} // namespace tocsin::kql::aggregates
