// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/JsonTemplate.h"

#include <algorithm>
#include <cstring>

namespace tocsin::store {
namespace {

constexpr std::size_t kMostMembers = 64;
constexpr int kDeepest = 64; ///< nesting inside a value

/// Walks over the text; every step is false at what cannot be JSON.
class Splitter {
public:
    Splitter(std::string_view text, JsonPieces& pieces) : m_at(text.data()), m_end(text.data() + text.size()), m_copied(text.data()), m_pieces(pieces) {}

    bool split()
    {
        m_pieces.shape.clear();
        m_pieces.members.clear();
        skipSpace();
        if (!take('{'))
            return false;
        do {
            if (m_pieces.members.size() == kMostMembers || !member())
                return false;
            skipSpace();
        } while (take(','));
        if (!take('}'))
            return false;
        skipSpace();
        m_pieces.shape.append(m_copied, m_end);
        return m_at == m_end;
    }

private:
    bool take(char c)
    {
        if (m_at == m_end || *m_at != c)
            return false;
        ++m_at;
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
    bool member()
    {
        skipSpace();
        std::string_view key;
        if (!take('"') || !string(key) || key.find('\\') != key.npos)
            return false;
        for (const JsonPieces::Member& other : m_pieces.members)
            if (other.key == key)
                return false;
        skipSpace();
        if (!take(':'))
            return false;
        skipSpace();
        JsonPieces::Member member{key, {}, JsonPieces::Kind::Other};
        const char* const start = m_at;
        if (take('"')) {
            member.kind = JsonPieces::Kind::String;
            if (!string(member.value))
                return false;
        } else {
            if (!other())
                return false;
            member.value = {start, m_at};
        }
        copyTo(member.value, member.kind == JsonPieces::Kind::String ? kStringMark : kValueMark);
        m_pieces.members.push_back(member);
        return true;
    }
    /// A number or literal up to what ends it; an array or object up to its end.
    bool other()
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
    void copyTo(std::string_view value, char mark)
    {
        m_pieces.shape.append(m_copied, value.data());
        m_pieces.shape.push_back(mark);
        m_copied = value.data() + value.size();
    }

    const char* m_at;
    const char* m_end;
    const char* m_copied; ///< what stands before is in the template
    JsonPieces& m_pieces;
};

} // namespace

bool splitJson(std::string_view text, JsonPieces& pieces)
{
    return Splitter(text, pieces).split();
}

} // namespace tocsin::store
