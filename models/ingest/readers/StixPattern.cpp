// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/StixPattern.h"

#include <algorithm>
#include <optional>

namespace tocsin::ingest {

namespace {

bool isWordChar(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; }
bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class PatternScanner {
public:
    explicit PatternScanner(std::string_view text) : m_text(text) {}

    std::vector<StixObservable> scan()
    {
        while (m_at < m_text.size()) {
            if (m_text[m_at] == '\'') {
                literal(); // of a comparison that was left out
            } else if (isWordChar(m_text[m_at])) {
                if (auto path = objectPath())
                    comparison(*path);
            } else {
                ++m_at;
            }
        }
        return std::move(m_found);
    }

private:
    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }
    bool take(std::string_view token)
    {
        if (!m_text.substr(m_at).starts_with(token))
            return false;
        m_at += token.size();
        return true;
    }
    /// `file:hashes.'SHA-256'`; nothing if the word here is no path.
    std::optional<std::string> objectPath()
    {
        const std::size_t start = m_at;
        while (m_at < m_text.size() && isWordChar(m_text[m_at]))
            ++m_at;
        if (!take(":"))
            return {};
        while (m_at < m_text.size() && (isWordChar(m_text[m_at]) || std::string_view(".[]*'").find(m_text[m_at]) != std::string_view::npos)) {
            if (m_text[m_at] == '\'')
                literal();
            else
                ++m_at;
        }
        return std::string(m_text.substr(start, m_at - start));
    }
    void comparison(const std::string& path)
    {
        skipSpace();
        if (take("==") || take("=")) {
            add(path);
        } else if (take("IN")) {
            skipSpace();
            if (!take("("))
                return;
            do {
                add(path);
                skipSpace();
            } while (take(","));
        }
    }
    void add(const std::string& path)
    {
        skipSpace();
        auto value = literal();
        if (!value || value->empty())
            return;
        StixObservable found{path, std::move(*value)};
        if (std::ranges::find(m_found, found) == m_found.end())
            m_found.push_back(std::move(found));
    }
    /// A text in quotation marks, or a number or word as it stands.
    std::optional<std::string> literal()
    {
        std::string value;
        if (!take("'")) {
            while (m_at < m_text.size() && (isWordChar(m_text[m_at]) || m_text[m_at] == '.'))
                value += m_text[m_at++];
            return value.empty() ? std::nullopt : std::optional(value);
        }
        for (; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == '\'') {
                ++m_at;
                return value;
            }
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            value += m_text[m_at];
        }
        return {}; // not closed
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<StixObservable> m_found;
};

} // namespace

std::vector<StixObservable> stixObservables(std::string_view pattern) { return PatternScanner(pattern).scan(); }

} // namespace tocsin::ingest
