// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/Declaration.h"

namespace tocsin::kql {

void addArithmetic(FunctionRegistry& registry);
void addComparison(FunctionRegistry& registry);
void addLogic(FunctionRegistry& registry);
void addTextOperators(FunctionRegistry& registry);
void addListOperators(FunctionRegistry& registry);
void addArrayFunctions(FunctionRegistry& registry);
void addBagFunctions(FunctionRegistry& registry);
void addConditionalFunctions(FunctionRegistry& registry);
void addConversionFunctions(FunctionRegistry& registry);
void addDateTimeFunctions(FunctionRegistry& registry);
void addDateTimeTextFunctions(FunctionRegistry& registry);
void addDynamicFunctions(FunctionRegistry& registry);
void addEncodingFunctions(FunctionRegistry& registry);
void addHashFunctions(FunctionRegistry& registry);
void addIpFunctions(FunctionRegistry& registry);
void addMathFunctions(FunctionRegistry& registry);
void addParseFunctions(FunctionRegistry& registry);
void addRegexFunctions(FunctionRegistry& registry);
void addSetFunctions(FunctionRegistry& registry);
void addStringFunctions(FunctionRegistry& registry);
void addUnitFunctions(FunctionRegistry& registry);
void addUserAgentFunctions(FunctionRegistry& registry);
void addWindowFunctions(FunctionRegistry& registry);
void addSeriesDecompose(FunctionRegistry& registry);
void addSeriesElementwise(FunctionRegistry& registry);
void addSeriesFill(FunctionRegistry& registry);
void addSeriesFit(FunctionRegistry& registry);
void addSeriesSummaries(FunctionRegistry& registry);
void addBasicAggregates(FunctionRegistry& registry);
void addCollectAggregates(FunctionRegistry& registry);
void addCovarianceAggregates(FunctionRegistry& registry);
void addDistinctAggregates(FunctionRegistry& registry);
void addPercentileAggregates(FunctionRegistry& registry);
void addRowAggregates(FunctionRegistry& registry);
void addSchemaAggregates(FunctionRegistry& registry);
void addSketchAggregates(FunctionRegistry& registry);

inline Signature signature(std::vector<Parameter> parameters, DataType out, ScalarKernel kernel)
{
    return {std::move(parameters), returns::type(out), std::move(kernel)};
}

inline Parameter optional(std::string_view name, TypeSet accepts, bool constant = false) { return {name, accepts, true, false, constant, {}}; }
inline Parameter repeated(std::string_view name, TypeSet accepts, bool constant = false) { return {name, accepts, false, true, constant, {}}; }
inline Parameter constant(std::string_view name, TypeSet accepts, std::vector<std::string_view> values = {}) { return {name, accepts, false, false, true, std::move(values)}; }

inline constexpr unsigned kNullStrict = static_cast<unsigned>(FunctionTrait::NullStrict);
inline constexpr unsigned kNonDeterministic = static_cast<unsigned>(FunctionTrait::NonDeterministic);
inline constexpr unsigned kWindow = static_cast<unsigned>(FunctionTrait::Window);
inline constexpr unsigned kLooksAhead = kWindow | static_cast<unsigned>(FunctionTrait::LooksAhead);

} // namespace tocsin::kql
