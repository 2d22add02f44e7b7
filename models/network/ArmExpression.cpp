// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/ArmExpression.h"

#include "base/Utf8.h"
#include "network/Errors.h"

#include <cctype>
#include <charconv>

namespace tocsin::network {
namespace {

constexpr int kMostNesting = 64;

/// A recursive-descent reader that evaluates while it reads: expressions are short and used once.
class Evaluator {
public:
    Evaluator(std::string_view text, ArmScope& scope) : m_text(text), m_scope(scope) {}

    Result<JsonTree> run()
    {
        TOCSIN_TRY_ASSIGN(JsonTree value, expression(0));
        skipSpaces();
        if (m_at != m_text.size())
            return complain("text behind the expression");
        return value;
    }

private:
    std::unexpected<Error> complain(std::string_view what) const
    {
        return fail(kTemplateExpression, m_text.substr(0, 200), std::string(what) + " at character " + std::to_string(m_at + 1));
    }

    void skipSpaces()
    {
        while (m_at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[m_at])))
            ++m_at;
    }

    bool take(char c)
    {
        skipSpaces();
        if (m_at >= m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    std::string_view word()
    {
        skipSpaces();
        const auto start = m_at;
        while (m_at < m_text.size() && (std::isalnum(static_cast<unsigned char>(m_text[m_at])) || m_text[m_at] == '_' || m_text[m_at] == '$'))
            ++m_at;
        return m_text.substr(start, m_at - start);
    }

    Result<JsonTree> expression(int depth)
    {
        if (depth > kMostNesting)
            return complain("nested too deeply");
        TOCSIN_TRY_ASSIGN(JsonTree value, primary(depth));
        for (;;) {
            if (take('.')) {
                const std::string_view member = word();
                if (member.empty())
                    return complain("a property name expected");
                value = isOpaque(value) ? JsonTree(value.text() + "." + std::string(member)) : JsonTree(value.get(member));
            } else if (take('[')) {
                TOCSIN_TRY_ASSIGN(const JsonTree index, expression(depth + 1));
                if (!take(']'))
                    return complain("']' expected");
                value = element(value, index);
            } else {
                return value;
            }
        }
    }

    static JsonTree element(const JsonTree& value, const JsonTree& index)
    {
        if (isOpaque(value))
            return JsonTree(value.text() + "[" + index.text() + "]");
        if (index.isString())
            return value.get(index.view());
        const auto position = index.integer().value_or(-1);
        const auto& items = value.items();
        return position >= 0 && static_cast<std::size_t>(position) < items.size() ? items[static_cast<std::size_t>(position)] : JsonTree();
    }

    Result<JsonTree> primary(int depth)
    {
        skipSpaces();
        if (m_at >= m_text.size())
            return complain("the expression ends too early");
        const char c = m_text[m_at];
        if (c == '\'')
            return quoted();
        if (c == '-' || c == '+' || std::isdigit(static_cast<unsigned char>(c)))
            return number();
        std::string name(word());
        if (name.empty())
            return complain("a function expected");
        // A user-defined function is called as namespace.name(…).
        const auto before = m_at;
        if (take('.')) {
            const std::string_view rest = word();
            if (!rest.empty() && m_at < m_text.size() && m_text[m_at] == '(')
                name += "." + std::string(rest);
            else
                m_at = before;
        }
        if (!take('('))
            return complain("'(' expected");
        return call(name, depth);
    }

    Result<JsonTree> call(const std::string& name, int depth)
    {
        // Only the branch that is chosen may be evaluated: the other one often refers to what does not exist.
        std::vector<JsonTree> arguments;
        const bool isChoice = equalsIgnoringCase(name, "if");
        while (!take(')')) {
            if (!arguments.empty() && !take(','))
                return complain("',' or ')' expected");
            const bool skipped = isChoice && ((arguments.size() == 1 && !arguments[0].boolean(false)) || (arguments.size() == 2 && arguments[0].boolean(false)));
            if (skipped) {
                TOCSIN_TRY(skipArgument());
                arguments.emplace_back();
                continue;
            }
            TOCSIN_TRY_ASSIGN(JsonTree argument, expression(depth + 1));
            arguments.push_back(std::move(argument));
        }
        if (name.find('.') != std::string::npos)
            return opaqueValue(name, arguments);
        return callArmFunction(name, arguments, m_scope);
    }

    Result<void> skipArgument()
    {
        int open = 0;
        for (bool inText = false; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '\'')
                inText = !inText;
            if (inText)
                continue;
            if (open == 0 && (c == ',' || c == ')'))
                return {};
            open += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        }
        return complain("')' expected");
    }

    Result<JsonTree> quoted()
    {
        std::string text;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] != '\'') {
                text += m_text[m_at];
            } else if (m_at + 1 < m_text.size() && m_text[m_at + 1] == '\'') {
                text += '\'';
                ++m_at;
            } else {
                ++m_at;
                return JsonTree(std::move(text));
            }
        }
        return complain("a text without end");
    }

    Result<JsonTree> number()
    {
        const auto start = m_at++;
        while (m_at < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[m_at])))
            ++m_at;
        std::string_view digits = m_text.substr(start, m_at - start);
        if (digits.front() == '+')
            digits.remove_prefix(1);
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc() || end != digits.data() + digits.size())
            return complain("a whole number expected");
        return JsonTree(value);
    }

    std::string_view m_text;
    ArmScope& m_scope;
    std::size_t m_at = 0;
};

} // namespace

Result<JsonTree> evaluateExpression(std::string_view expression, ArmScope& scope) { return Evaluator(expression, scope).run(); }

JsonTree opaqueValue(std::string_view function, std::span<const JsonTree> arguments)
{
    std::string text = "<" + std::string(function) + "(";
    for (const JsonTree& argument : arguments) {
        if (&argument != &arguments.front())
            text += ',';
        text += argument.isString() ? argument.text() : argument.dump();
        if (text.size() > 500) {
            text.resize(500);
            break;
        }
    }
    return JsonTree(text + ")>");
}

bool isOpaque(const JsonTree& value) { return value.view().starts_with("<"); }

} // namespace tocsin::network
