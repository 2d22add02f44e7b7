// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/JsonPosition.h"

#include <algorithm>
#include <vector>

namespace tocsin::network {
namespace {

/// A state machine with an explicit stack, so that no nesting can exhaust ours.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    JsonPosition run()
    {
        for (skipSpaces(); m_at < m_text.size(); skipSpaces()) {
            step();
            if (!m_what.empty())
                break; // here, before anything more is skipped
        }
        if (m_what.empty() && (!m_open.empty() || m_expect == Expect::Value))
            m_what = "the text ends too early";
        return position();
    }

private:
    enum class Expect { Value, ValueOrEnd, Key, KeyOrEnd, Colon, CommaOrEnd, Nothing };

    void step()
    {
        const char c = m_text[m_at];
        switch (m_expect) {
        case Expect::Nothing: m_what = "text behind the end of the document"; return;
        case Expect::Colon: accept(c == ':', Expect::Value, "':' expected"); return;
        case Expect::CommaOrEnd: separator(c); return;
        case Expect::KeyOrEnd:
            if (c == '}')
                return close();
            [[fallthrough]];
        case Expect::Key:
            if (c != '"')
                m_what = "a name in quotation marks expected";
            else if (string())
                m_expect = Expect::Colon;
            return;
        case Expect::ValueOrEnd:
            if (c == ']')
                return close();
            [[fallthrough]];
        case Expect::Value: value(c); return;
        }
    }

    void separator(char c)
    {
        const char open = m_open.back();
        if (c == ',') {
            ++m_at;
            m_expect = open == '{' ? Expect::Key : Expect::Value;
        } else if (c == (open == '{' ? '}' : ']')) {
            close();
        } else {
            m_what = open == '{' ? "',' or '}' expected" : "',' or ']' expected";
        }
    }

    void value(char c)
    {
        if (c == '{' || c == '[') {
            m_open.push_back(c);
            ++m_at;
            m_expect = c == '{' ? Expect::KeyOrEnd : Expect::ValueOrEnd;
        } else if (c == '"') {
            if (string())
                afterValue();
        } else {
            word();
        }
    }

    void word()
    {
        const auto start = m_at;
        while (m_at < m_text.size() && std::string_view(" \t\r\n,]}:").find(m_text[m_at]) == std::string_view::npos)
            ++m_at;
        const auto token = m_text.substr(start, m_at - start);
        const bool known = token == "true" || token == "false" || token == "null";
        const bool number = !token.empty() && token.find_first_not_of("+-.0123456789eE") == std::string_view::npos && token[0] != '+';
        if (known || number)
            return afterValue();
        m_at = start;
        m_what = "a value expected";
    }

    bool string()
    {
        const auto start = m_at++;
        for (; m_at < m_text.size(); ++m_at) {
            const auto c = static_cast<unsigned char>(m_text[m_at]);
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (c < 0x20) {
                m_what = "a control character inside a string";
                return false;
            }
            if (c == '\\')
                ++m_at;
        }
        m_at = start;
        m_what = "a string without end";
        return false;
    }

    void accept(bool good, Expect next, const char* message)
    {
        if (!good) {
            m_what = message;
            return;
        }
        ++m_at;
        m_expect = next;
    }

    void close()
    {
        m_open.pop_back();
        ++m_at;
        afterValue();
    }

    void afterValue() { m_expect = m_open.empty() ? Expect::Nothing : Expect::CommaOrEnd; }

    void skipSpaces()
    {
        while (m_at < m_text.size() && std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
    }

    JsonPosition position() const
    {
        const auto before = m_text.substr(0, m_at);
        JsonPosition result;
        result.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
        const auto lastBreak = before.rfind('\n');
        result.column = lastBreak == std::string_view::npos ? before.size() + 1 : before.size() - lastBreak;
        result.what = m_what;
        return result;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<char> m_open;
    Expect m_expect = Expect::Value;
    std::string m_what;
};

} // namespace

JsonPosition findJsonFault(std::string_view text) { return Scanner(text).run(); }

} // namespace tocsin::network
