// SPDX-License-Identifier: GPL-3.0-or-later
// `name=value` behind the words of operators.
#include "kql/syntax/Keywords.h"
#include "kql/syntax/Parser.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

/// Parameters that every operator takes, most of them without effect.
constexpr std::string_view kEverywhere[] = {
    "__crossCluster", "__crossDB", "__id", "__isFuzzy", "__noWithSource", "__packedColumn", "__sourceColumnIndex", "bagexpansion", "bin_legacy", "cycles",
    "decodeblocks", "expandoutput", "force_remote", "isfuzzy", "kind", "with_itemindex", "with_match_id", "with_source", "with_step_name", "withsource"};

} // namespace

void Parser::parameters(OperatorSyntax& op, Words names)
{
    for (note(&Expectation::option); atWord() && !m_panic; note(&Expectation::option)) {
        const std::string_view word = textAt();
        const bool hint = word == "hint" && at(".", 1);
        const bool known = std::find(names.begin(), names.end(), word) != names.end() || std::find(std::begin(kEverywhere), std::end(kEverywhere), word) != std::end(kEverywhere);
        if (!hint && !(known && at("=", 1)))
            return;
        op.parameters.push_back(parameter());
    }
}

ParameterSyntax Parser::parameter()
{
    ParameterSyntax result;
    const std::size_t start = here();
    result.name = dottedName();
    const bool equals = expect("=");
    noteValueOf(result.name.text);
    if (equals)
        result.value = parameterValue();
    if (!result.value) {
        expected("a value");
        result.value = expression(Kind::Missing, m_lastEnd);
    }
    result.span = spanFrom(start);
    return result;
}

/// A literal or a word; null if there is neither.
Parser::Expr Parser::parameterValue()
{
    if (const Expr value = literal())
        return value;
    if (atName())
        return nameExpression();
    const WordClass word = atWord() ? classifyWord(textAt()) : WordClass::Plain;
    if (!atWord() || atAny({"and", "or", "by", "on", "with"}) || (word != WordClass::Reserved && word != WordClass::Declared))
        return nullptr;
    ExpressionSyntax* value = expression(Kind::Name, here()); // `kind=simple`
    value->name = takeName(1);
    return done(value);
}

/// `name = value, …`, only with the names given.
std::vector<ParameterSyntax> Parser::parameterList(Words names)
{
    std::vector<ParameterSyntax> result;
    const auto atOne = [&] { return atWord() && std::find(names.begin(), names.end(), textAt()) != names.end(); };
    noteProperties(names);
    while (atOne() && !m_panic) {
        result.push_back(parameter());
        if (!accept(","))
            break;
        noteProperties(names);
        if (!atOne())
            expected("a parameter");
    }
    return result;
}

} // namespace tocsin::kql
