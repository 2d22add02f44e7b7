// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/geo/GeoFamilies.h"
#include "kql/functions/geo/IpLocations.h"
#include "kql/functions/scalar/ServiceFunctions.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {
namespace {

/// Position in the order int, long, real, decimal in which numbers promote.
int numberRank(DataType type) { return static_cast<int>(type); }
static_assert(static_cast<int>(DataType::Int) < static_cast<int>(DataType::Long) && static_cast<int>(DataType::Long) < static_cast<int>(DataType::Real)
              && static_cast<int>(DataType::Real) < static_cast<int>(DataType::Decimal));

template <typename T>
std::vector<const T*> unique(const std::map<std::string, std::shared_ptr<const T>, std::less<>>& functions)
{
    std::vector<const T*> out;
    for (const auto& [name, function] : functions)
        if (function->name == name)
            out.push_back(function.get());
    return out;
}

} // namespace

DataType commonType(DataType a, DataType b)
{
    if (a == b)
        return a;
    if (isNumeric(a) && isNumeric(b))
        return numberRank(a) > numberRank(b) ? a : b;
    // A dynamic holds whatever the other side is.
    if (a == DataType::Dynamic)
        return b;
    return b == DataType::Dynamic ? a : DataType::Dynamic;
}

/// Of several types at once.
static DataType commonTypeOf(std::span<const DataType> types)
{
    DataType type = types.empty() ? DataType::Dynamic : types.front();
    for (const DataType next : types) {
        const DataType both = commonType(type, next);
        if (both == DataType::Dynamic && type != DataType::Dynamic && next != DataType::Dynamic)
            return both; // what has nothing in common is dynamic, whatever else there is
        type = both;
    }
    return type;
}

ReturnRule returns::common(std::size_t first, std::size_t step)
{
    return [first, step](std::span<const DataType> arguments, auto) {
        if (first >= arguments.size())
            return DataType::Dynamic;
        std::vector<DataType> types;
        for (std::size_t i = first; i < arguments.size(); i += step)
            types.push_back(arguments[i]);
        return commonTypeOf(types);
    };
}

void FunctionRegistry::add(ScalarFunction function)
{
    std::string name(function.name);
    m_scalars.insert_or_assign(std::move(name), std::make_shared<const ScalarFunction>(std::move(function)));
}

void FunctionRegistry::add(AggregateFunction function)
{
    std::string name(function.name);
    m_aggregates.insert_or_assign(std::move(name), std::make_shared<const AggregateFunction>(std::move(function)));
}

void FunctionRegistry::addAlias(std::string_view alias, std::string_view name)
{
    if (const auto found = m_scalars.find(name); found != m_scalars.end())
        m_scalars.insert_or_assign(std::string(alias), found->second);
    if (const auto found = m_aggregates.find(name); found != m_aggregates.end())
        m_aggregates.insert_or_assign(std::string(alias), found->second);
}

const ScalarFunction* FunctionRegistry::findScalar(std::string_view name) const
{
    const auto found = m_scalars.find(name);
    return found == m_scalars.end() ? nullptr : found->second.get();
}

const AggregateFunction* FunctionRegistry::findAggregate(std::string_view name) const
{
    const auto found = m_aggregates.find(name);
    return found == m_aggregates.end() ? nullptr : found->second.get();
}

std::vector<const ScalarFunction*> FunctionRegistry::scalars() const { return unique(m_scalars); }
std::vector<const AggregateFunction*> FunctionRegistry::aggregates() const { return unique(m_aggregates); }

std::vector<std::string_view> FunctionRegistry::aliases() const
{
    std::set<std::string_view> found;
    const auto collect = [&](const auto& functions) {
        for (const auto& [name, function] : functions)
            if (function->name != name)
                found.insert(name);
    };
    collect(m_scalars);
    collect(m_aggregates);
    return {found.begin(), found.end()};
}

FunctionRegistry builtInFunctions()
{
    FunctionRegistry registry;
    for (const auto add : {addArithmetic, addComparison, addLogic, addTextOperators, addListOperators, addArrayFunctions, addBagFunctions,
                           addConditionalFunctions, addConversionFunctions, addDateTimeFunctions, addDateTimeTextFunctions, addDynamicFunctions,
                           addEncodingFunctions, addGeoGridFunctions, addGeoMeasureFunctions, addGeoShapeFunctions, addHashFunctions, addIpFunctions,
                           addMathFunctions, addParseFunctions, addRegexFunctions,
                           addServiceFunctions, addSetFunctions, addStringFunctions, addUnitFunctions, addUserAgentFunctions, addWindowFunctions, addSeriesDecompose,
                           addSeriesElementwise, addSeriesFill, addSeriesFit, addSeriesSummaries, addBasicAggregates, addCollectAggregates,
                           addCovarianceAggregates, addDistinctAggregates, addPercentileAggregates, addRowAggregates, addSchemaAggregates,
                           addSketchAggregates})
        add(registry);
    addIpLocationFunction(registry, nullptr);
    return registry;
}

} // namespace tocsin::kql
