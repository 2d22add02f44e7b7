// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Select.h"


namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;

Result<std::vector<Vector>> convertAll(std::span<const Vector> arguments, DataType type)
{
    std::vector<Vector> out;
    for (const Vector& argument : arguments) {
        TOCSIN_TRY_ASSIGN(Vector converted, convertVector(argument, type));
        out.push_back(std::move(converted));
    }
    return out;
}

bool isTrue(const VectorReader<std::uint8_t>& reader, std::size_t row) { return !reader.isNull(row) && reader[row] != 0; }

Result<Vector> iff(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    TOCSIN_TRY_ASSIGN(const std::vector<Vector> branches, convertAll(arguments.subspan(1), context.returnType));
    const VectorReader<std::uint8_t> predicate(arguments[0]);
    if (arguments[0].isConstant() && rows > 0)
        return branches[isTrue(predicate, 0) ? 0 : 1];
    return selectRows(context.returnType, branches, rows, [&](std::size_t row) { return isTrue(predicate, row) ? 0 : 1; });
}

/// case(predicate, then, predicate, then, …, else)
Result<Vector> caseOf(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    std::vector<Vector> branches;
    std::vector<VectorReader<std::uint8_t>> predicates;
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        predicates.emplace_back(arguments[i]);
        TOCSIN_TRY_ASSIGN(Vector branch, convertVector(arguments[i + 1], context.returnType));
        branches.push_back(std::move(branch));
    }
    TOCSIN_TRY_ASSIGN(Vector otherwise, convertVector(arguments.back(), context.returnType));
    branches.push_back(std::move(otherwise));
    return selectRows(context.returnType, branches, rows, [&](std::size_t row) {
        std::size_t i = 0;
        while (i < predicates.size() && !isTrue(predicates[i], row))
            ++i;
        return static_cast<int>(i);
    });
}

DataType caseType(std::span<const DataType> arguments, std::span<const Value* const>)
{
    std::vector<DataType> branches{arguments.back()};
    for (std::size_t i = 1; i < arguments.size(); i += 2)
        branches.push_back(arguments[i]);
    return returns::common()(branches, {});
}

/// The first argument that is not null, nor an empty text.
Result<Vector> coalesce(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    TOCSIN_TRY_ASSIGN(const std::vector<Vector> values, convertAll(arguments, context.returnType));
    if (context.returnType == String) {
        std::vector<VectorReader<std::string_view>> readers(values.begin(), values.end());
        return selectRows(String, values, rows, [&](std::size_t row) {
            const auto found = std::find_if(readers.begin(), readers.end(), [&](const auto& reader) { return !reader[row].empty(); });
            return found == readers.end() ? -1 : static_cast<int>(found - readers.begin());
        });
    }
    return selectRows(context.returnType, values, rows, [&](std::size_t row) {
        const auto found = std::find_if(values.begin(), values.end(), [&](const Vector& value) { return !value.isNull(row); });
        return found == values.end() ? -1 : static_cast<int>(found - values.begin());
    });
}

/// max_of and min_of: nulls are passed over.
template <bool greatest>
Result<Vector> extremeOf(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    TOCSIN_TRY_ASSIGN(const std::vector<Vector> values, convertAll(arguments, context.returnType));
    return visitType(context.returnType, [&]<DataType T>() -> Vector {
        const std::vector<VectorReader<Physical<T>>> readers(values.begin(), values.end());
        return selectRows(T, values, rows, [&](std::size_t row) {
            int best = -1;
            for (std::size_t i = 0; i < readers.size(); ++i) {
                if (readers[i].isNull(row))
                    continue;
                if (best < 0 || (greatest ? readers[static_cast<std::size_t>(best)][row] < readers[i][row] : readers[i][row] < readers[static_cast<std::size_t>(best)][row]))
                    best = static_cast<int>(i);
            }
            return best;
        });
    });
}

