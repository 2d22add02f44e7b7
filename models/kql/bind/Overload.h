// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/plan/Folding.h"

#include <span>

namespace tocsin::kql {

/// What may be converted without saying so.
enum class Leniency {
    Operator, ///< numbers widen; a dynamic gives the value inside
    Function, ///< also anything to string
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

/// The arguments converted to the types of the fit; literals are converted right away where that is exact.
std::vector<ExpressionPtr> convertArguments(std::span<const ExpressionPtr> arguments, std::span<const DataType> types);
/// `(string, long, [real])` and the like, for messages.
std::string describeTypes(std::span<const ExpressionPtr> arguments);
std::string describeParameters(std::span<const Parameter> parameters);

} // namespace tocsin::kql
