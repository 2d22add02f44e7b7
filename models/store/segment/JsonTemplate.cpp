// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/JsonTemplate.h"

#include <algorithm>
#include <cstring>

namespace tocsin::store {
namespace {

constexpr std::size_t kMostMembers = 64;
constexpr int kDeepest = 64;           ///< nesting inside a value
constexpr std::size_t kMostSteps = 16; ///< tried one after the other

/// Walks over the text; every step is false at what cannot be JSON.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_at(text.data()), m_end(text.data() + text.size()) {}

    const char* at() const { return m_at; }
    std::string_view rest() const { return {m_at, m_end}; }
    bool take(char c)
    {
        if (m_at == m_end || *m_at != c)
            return false;
        ++m_at;
        return true;
    }
    bool take(std::string_view text)
    {
        if (!rest().starts_with(text))
            return false;
        m_at += text.size();
        return true;
    }
    void skipSpace()
    {
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\t' || *m_at == '\n' || *m_at == '\r'))
            ++m_at;
    }
    /// From behind the opening mark to the closing one, which is taken.
    bool string(std::string_view& content)
    {
        const char* const start = m_at;
        for (;;) {
            const auto* const mark = static_cast<const char*>(std::memchr(m_at, '"', static_cast<std::size_t>(m_end - m_at)));
            if (!mark)
                return false;
            std::size_t backslashes = 0;
            while (mark - backslashes > start && mark[-1 - static_cast<std::ptrdiff_t>(backslashes)] == '\\')
                ++backslashes;
            m_at = mark + 1;
            if (backslashes % 2 == 0) {
                content = {start, mark};
                return true;
            }
        }
    }
    /// A number or literal up to what ends it; an array or object up to its end.
    bool other(std::string_view& content)
    {
        const char* const start = m_at;
        if (!skipOther())
            return false;
        content = {start, m_at};
        return true;
    }
    /// The value that begins here: of a text what is up to the closing mark, which is taken.
    bool value(JsonPieces::Kind kind, std::string_view& content) { return kind == JsonPieces::Kind::String ? string(content) : other(content); }

private:
    bool skipOther()
    {
        const char* const start = m_at;
        int depth = 0;
        for (; m_at != m_end; ++m_at) {
            switch (*m_at) {
            case '"': {
                ++m_at;
                std::string_view content;
                if (depth == 0 || !string(content))
                    return false;
                --m_at;
                break;
            }
            case '[':
            case '{':
                if ((depth == 0 && m_at != start) || ++depth > kDeepest)
                    return false;
                break;
            case ']':
            case '}':
                if (depth == 0)
                    return m_at != start;
                if (--depth == 0) {
                    ++m_at;
                    return true;
                }
                break;
            case ',': case ' ': case '\t': case '\n': case '\r':
                if (depth == 0)
                    return m_at != start;
                break;
            default: break;
            }
        }
        return false;
    }

    const char* m_at;
    const char* m_end;
};

/// Spells out the template of a text.
class Splitter {
public:
    Splitter(std::string_view text, JsonPieces& pieces) : m_scan(text), m_copied(text.data()), m_pieces(pieces) {}

    bool split()
    {
        m_pieces.shape.clear();
        m_pieces.members.clear();
        m_scan.skipSpace();
        if (!m_scan.take('{'))
            return false;
        do {
            if (m_pieces.members.size() == kMostMembers || !member())
                return false;
            m_scan.skipSpace();
        } while (m_scan.take(','));
        if (!m_scan.take('}'))
            return false;
        m_scan.skipSpace();
        if (!m_scan.rest().empty())
            return false;
        m_pieces.shape.append(m_copied, m_scan.at());
        return true;
    }

private:
    bool member()
    {
        m_scan.skipSpace();
        std::string_view key;
        if (!m_scan.take('"') || !m_scan.string(key) || key.find('\\') != key.npos)
            return false;
        for (const JsonPieces::Member& other : m_pieces.members)
            if (other.key == key)
                return false;
        m_scan.skipSpace();
        if (!m_scan.take(':'))
            return false;
        m_scan.skipSpace();
        JsonPieces::Member member{key, {}, m_scan.take('"') ? JsonPieces::Kind::String : JsonPieces::Kind::Other};
        if (!m_scan.value(member.kind, member.value))
            return false;
        copyTo(member.value, member.kind == JsonPieces::Kind::String ? kStringMark : kValueMark);
        m_pieces.members.push_back(member);
        return true;
    }
    void copyTo(std::string_view value, char mark)
    {
        m_pieces.shape.append(m_copied, value.data());
        m_pieces.shape.push_back(mark);
        m_copied = value.data() + value.size();
    }

    Scanner m_scan;
    const char* m_copied; ///< what stands before is in the template
    JsonPieces& m_pieces;
};

} // namespace

bool splitJson(std::string_view text, JsonPieces& pieces)
{
    return Splitter(text, pieces).split();
}

void JsonTemplates::add(const JsonPieces& pieces, std::uint32_t number)
{
    std::string_view rest = pieces.shape;
    std::uint32_t place = 0;
    for (std::size_t i = 0; i <= pieces.members.size(); ++i) {
        const bool isLast = i == pieces.members.size();
        const JsonPieces::Kind kind = isLast ? JsonPieces::Kind::Other : pieces.members[i].kind;
        const std::string_view text = rest.substr(0, isLast ? rest.npos : rest.find(kind == JsonPieces::Kind::String ? kStringMark : kValueMark));
        if (!isLast) // the mark too; reading a string takes the quotation mark behind it
            rest.remove_prefix(text.size() + (kind == JsonPieces::Kind::String ? 2 : 1));
        const auto isSame = [&](const Step& step) { return step.text == text && step.kind == kind && step.isLast == isLast; };
        std::vector<Step>& steps = m_steps[place];
        const auto known = std::ranges::find_if(steps, isSame);
        if (known != steps.end()) {
            place = known->next;
            continue;
        }
        if (steps.size() == kMostSteps)
            return;
        const auto next = isLast ? number : static_cast<std::uint32_t>(m_steps.size());
        steps.push_back({std::string(text), kind, isLast, next});
        if (!isLast)
            m_steps.emplace_back(); // moves the steps
        place = next;
    }
}

std::optional<std::uint32_t> JsonTemplates::split(std::string_view text, std::vector<std::string_view>& values) const
{
    values.clear();
    Scanner scan(text);
    std::uint32_t place = 0;
    for (;;) {
        // At most one of them leads on: what a value is follows from the text in front of it and from its first character.
        const auto leads = [&](const Step& step) {
            Scanner ahead = scan;
            std::string_view value;
            if (!ahead.take(step.text) || !(step.isLast ? ahead.rest().empty() : ahead.value(step.kind, value)))
                return false;
            if (!step.isLast)
                values.push_back(value);
            scan = ahead;
            return true;
        };
        const auto step = std::ranges::find_if(m_steps[place], leads);
        if (step == m_steps[place].end())
            return std::nullopt;
        if (step->isLast)
            return step->next;
        place = step->next;
    }
}

} // namespace tocsin::store
