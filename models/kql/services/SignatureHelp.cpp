// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/LanguageServices.h"
#include "kql/services/LanguageWords.h"
#include "kql/services/Surroundings.h"
#include "kql/syntax/Expectation.h"
#include "kql/syntax/Lexer.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

/// The first signature that has room for the argument being written.
void chooseSignature(SignatureHelp& help, std::size_t argument)
{
    for (std::size_t i = 0; i < help.signatures.size(); ++i)
        if (const auto parameter = help.signatures[i].parameterOf(argument)) {
            help.active = i;
            help.activeParameter = parameter;
            return;
        }
}

} // namespace

std::optional<SignatureHelp> LanguageServices::signatureHelp(std::string_view text, std::size_t position) const
{
    const std::string before(text.substr(0, std::min(position, text.size())));
    std::vector<Token> tokens = tokenize(before);
    if (tokens.size() > 1 && tokens[tokens.size() - 2].kind == TokenKind::Comment)
        return std::nullopt;
    const auto call = openCall(before, tokens);
    if (!call || call->name.empty())
        return std::nullopt;
    SignatureHelp result;
    result.name = call->nameSpan;
    const std::string name(call->name);
    const auto tree = parseQuery(before);
    for (const VisibleName& visible : visibleNames(*tree))
        if (visible.name == name && visible.syntax && visible.syntax->kind == ExpressionSyntax::Kind::Function)
            result.signatures = {signatureText(name, visible.syntax->functionParameters)};
    if (result.signatures.empty()) {
        if (const catalog::StoredFunction* stored = m_snapshot->findFunction(name)) {
            result.signatures = {signatureOfForm(name + "(" + stored->parameters + ")")};
            result.help = stored->description;
        } else if (const WordHelp* plugin = findWord(pluginWords(), name)) {
            result.signatures = {signatureOfForm(plugin->form)};
            result.help = plugin->help;
        } else if (const FunctionName* function = findFunction(name)) {
            // Both may exist under one name (max of two values, max of a group): the aggregate is meant where one is allowed.
            if (function->aggregate && (!function->scalar || expectedAtEnd(before).aggregate)) {
                for (const AggregateSignature& signature : function->aggregate->signatures)
                    result.signatures.push_back(signatureText(name, signature));
                result.help = function->aggregate->help;
            } else if (function->scalar) {
                for (const Signature& signature : function->scalar->signatures)
                    result.signatures.push_back(signatureText(name, signature));
                result.help = function->scalar->help;
            }
        } else if (const WordHelp* special = findWord(specialCalls(), name)) {
            result.signatures = {signatureOfForm(special->form)};
            result.help = special->help;
        }
    }
    if (result.signatures.empty())
        return std::nullopt;
    // Signatures that look the same differ only in types no one writes.
    const auto same = [](const SignatureText& a, const SignatureText& b) { return a.text == b.text; };
    result.signatures.erase(std::unique(result.signatures.begin(), result.signatures.end(), same), result.signatures.end());
    chooseSignature(result, call->argument);
    return result;
}

} // namespace tocsin::kql::services
