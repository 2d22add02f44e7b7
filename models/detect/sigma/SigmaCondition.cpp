// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaCondition.h"

#include "base/Utf8.h"
#include "detect/sigma/SigmaErrors.h"

namespace tocsin::detect::sigma {
namespace {

constexpr int kMaxDepth = 200;

struct Token {
    std::string_view text; ///< empty at the end
    std::size_t at = 0;
};

class Parser {
public:
    Parser(std::string_view text, const Searches& searches) : m_text(text), m_searches(searches) { advance(); }

    Result<Condition> parse()
    {
        if (m_token.text.empty())
            return error("it is empty");
        TOCSIN_TRY_ASSIGN(Condition condition, alternatives(0));
        if (m_token.text == "|")
            return unexpectedPipe();
        if (!m_token.text.empty())
            return error("'" + std::string(m_token.text) + "' is not expected here");
        return condition;
    }

private:
    static bool isDelimiter(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(' || c == ')' || c == '|'; }

    Token scan(std::size_t from) const
    {
        while (from < m_text.size() && (m_text[from] == ' ' || m_text[from] == '\t' || m_text[from] == '\n' || m_text[from] == '\r'))
            ++from;
        if (from >= m_text.size())
            return {{}, m_text.size()};
        std::size_t end = from + 1;
        if (!isDelimiter(m_text[from]))
            while (end < m_text.size() && !isDelimiter(m_text[end]))
                ++end;
        return {m_text.substr(from, end - from), from};
    }
    void advance()
    {
        m_token = scan(m_end);
        m_end = m_token.at + m_token.text.size();
    }
    bool take(std::string_view word)
    {
        if (!equalsIgnoringCase(m_token.text, word))
            return false;
        advance();
        return true;
    }
    std::unexpected<Error> error(std::string what) const
    {
        return std::unexpected(makeError(kSigmaCondition, std::move(what)).at({m_token.at, std::max<std::size_t>(m_token.text.size(), 1)}));
    }
    std::unexpected<Error> unexpectedPipe() const
    {
        return std::unexpected(makeError(kSigmaUnsupported, "an aggregation behind '|'", "write it as a correlation rule of its own (event_count, value_count)")
                                   .at({m_token.at, m_text.size() - m_token.at}));
    }

    Result<Condition> alternatives(int depth)
    {
        std::vector<Condition> children;
        do {
            TOCSIN_TRY_ASSIGN(Condition child, conjunction(depth));
            children.push_back(std::move(child));
        } while (take("or"));
        return Condition::join(Condition::Kind::Any, std::move(children));
    }
    Result<Condition> conjunction(int depth)
    {
        std::vector<Condition> children;
        do {
            TOCSIN_TRY_ASSIGN(Condition child, negation(depth));
            children.push_back(std::move(child));
        } while (take("and"));
        return Condition::join(Condition::Kind::All, std::move(children));
    }
    Result<Condition> negation(int depth)
    {
        if (depth > kMaxDepth)
            return error("it is nested too deeply");
        if (take("not")) {
            TOCSIN_TRY_ASSIGN(Condition child, negation(depth + 1));
            return Condition::negated(std::move(child));
        }
        if (take("(")) {
            TOCSIN_TRY_ASSIGN(Condition inner, alternatives(depth + 1));
            if (!take(")"))
                return error("a closing parenthesis is missing");
            return inner;
        }
        return operand();
    }
    Result<Condition> operand()
    {
        if (m_token.text.empty() || isDelimiter(m_token.text.front()))
            return error(m_token.text.empty() ? "a name is missing at the end" : "a name is missing before '" + std::string(m_token.text) + "'");
        if (equalsIgnoringCase(scan(m_end).text, "of"))
            return quantified();
        const std::string_view name = m_token.text;
        for (const auto& [search, condition] : m_searches)
            if (search == name) {
                advance();
                return condition;
            }
        return error("there is no search named '" + std::string(name) + "'");
    }
    Result<Condition> quantified()
    {
        const bool all = equalsIgnoringCase(m_token.text, "all");
        if (!all && m_token.text != "1" && !equalsIgnoringCase(m_token.text, "any"))
            return std::unexpected(makeError(kSigmaUnsupported, "'" + std::string(m_token.text) + " of'", "only '1 of', 'any of' and 'all of' are defined")
                                       .at({m_token.at, m_token.text.size()}));
        advance(); // the quantifier
        advance(); // of
        const bool them = equalsIgnoringCase(m_token.text, "them");
        if (m_token.text.empty() || isDelimiter(m_token.text.front()))
            return error("a pattern of names is missing behind 'of'");
        const CompiledPattern pattern(TextPattern::parse(m_token.text), true);
        std::vector<Condition> children;
        for (const auto& [name, condition] : m_searches)
            if (them ? !name.starts_with('_') : pattern.matches(name))
                children.push_back(condition);
        if (children.empty())
            return error("no search is named like '" + std::string(m_token.text) + "'");
        advance();
        return Condition::join(all ? Condition::Kind::All : Condition::Kind::Any, std::move(children));
    }

    std::string_view m_text;
    const Searches& m_searches;
    Token m_token;
    std::size_t m_end = 0;
};

} // namespace

Result<Condition> parseCondition(std::string_view text, const Searches& searches)
{
    return Parser(text, searches).parse();
}

} // namespace tocsin::detect::sigma
