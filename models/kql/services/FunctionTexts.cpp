// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/FunctionTexts.h"

#include "kql/services/LanguageWords.h"
#include "kql/syntax/Lexer.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

std::string typesText(TypeSet types)
{
    if (types.isSingle())
        return std::string(typeName(types.first()));
    struct Named {
        TypeSet set;
        std::string_view name;
    };
    static constexpr Named kNamed[] = {{types::number, "number"}, {types::integer, "int or long"}, {types::summable, "number or timespan"}, {types::text, "string or dynamic"}};
    const auto same = [&](TypeSet other) {
        for (std::size_t i = 0; i < kDataTypeCount; ++i)
            if (types.contains(static_cast<DataType>(i)) != other.contains(static_cast<DataType>(i)))
                return false;
        return true;
    };
    for (const Named& named : kNamed)
        if (same(named.set))
            return std::string(named.name);
    return {};
}

/// Writes parameters one after the other and notes their places.
class SignatureWriter {
public:
    explicit SignatureWriter(std::string_view name) { m_out.text = std::string(name) + "("; }

    void add(std::string_view name, std::string_view type, bool optional, bool repeated)
    {
        if (!m_out.parameters.empty())
            m_out.text += ", ";
        if (optional)
            m_out.text += '[';
        SignatureText::Part part{std::string(name), {m_out.text.size(), 0}, repeated};
        m_out.text += name;
        if (!type.empty())
            (m_out.text += ": ") += type;
        if (repeated)
            m_out.text += ", …";
        part.place.length = m_out.text.size() - part.place.start;
        if (optional)
            m_out.text += ']';
        else
            m_out.required = m_out.parameters.size() + 1;
        m_out.parameters.push_back(std::move(part));
    }

    SignatureText finish(std::string_view result = {})
    {
        m_out.text += ')';
        if (!result.empty())
            (m_out.text += ": ") += result;
        return std::move(m_out);
    }

private:
    SignatureText m_out;
};

template <typename Rule>
std::string resultText(const std::vector<Parameter>& parameters, const Rule& rule)
{
    // A result that depends on the arguments is not told: it is found by asking for two kinds of arguments.
    std::vector<DataType> first, other;
    for (const Parameter& parameter : parameters) {
        first.push_back(parameter.accepts.first());
        other.push_back(parameter.accepts.contains(DataType::String) ? DataType::String : parameter.accepts.contains(DataType::Real) ? DataType::Real : parameter.accepts.first());
    }
    const std::vector<const Value*> none(parameters.size(), nullptr);
    const auto one = rule(first, none);
    return one == rule(other, none) ? one : std::string();
}

SignatureText describe(std::string_view name, const std::vector<Parameter>& parameters, std::string_view result)
{
    SignatureWriter out(name);
    for (const Parameter& parameter : parameters)
        out.add(parameter.name, typesText(parameter.accepts), parameter.optional, parameter.repeated);
    return out.finish(result);
}

} // namespace

std::optional<std::size_t> SignatureText::parameterOf(std::size_t argument) const
{
    if (argument < parameters.size())
        return argument;
    const auto firstRepeated = std::find_if(parameters.begin(), parameters.end(), [](const Part& part) { return part.repeated; });
    if (firstRepeated == parameters.end())
        return std::nullopt;
    const auto from = static_cast<std::size_t>(firstRepeated - parameters.begin());
    const auto count = static_cast<std::size_t>(std::count_if(firstRepeated, parameters.end(), [](const Part& part) { return part.repeated; }));
    return from + (argument - from) % count;
}

SignatureText signatureText(std::string_view name, const Signature& signature)
{
    const auto rule = [&](const auto& types, const auto& constants) { return std::string(typeName(signature.returnType(types, constants))); };
    return describe(name, signature.parameters, signature.returnType ? resultText(signature.parameters, rule) : std::string());
}

SignatureText signatureText(std::string_view name, const AggregateSignature& signature)
{
    const auto rule = [&](const auto& types, const auto& constants) {
        const std::vector<DataType> results = signature.resultTypes(types, constants);
        return results.size() == 1 ? std::string(typeName(results[0])) : std::string();
    };
    return describe(name, signature.parameters, signature.resultTypes ? resultText(signature.parameters, rule) : std::string());
}

SignatureText signatureText(std::string_view name, const std::vector<ExpressionSyntax::FunctionParameter>& parameters)
{
    SignatureWriter out(name);
    for (const auto& parameter : parameters) {
        std::string type;
        if (parameter.type) {
            type = typeName(*parameter.type);
        } else {
            type = "(";
            for (const ColumnDeclaration& column : parameter.columns)
                type += (type.size() > 1 ? ", " : "") + column.name.text + ":" + std::string(typeName(column.type));
            type += parameter.openColumns ? (parameter.columns.empty() ? "*)" : ", *)") : ")";
        }
        out.add(parameter.name.text, type, parameter.defaultValue != nullptr, false);
    }
    return out.finish();
}

SignatureText signatureOfForm(std::string_view form)
{
    const auto open = form.find('('), close = form.find(')');
    SignatureText result;
    result.text = form;
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return result;
    for (std::size_t at = open + 1; at < close;) {
        const std::size_t comma = std::min(form.find(',', at), close);
        std::size_t start = at;
        while (start < comma && form[start] == ' ')
            ++start;
        const std::string_view part = form.substr(start, comma - start);
        if (part == "…" && !result.parameters.empty())
            result.parameters.back().repeated = true;
        else if (!part.empty())
            result.parameters.push_back({std::string(part), {start, part.size()}, false});
        at = comma + 1;
    }
    return result;
}

std::vector<FunctionName> functionNames(const FunctionRegistry& registry)
{
    std::vector<FunctionName> names;
    const auto add = [&](std::string_view name, const ScalarFunction* scalar, const AggregateFunction* aggregate) {
        if (!isNameStart(name[0]) || findWord(innerWords(), name)) // operators have declarations too
            return;
        FunctionName entry{name, scalar, aggregate, {}};
        if (aggregate && !aggregate->signatures.empty())
            entry.detail = signatureText(name, aggregate->signatures[0]).text;
        else if (scalar && !scalar->signatures.empty())
            entry.detail = signatureText(name, scalar->signatures[0]).text;
        entry.arguments = entry.detail.find("()") == std::string::npos;
        names.push_back(std::move(entry));
    };
    for (const ScalarFunction* function : registry.scalars())
        if (!function->name.ends_with("_cs") && function->name.find(' ') == std::string_view::npos)
            add(function->name, function, registry.findAggregate(function->name));
    for (const AggregateFunction* function : registry.aggregates())
        if (!registry.findScalar(function->name))
            add(function->name, nullptr, function);
    for (const std::string_view alias : registry.aliases())
        add(alias, registry.findScalar(alias), registry.findAggregate(alias));
    std::sort(names.begin(), names.end(), [](const FunctionName& a, const FunctionName& b) { return a.name < b.name; });
    return names;
}

} // namespace tocsin::kql::services
