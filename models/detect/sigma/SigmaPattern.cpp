// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaPattern.h"

#include "base/Utf8.h"

#include <algorithm>

namespace tocsin::detect::sigma {
namespace {

using Part = TextPattern::Part;
using Kind = TextPattern::Kind;

void addLiteral(std::vector<Part>& parts, char c)
{
    if (parts.empty() || parts.back().kind != Kind::Literal)
        parts.push_back({Kind::Literal, {}});
    parts.back().text += c;
}

void addMany(std::vector<Part>& parts)
{
    if (parts.empty() || parts.back().kind != Kind::AnyMany)
        parts.push_back({Kind::AnyMany, {}});
}

} // namespace

TextPattern TextPattern::parse(std::string_view text)
{
    TextPattern pattern;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && i + 1 < text.size() && (text[i + 1] == '*' || text[i + 1] == '?' || text[i + 1] == '\\'))
            addLiteral(pattern.parts, text[++i]);
        else if (c == '*')
            addMany(pattern.parts);
        else if (c == '?')
            pattern.parts.push_back({Kind::AnyOne, {}});
        else
            addLiteral(pattern.parts, c);
    }
    return pattern;
}

TextPattern TextPattern::literal(std::string text)
{
    TextPattern pattern;
    if (!text.empty())
        pattern.parts.push_back({Kind::Literal, std::move(text)});
    return pattern;
}

bool TextPattern::hasWildcards() const
{
    return std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.kind != Kind::Literal; });
}

std::string TextPattern::plainText() const
{
    return parts.empty() ? std::string() : parts.front().text;
}

void TextPattern::prependAny()
{
    if (parts.empty() || parts.front().kind != Kind::AnyMany)
        parts.insert(parts.begin(), Part{Kind::AnyMany, {}});
}

void TextPattern::appendAny()
{
    addMany(parts);
}

CompiledPattern::CompiledPattern(const TextPattern& pattern, bool cased) : m_parts(pattern.parts)
{
    if (!cased)
        for (Part& part : m_parts)
            part.text = foldCase(part.text);
    const auto isMany = [this](std::size_t i) { return m_parts[i].kind == Kind::AnyMany; };
    const auto isText = [this](std::size_t i) { return m_parts[i].kind == Kind::Literal; };
    const std::size_t count = m_parts.size();
    if (count == 0 || (count == 1 && isText(0)))
        m_form = Form::Exact;
    else if (count == 1 && isMany(0))
        m_form = Form::Contains; // of nothing: any text
    else if (count == 2 && isText(0) && isMany(1))
        m_form = Form::Prefix;
    else if (count == 2 && isMany(0) && isText(1))
        m_form = Form::Suffix;
    else if (count == 3 && isMany(0) && isText(1) && isMany(2))
        m_form = Form::Contains;
    else
        m_form = Form::General;
    if (m_form != Form::General) {
        for (const Part& part : m_parts)
            if (part.kind == Kind::Literal)
                m_text = part.text;
    }
}

bool CompiledPattern::matches(std::string_view text) const
{
    switch (m_form) {
    case Form::Exact: return text == m_text;
    case Form::Prefix: return text.starts_with(m_text);
    case Form::Suffix: return text.ends_with(m_text);
    case Form::Contains: return text.find(m_text) != std::string_view::npos;
    case Form::General: return matchesFrom(text, 0, 0);
    }
    return false;
}

/// The classic glob walk: only the last `*` is ever tried again, so the work is at most pattern times text.
bool CompiledPattern::matchesFrom(std::string_view text, std::size_t part, std::size_t at) const
{
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::size_t starPart = kNone, starAt = 0;
    for (;;) {
        bool ok = true;
        if (part == m_parts.size()) {
            if (at == text.size())
                return true;
            ok = false;
        } else if (m_parts[part].kind == Kind::AnyMany) {
            if (part + 1 == m_parts.size())
                return true;
            starPart = part++;
            starAt = at;
            continue;
        } else if (m_parts[part].kind == Kind::AnyOne) {
            ok = at < text.size();
            if (ok)
                at += decodeUtf8(text, at).length;
        } else {
            ok = text.substr(at).starts_with(m_parts[part].text);
            at += ok ? m_parts[part].text.size() : 0;
        }
        if (ok) {
            ++part;
            continue;
        }
        if (starPart == kNone || starAt >= text.size())
            return false;
        const std::size_t next = starPart + 1;
        if (next < m_parts.size() && m_parts[next].kind == Kind::Literal) {
            // Straight to the next place where the literal behind the star stands.
            starAt = text.find(m_parts[next].text, starAt + 1);
            if (starAt == std::string_view::npos)
                return false;
        } else {
            starAt += decodeUtf8(text, starAt).length;
        }
        at = starAt;
        part = next;
    }
}

std::string_view CompiledPattern::longestLiteral() const
{
    std::string_view longest;
    for (const Part& part : m_parts)
        if (part.text.size() > longest.size())
            longest = part.text;
    return longest;
}

} // namespace tocsin::detect::sigma
