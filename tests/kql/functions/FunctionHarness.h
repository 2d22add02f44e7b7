// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "kql/functions/Declaration.h"

#include <algorithm>
#include <string>
#include <vector>

/// Calls functions of the registry without binder and engine: literals in, text out.
namespace tocsin::kql::testing {

inline Value S(std::string text) { return Value::string(std::move(text)); }
inline Value L(std::int64_t value) { return Value::int64(value); }
inline Value I(std::int32_t value) { return Value::int32(value); }
inline Value R(double value) { return Value::real(value); }
inline Value B(bool value) { return Value::boolean(value); }
inline Value D(std::string_view text) { return Value::decimal(Decimal::parse(text).value_or(Decimal())); }
inline Value T(std::string_view text) { return Value::dateTime(parseDateTime(text).value_or(0)); }
inline Value Span(std::string_view text) { return Value::timeSpan(parseTimeSpan(text).value_or(0)); }
inline Value J(std::string_view json) { return Value::dynamic(dynamicFromJson(json).value_or(std::string())); }
inline Value N(DataType type) { return Value::null(type); }

/// How far a type is from what a parameter accepts: 0 as it is, more for wider numbers; negative if it does not fit.
inline int distance(DataType from, TypeSet accepts)
{
    if (accepts.contains(from))
        return 0;
    if (isInteger(from) || from == DataType::Real) {
        for (int i = 1; static_cast<int>(from) + i <= static_cast<int>(DataType::Decimal); ++i)
            if (accepts.contains(static_cast<DataType>(static_cast<int>(from) + i)))
                return i;
    }
    if (from == DataType::Dynamic && accepts.isSingle())
        return 10;
    return -1;
}

struct Resolved {
    const Signature* signature = nullptr;
    std::vector<DataType> types; ///< of the arguments after conversion
};

/// The parameter that each argument belongs to; empty if the number of arguments does not fit.
inline std::vector<const Parameter*> parametersFor(const Signature& signature, std::size_t count)
{
    const auto& all = signature.parameters;
    std::vector<const Parameter*> out;
    const auto firstRepeated = std::find_if(all.begin(), all.end(), [](const Parameter& p) { return p.repeated; });
    const auto behind = std::find_if(firstRepeated, all.end(), [](const Parameter& p) { return !p.repeated; });
    const auto block = static_cast<std::size_t>(behind - firstRepeated);
    const auto tail = static_cast<std::size_t>(all.end() - behind);
    for (auto p = all.begin(); p != firstRepeated && out.size() < count; ++p)
        out.push_back(&*p);
    if (block > 0) {
        while (out.size() + block + tail <= count)
            for (auto p = firstRepeated; p != behind; ++p)
                out.push_back(&*p);
        for (auto p = behind; p != all.end() && out.size() < count; ++p)
            out.push_back(&*p);
    }
    std::size_t required = 0;
    for (const Parameter& p : all)
        required += !p.optional;
    if (out.size() != count || count < required)
        return {};
    return out;
}

inline Resolved resolve(const ScalarFunction& function, const std::vector<DataType>& types)
{
    Resolved best;
    int bestCost = -1;
    for (const Signature& signature : function.signatures) {
        const auto parameters = parametersFor(signature, types.size());
        if (parameters.size() != types.size())
            continue;
        int cost = 0;
        std::vector<DataType> converted;
        for (std::size_t i = 0; i < types.size() && cost >= 0; ++i) {
            const int step = distance(types[i], parameters[i]->accepts);
            cost = step < 0 ? -1 : cost + step;
            DataType target = types[i];
            for (int next = static_cast<int>(types[i]); step > 0 && !parameters[i]->accepts.contains(target); ++next)
                target = parameters[i]->accepts.isSingle() ? parameters[i]->accepts.first() : static_cast<DataType>(next + 1);
            converted.push_back(target);
        }
        if (cost >= 0 && (bestCost < 0 || cost < bestCost)) {
            bestCost = cost;
            best = {&signature, converted};
        }
    }
    return best;
}

/// Evaluates over vectors of `rows` rows; the conversion of arguments as the binder would add it.
inline Result<Vector> evaluateVectors(const FunctionRegistry& registry, std::string_view name, const std::vector<Vector>& arguments, const std::vector<Value>& constants, std::size_t rows)
{
    const ScalarFunction* function = registry.findScalar(name);
    if (!function)
        return fail(kInternal, "no function " + std::string(name));
    std::vector<DataType> types;
    for (const Vector& argument : arguments)
        types.push_back(argument.type());
    const Resolved resolved = resolve(*function, types);
    if (!resolved.signature)
        return fail(kInternal, "no signature of " + std::string(name) + " fits");
    std::vector<Vector> converted;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        TOCSIN_TRY_ASSIGN(Vector vector, convertVector(arguments[i], resolved.types[i]));
        converted.push_back(std::move(vector));
    }
    std::vector<const Value*> values;
    for (const Value& value : constants)
        values.push_back(&value);
    KernelContext context;
    context.now = *parseDateTime("2024-06-15T12:00:00Z");
    context.seed = 42;
    context.returnType = resolved.signature->returnType(resolved.types, values);
    TOCSIN_TRY_ASSIGN(Vector result, resolved.signature->kernel(context, converted, rows));
    if (result.type() != context.returnType)
        return fail(kInternal, std::string(name) + " promised " + std::string(typeName(context.returnType)) + " and gave " + std::string(typeName(result.type())));
    if (result.size() != rows)
        return fail(kInternal, std::string(name) + " gave another number of rows");
    return result;
}

inline std::string textOf(const Value& value) { return value.isNull() ? "null" : value.toString(); }

/// One call with constants, as text.
inline std::string evaluate(const FunctionRegistry& registry, std::string_view name, const std::vector<Value>& arguments)
{
    std::vector<Vector> vectors;
    for (const Value& argument : arguments)
        vectors.push_back(Vector::constant(argument, 1));
    const auto result = evaluateVectors(registry, name, vectors, arguments, 1);
    return result ? textOf(result->valueAt(0)) : "error: " + errorMessage(result.error());
}

} // namespace tocsin::kql::testing
