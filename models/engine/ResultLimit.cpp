// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ResultLimit.h"

#include "kql/syntax/SyntaxTree.h"

#include <algorithm>
#include <optional>

namespace tocsin::engine {

std::uint64_t resultLimit(const std::string& text, std::uint64_t allowed)
{
    if (text.find("truncation") == std::string::npos)
        return allowed;
    const auto tree = kql::parseQuery(text);
    std::optional<std::uint64_t> wanted;
    for (const kql::StatementSyntax* statement : tree->statements()) {
        if (statement->kind != kql::StatementSyntax::Kind::Set)
            continue;
        const kql::ExpressionSyntax* value = statement->expression;
        const bool given = value && value->kind == kql::ExpressionSyntax::Kind::Literal && !value->value.isNull();
        if (statement->name.text == "notruncation" && (!value || (given && value->value.type() == DataType::Bool && value->value.asBool())))
            return allowed;
        if ((statement->name.text == "truncationmaxrecords" || statement->name.text == "truncation_max_records") && given && value->value.type() == DataType::Long && value->value.asLong() > 0)
            wanted = static_cast<std::uint64_t>(value->value.asLong());
    }
    return wanted && allowed ? std::min(*wanted, allowed) : wanted.value_or(allowed);
}

} // namespace tocsin::engine
