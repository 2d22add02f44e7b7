// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/Declaration.h"
#include "kql/syntax/SyntaxTree.h"

namespace tocsin::kql::services {

/// A signature as it is shown: `strlen(source: string): long`, with the place of each parameter in that text.
struct SignatureText {
    struct Part {
        std::string name;
        SourceSpan place;
        bool repeated = false;
    };
    std::string text;
    std::vector<Part> parameters;
    std::size_t required = 0;

    /// Which parameter an argument is for; nothing when there are no more.
    std::optional<std::size_t> parameterOf(std::size_t argument) const;
};

SignatureText signatureText(std::string_view name, const Signature& signature);
SignatureText signatureText(std::string_view name, const AggregateSignature& signature);
/// Of a function of the text.
SignatureText signatureText(std::string_view name, const std::vector<ExpressionSyntax::FunctionParameter>& parameters);
/// Of a form such as `toscalar(query)`.
SignatureText signatureOfForm(std::string_view form);

/// A function by one of its names.
struct FunctionName {
    std::string_view name;
    const ScalarFunction* scalar = nullptr;
    const AggregateFunction* aggregate = nullptr;
    std::string detail; ///< its first signature
    bool arguments = true;
};
/// All functions that are called by name (operators are left out), other names of theirs included; sorted.
std::vector<FunctionName> functionNames(const FunctionRegistry& registry);

} // namespace tocsin::kql::services
