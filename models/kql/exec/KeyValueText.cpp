// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/KeyValueText.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace tocsin::kql {
namespace {

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isWord(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

class Reader {
public:
    Reader(std::string_view text, const KeyValueFormat& format) : m_text(text), m_format(format) {}

    void readDelimited(const std::function<void(std::string_view, std::string_view)>& use)
    {
        while (m_at < m_text.size()) {
            skipSpace();
            std::optional<std::string> key = quoted();
            if (!key) {
                const std::size_t end = std::min(find(m_format.kvDelimiter), find(m_format.pairDelimiter));
                key = std::string(trimmed(m_text.substr(m_at, end - m_at)));
                m_at = end;
            }
            skipSpace();
            if (!starts(m_format.kvDelimiter)) { // no value: go on behind the pair
                m_at = std::max(m_at + 1, std::min(find(m_format.pairDelimiter), m_text.size()) + m_format.pairDelimiter.size());
                continue;
            }
            m_at += m_format.kvDelimiter.size();
            skipSpace();
            const std::optional<std::string> value = quoted();
            const std::size_t end = value ? find(m_format.pairDelimiter) : endOfValue();
            use(*key, value ? std::string_view(*value) : trimmed(m_text.substr(m_at, end - m_at)));
            m_at = end + m_format.pairDelimiter.size();
        }
    }

    void readWords(const std::function<void(std::string_view, std::string_view)>& use)
    {
        std::vector<std::string> words;
        while (m_at < m_text.size()) {
            if (auto word = quoted()) {
                words.push_back(std::move(*word));
            } else if (isWord(m_text[m_at])) {
                const std::size_t start = m_at;
                while (m_at < m_text.size() && isWord(m_text[m_at]))
                    ++m_at;
                words.emplace_back(m_text.substr(start, m_at - start));
            } else {
                ++m_at;
            }
        }
        for (std::size_t i = 0; i + 1 < words.size(); ++i)
            use(words[i], words[i + 1]);
    }

private:
    bool starts(std::string_view delimiter) const { return !delimiter.empty() && m_text.substr(std::min(m_at, m_text.size())).starts_with(delimiter); }
    std::size_t find(std::string_view delimiter) const
    {
        const std::size_t found = delimiter.empty() ? std::string_view::npos : m_text.find(delimiter, m_at);
        return found == std::string_view::npos ? m_text.size() : found;
    }
    /// White space that is no delimiter itself.
    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]) && !starts(m_format.pairDelimiter) && !starts(m_format.kvDelimiter))
            ++m_at;
    }
    std::size_t endOfValue() const
    {
        const std::size_t end = find(m_format.pairDelimiter);
        if (!m_format.greedy)
            return end;
        const std::size_t next = find(m_format.kvDelimiter);
        if (next == m_text.size())
            return next;
        const std::size_t last = m_text.substr(0, next).rfind(m_format.pairDelimiter);
        return last == std::string_view::npos || last < m_at ? end : last;
    }
    /// The text between quotes that start here; without a closing quote there is none.
    std::optional<std::string> quoted()
    {
        if (m_format.openQuote.empty() || !starts(m_format.openQuote))
            return std::nullopt;
        std::string out;
        for (std::size_t i = m_at + m_format.openQuote.size(); i < m_text.size(); ++i) {
            if (m_format.escape && m_text[i] == m_format.escape && i + 1 < m_text.size()) {
                out += m_text[++i];
            } else if (m_text.substr(i).starts_with(m_format.closeQuote)) {
                m_at = i + m_format.closeQuote.size();
                return out;
            } else {
                out += m_text[i];
            }
        }
        return std::nullopt;
    }

    std::string_view m_text;
    const KeyValueFormat& m_format;
    std::size_t m_at = 0;
};

} // namespace

void forEachKeyValue(std::string_view text, const KeyValueFormat& format, const std::function<void(std::string_view, std::string_view)>& use)
{
    Reader reader(text, format);
    if (format.pairDelimiter.empty() && format.kvDelimiter.empty())
        reader.readWords(use);
    else
        reader.readDelimited(use);
}

} // namespace tocsin::kql
