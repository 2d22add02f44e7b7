// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

/// The tabular operators, declared once: how each is written, what it does, and an example that runs as a test. Completion, hover, signature help and
/// the coverage page read these declarations. Facts: the Kusto documentation's page of each operator.
namespace tocsin::kql {

struct OperatorDeclaration {
    enum class Place : unsigned char {
        Behind, ///< behind `|`
        First,  ///< begins a query
        Both,
    };
    std::string_view name;
    std::string_view form;        ///< the syntax: […] may be left out, … may go on, a|b is a choice
    std::string_view help;        ///< one line
    std::string_view example;     ///< a query of its own and, behind ` // `, the rows of its first result: values apart by `, `, rows by `; `. Empty if it cannot run
    Place place = Place::Behind;
    std::string_view needs = {};  ///< what of the outside it would need to run

    bool begins() const { return place != Place::Behind; }
    bool follows() const { return place != Place::First; }
};

/// Those most used first.
std::span<const OperatorDeclaration> builtInOperators();
const OperatorDeclaration* findOperator(std::string_view name);

} // namespace tocsin::kql