/// Null tests; a dynamic that holds JSON null is null too.
template <bool negated>
Result<Vector> isNullKernel(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    auto out = makeBuffer<std::uint8_t>(rows);
    const Vector& vector = arguments[0];
    if (vector.type() == Dynamic) {
        const VectorReader<std::string_view> reader(vector);
        for (std::size_t row = 0; row < rows; ++row)
            out[row] = (reader.isNull(row) || DynamicView(reader[row]).isNull()) != negated;
    } else {
        for (std::size_t row = 0; row < rows; ++row)
            out[row] = vector.isNull(row) != negated;
    }
    return Vector::flat<std::uint8_t>(Bool, std::move(out), rows);
}

template <bool negated>
Result<Vector> isEmptyKernel(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    const Vector& vector = arguments[0];
    if (vector.type() != String && vector.type() != Dynamic)
        return isNullKernel<negated>(context, arguments, rows);
    auto out = makeBuffer<std::uint8_t>(rows);
    const VectorReader<std::string_view> reader(vector);
    for (std::size_t row = 0; row < rows; ++row) {
        bool empty = reader.isNull(row) || reader[row].empty();
        if (!empty && vector.type() == Dynamic) {
            const DynamicView view(reader[row]);
            empty = view.isNull() || (view.isString() && view.asString().empty());
        }
        out[row] = empty != negated;
    }
    return Vector::flat<std::uint8_t>(Bool, std::move(out), rows);
}

void addNullTests(FunctionRegistry& registry)
{
    const std::vector<Parameter> any{{"value", types::any}};
    registry.add(ScalarFunction{.name = "isnull", .category = "conditional", .help = "Whether the value is null. A text never is.", .example = "print isnull(long(null)) // true", .signatures = {signature(any, Bool, isNullKernel<false>)}});
    registry.add(ScalarFunction{.name = "isnotnull", .category = "conditional", .help = "Whether the value is not null.", .example = "print isnotnull(1) // true", .signatures = {signature(any, Bool, isNullKernel<true>)}});
    registry.add(ScalarFunction{.name = "isempty", .category = "conditional", .help = "Whether the value is null or an empty text.", .example = "print isempty('') // true", .signatures = {signature(any, Bool, isEmptyKernel<false>)}});
    registry.add(ScalarFunction{.name = "isnotempty", .category = "conditional", .help = "Whether the value is neither null nor an empty text.", .example = "print isnotempty('') // false", .signatures = {signature(any, Bool, isEmptyKernel<true>)}});
    registry.addAlias("notnull", "isnotnull");
    registry.addAlias("notempty", "isnotempty");
}

} // namespace

void addConditionalFunctions(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "iff", .category = "conditional", .help = "The second argument where the first is true, else (also for null) the third.", .example = "print iff(1 < 2, 'yes', 'no') // yes",
        .signatures = {{{{"if", Bool}, {"then", types::any}, {"else", types::any}}, returns::common(1), iff}}});
    registry.addAlias("iif", "iff");
    registry.add(ScalarFunction{.name = "case", .category = "conditional", .help = "The value behind the first predicate that is true, else the last argument.", .example = "print case(1 > 2, 'a', 2 > 1, 'b', 'c') // b",
        .signatures = {{{repeated("predicate", Bool), repeated("then", types::any), {"else", types::any}}, caseType, caseOf}}});
    registry.add(ScalarFunction{.name = "coalesce", .category = "conditional", .help = "The first argument that is neither null nor an empty text.", .example = "print coalesce(tolong('x'), 42) // 42",
        .signatures = {{{{"value", types::any}, repeated("otherwise", types::any)}, returns::common(), coalesce}}});
    registry.add(ScalarFunction{.name = "max_of", .category = "conditional", .help = "The greatest of the arguments.", .example = "print max_of(10, 1, -3, 17) // 17",
        .signatures = {{{{"value", types::orderable}, repeated("other", types::orderable)}, returns::common(), extremeOf<true>}}});
    registry.add(ScalarFunction{.name = "min_of", .category = "conditional", .help = "The smallest of the arguments.", .example = "print min_of(10, 1, -3, 17) // -3",
        .signatures = {{{{"value", types::orderable}, repeated("other", types::orderable)}, returns::common(), extremeOf<false>}}});
    addNullTests(registry);
}

} // namespace tocsin::kql
