// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Operators.h"
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

/// The options in a form such as `union [kind=outer] table, …`, as far as they have a name.
std::vector<SignatureText::Part> optionsIn(std::string_view form)
{
    std::vector<SignatureText::Part> parts;
    int depth = 0;
    for (std::size_t i = 0; i < form.size(); ++i) {
        depth += form[i] == '[' ? 1 : form[i] == ']' ? -1 : 0;
        if (form[i] != '[' || depth != 1)
            continue;
        const std::size_t end = form.find(']', i), equals = form.find('=', i);
        const std::string_view name = equals < end ? form.substr(i + 1, equals - i - 1) : std::string_view();
        if (end != std::string_view::npos && !name.empty() && name.find_first_of(" (") == std::string_view::npos)
            parts.push_back({std::string(name), {i + 1, end - i - 1}, false});
    }
    return parts;
}

/// Of the operator in whose middle the text ends.
std::optional<SignatureHelp> operatorHelp(const std::string& before)
{
    const Expectation expected = expectedAtEnd(before);
    const OperatorSyntax* op = expected.op;
    const OperatorDeclaration* declared = op && op->keyword.length > 0 && !before.ends_with(expected.tree->textOf(op->keyword)) ? findOperator(expected.tree->textOf(op->keyword)) : nullptr;
    if (!declared)
        return std::nullopt;
    SignatureHelp result;
    result.isOperator = true;
    result.name = op->keyword;
    result.help = declared->help;
    result.example = declared->example;
    SignatureText form;
    form.text = declared->form;
    form.parameters = optionsIn(form.text);
    for (std::size_t i = 0; i < form.parameters.size(); ++i)
        if (!expected.valueOf.empty() && form.parameters[i].name == expected.valueOf)
            result.activeParameter = i;
    result.signatures.push_back(std::move(form));
    return result;
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
        return operatorHelp(before);
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
                result.example = function->aggregate->example;
            } else if (function->scalar) {
                for (const Signature& signature : function->scalar->signatures)
                    result.signatures.push_back(signatureText(name, signature));
                result.help = function->scalar->help;
                result.example = function->scalar->example;
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
