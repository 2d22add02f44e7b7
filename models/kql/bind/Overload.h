// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Folding.h"

#include <span>

namespace tocsin::kql {

/// What may be converted without saying so.
enum class Leniency {
    Operator, ///< numbers widen; a dynamic gives the value inside
    Function, ///< numbers widen; a dynamic gives its text
    Text,     ///< also anything to string
    Any,      ///< also anything from dynamic: what the data of a plugin will be is not known yet
};

/// The parameters that stand behind `count` arguments, one each; nothing if that many do not fit.
std::optional<std::vector<const Parameter*>> matchParameters(std::span<const Parameter> parameters, std::size_t count);

/// How far the arguments are from what the parameters want (0: as they are), and the type each becomes; nothing if one cannot.
struct Fit {
    int cost = 0;
    std::vector<DataType> types;
};
std::optional<Fit> fitArguments(std::span<const Parameter* const> parameters, std::span<const ExpressionPtr> arguments, Leniency leniency);

/// The index of the best signature and its fit.
template <typename SignatureType>
std::optional<std::pair<const SignatureType*, Fit>> resolveOverload(const std::vector<SignatureType>& signatures, std::span<const ExpressionPtr> arguments, Leniency leniency)
{
    std::optional<std::pair<const SignatureType*, Fit>> best;
    for (const SignatureType& candidate : signatures) {
        const auto parameters = matchParameters(candidate.parameters, arguments.size());
        if (!parameters)
            continue;
        const auto fit = fitArguments(*parameters, arguments, leniency);
        if (fit && (!best || fit->cost < best->second.cost))
            best = {&candidate, *fit};
    }
    return best;
}

/// The argument that does not fit, if there is but one signature for so many.
template <typename SignatureType>
std::optional<std::size_t> misfit(const std::vector<SignatureType>& signatures, std::span<const ExpressionPtr> arguments, Leniency leniency)
{
    std::optional<std::vector<const Parameter*>> only;
    for (const SignatureType& candidate : signatures)
        if (auto parameters = matchParameters(candidate.parameters, arguments.size())) {
            if (only)
                return std::nullopt;
            only = std::move(parameters);
        }
    for (std::size_t i = 0; only && i < arguments.size(); ++i)
        if (!fitArguments(std::span(*only).subspan(i, 1), arguments.subspan(i, 1), leniency))
            return i;
    return std::nullopt;
}

/// Whether every value of a type has its like in another: anything as text or dynamic, a number in a wider one.
bool keepsValues(DataType from, DataType to);

/// The arguments converted to the types of the fit; literals are converted right away where that is exact.
std::vector<ExpressionPtr> convertArguments(std::span<const ExpressionPtr> arguments, std::span<const DataType> types);
/// `(string, long, [real])` and the like, for messages.
std::string describeTypes(std::span<const ExpressionPtr> arguments);
std::string describeParameters(std::span<const Parameter> parameters);

} // namespace tocsin::kql
