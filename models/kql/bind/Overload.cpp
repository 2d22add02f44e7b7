// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/Overload.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

/// What a conversion without saying so costs; nothing if there is none. Closer types cost less, so that the closest signature wins.
std::optional<int> conversionCost(DataType from, DataType to, Leniency leniency)
{
    if (from == to)
        return 0;
    if (isNumeric(from) && isNumeric(to)) {
        const int distance = static_cast<int>(to) - static_cast<int>(from);
        if (distance > 0)
            return distance == 1 ? 1 : 1 + distance;
        if (from == DataType::Long && to == DataType::Int)
            return 4;
        if (from == DataType::Decimal && to == DataType::Real)
            return 6;
        return std::nullopt;
    }
    if (from == DataType::Dynamic) {
        const bool textOnly = leniency == Leniency::Function || leniency == Leniency::Text;
        if (textOnly && to != DataType::String)
            return std::nullopt;
        switch (to) {
        case DataType::String: return leniency == Leniency::Operator ? 7 : 6;
        case DataType::Real: return 10;
        case DataType::Long: return 9;
        default: return 12;
        }
    }
    if (to == DataType::String && (leniency == Leniency::Text || leniency == Leniency::Any))
        return 20;
    return std::nullopt;
}

std::optional<std::pair<DataType, int>> cheapest(DataType from, const TypeSet& accepts, Leniency leniency)
{
    std::optional<std::pair<DataType, int>> best;
    for (std::size_t i = 0; i < kDataTypeCount; ++i) {
        const DataType to = static_cast<DataType>(i);
        if (!accepts.contains(to))
            continue;
        if (from == DataType::Dynamic && from != to && leniency == Leniency::Function && !accepts.isSingle())
            continue; // it is for the query to say which of them is meant
        const auto cost = conversionCost(from, to, leniency);
        if (cost && (!best || *cost < best->second))
            best = {to, *cost};
    }
    return best;
}

} // namespace

std::optional<std::vector<const Parameter*>> matchParameters(std::span<const Parameter> parameters, std::size_t count)
{
    std::size_t firstRepeated = parameters.size(), repeated = 0, required = 0;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].repeated) {
            firstRepeated = std::min(firstRepeated, i);
            ++repeated;
        } else if (!parameters[i].optional) {
            ++required;
        }
    }
    std::vector<const Parameter*> result;
    if (repeated == 0) {
        if (count < required || count > parameters.size())
            return std::nullopt;
        for (std::size_t i = 0; i < count; ++i)
            result.push_back(&parameters[i]);
        return result;
    }
    const std::size_t trailing = parameters.size() - firstRepeated - repeated;
    const std::size_t leastGroups = parameters[firstRepeated].optional ? 0 : 1;
    if (count < firstRepeated + trailing + leastGroups * repeated) {
        // Optional parameters in front of the repeated ones may be absent, and then so are those.
        if (trailing > 0 || count < required || leastGroups > 0)
            return std::nullopt;
        for (std::size_t i = 0; i < count; ++i)
            result.push_back(&parameters[i]);
        return result;
    }
    const std::size_t middle = count - firstRepeated - trailing;
    if (middle % repeated != 0)
        return std::nullopt;
    for (std::size_t i = 0; i < firstRepeated; ++i)
        result.push_back(&parameters[i]);
    for (std::size_t i = 0; i < middle; ++i)
        result.push_back(&parameters[firstRepeated + i % repeated]);
    for (std::size_t i = 0; i < trailing; ++i)
        result.push_back(&parameters[firstRepeated + repeated + i]);
    return result;
}

std::optional<Fit> fitArguments(std::span<const Parameter* const> parameters, std::span<const ExpressionPtr> arguments, Leniency leniency)
{
    Fit fit;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto best = cheapest(arguments[i]->type, parameters[i]->accepts, leniency);
        if (!best)
            return std::nullopt;
        fit.types.push_back(best->first);
        fit.cost += best->second;
    }
    return fit;
}

bool keepsValues(DataType from, DataType to)
{
    return from == to || to == DataType::String || to == DataType::Dynamic || (isNumeric(from) && isNumeric(to) && static_cast<int>(from) < static_cast<int>(to));
}

std::vector<ExpressionPtr> convertArguments(std::span<const ExpressionPtr> arguments, std::span<const DataType> types)
{
    std::vector<ExpressionPtr> result;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        result.push_back(convertExpression(arguments[i], types[i]));
    return result;
}

std::string describeTypes(std::span<const ExpressionPtr> arguments)
{
    std::string text;
    for (const ExpressionPtr& argument : arguments) {
        if (!text.empty())
            text += ", ";
        text += typeName(argument->type);
    }
    return text;
}

std::string describeParameters(std::span<const Parameter> parameters)
{
    std::string text = "(";
    for (const Parameter& parameter : parameters) {
        if (text.size() > 1)
            text += ", ";
        if (parameter.optional)
            text += '[';
        text += parameter.name;
        if (parameter.accepts.isSingle()) {
            text += ": ";
            text += typeName(parameter.accepts.first());
        }
        if (parameter.repeated)
            text += ", …";
        if (parameter.optional)
            text += ']';
    }
    return text + ")";
}

} // namespace tocsin::kql
