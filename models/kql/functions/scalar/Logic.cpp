// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Kernels.h"

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;

/// Three-valued `and` and `or`: an operand equal to `decisive` decides whatever the others are; else a null makes null.
template <bool decisive>
Result<Vector> combine(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    auto values = makeBuffer<std::uint8_t>(rows);
    std::fill_n(values.get(), rows, !decisive);
    std::shared_ptr<NullMask> nulls;
    for (const Vector& argument : arguments) {
        const VectorReader<std::uint8_t> reader(argument);
        if (!reader.hasNulls()) {
            for (std::size_t row = 0; row < rows; ++row) {
                const bool value = reader[row] != 0;
                values[row] = decisive ? (values[row] | value) : (values[row] & value);
            }
            continue;
        }
        if (!nulls)
            nulls = std::make_shared<NullMask>(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            if (reader.isNull(row))
                nulls->setNull(row);
            else if ((reader[row] != 0) == decisive)
                values[row] = decisive;
        }
    }
    if (nulls) {
        for (std::size_t row = 0; row < rows; ++row)
            if ((values[row] != 0) == decisive)
                nulls->setValid(row);
        if (!nulls->anyNull())
            nulls.reset();
    }
    return Vector::flat<std::uint8_t>(Bool, std::move(values), rows, std::move(nulls));
}

} // namespace

void addLogic(FunctionRegistry& registry)
{
    const std::vector<Parameter> operands{{"left", Bool}, repeated("right", Bool)};
    registry.add(ScalarFunction{
        .name = "and", .category = "logical", .help = "True if all operands are; false if one is false, even if another is null.", .example = "print true and false // false",
        .signatures = {signature(operands, Bool, combine<false>)}});
    registry.add(ScalarFunction{
        .name = "or", .category = "logical", .help = "True if an operand is, even if another is null.", .example = "print true or false // true",
        .signatures = {signature(operands, Bool, combine<true>)}});
    registry.add(ScalarFunction{
        .name = "not", .category = "logical", .help = "Turns true into false and false into true; null stays null.", .example = "print not(1 == 2) // true",
        .signatures = {signature({{"value", Bool}}, Bool, kernels::map<Bool, Bool>([](std::uint8_t value) { return !value; }))},
        .traits = kNullStrict});
}

} // namespace tocsin::kql
