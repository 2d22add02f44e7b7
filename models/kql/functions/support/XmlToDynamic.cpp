// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/XmlToDynamic.h"

#include "base/Utf8.h"

#include <algorithm>
#include <cstdint>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace tocsin::kql {
namespace {

constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxBytes = 1'048'576; ///< as the language sets it

struct Element {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<Element> children;
    std::string text;
};

class XmlReader {
public:
    explicit XmlReader(std::string_view text) : m_text(text) {}

    std::optional<Element> document()
    {
        if (!skipProlog())
            return std::nullopt;
        auto root = element(0);
        if (!root || !skipProlog() || m_at < m_text.size())
            return std::nullopt;
        return root;
    }

private:
    std::string_view rest() const { return m_text.substr(m_at); }
    bool skipPast(std::string_view end)
    {
        const std::size_t found = m_text.find(end, m_at);
        m_at = found == std::string_view::npos ? m_text.size() : found + end.size();
        return found != std::string_view::npos;
    }
    void skipSpaces()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r' || m_text[m_at] == '\t'))
            ++m_at;
    }
    /// White space, declarations, comments and processing instructions.
    bool skipProlog()
    {
        if (m_at == 0 && m_text.starts_with("\xEF\xBB\xBF"))
            m_at = 3;
        while (true) {
            skipSpaces();
            if (rest().starts_with("<?")) {
                if (!skipPast("?>"))
                    return false;
            } else if (rest().starts_with("<!--")) {
                if (!skipPast("-->"))
                    return false;
            } else if (rest().starts_with("<!DOCTYPE")) {
                if (!skipPast(">"))
                    return false;
            } else {
                return true;
            }
        }
    }
    std::string name()
    {
        const std::size_t end = std::min(m_text.find_first_of(" \t\r\n/>=<", m_at), m_text.size());
        std::string out(m_text.substr(m_at, end - m_at));
        m_at = end;
        return out;
    }
    static std::string decoded(std::string_view text)
    {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
            if (end == std::string_view::npos) {
                out += text[i];
                continue;
            }
            const std::string_view entity = text.substr(i + 1, end - i - 1);
            std::uint32_t code = 0;
            if (entity.starts_with("#x") && std::from_chars(entity.data() + 2, entity.data() + entity.size(), code, 16).ptr == entity.data() + entity.size())
                appendUtf8(out, static_cast<char32_t>(code));
            else if (entity.starts_with('#') && std::from_chars(entity.data() + 1, entity.data() + entity.size(), code).ptr == entity.data() + entity.size())
                appendUtf8(out, static_cast<char32_t>(code));
            else if (entity == "amp")
                out += '&';
            else if (entity == "lt")
                out += '<';
            else if (entity == "gt")
                out += '>';
            else if (entity == "quot")
                out += '"';
            else if (entity == "apos")
                out += '\'';
            else
                out += text.substr(i, end - i + 1);
            i = end;
        }
        return out;
    }
    bool attributes(Element& element)
    {
        while (true) {
            skipSpaces();
            if (m_at >= m_text.size())
                return false;
            if (m_text[m_at] == '/' || m_text[m_at] == '>')
                return true;
            std::string key = name();
            skipSpaces();
            if (key.empty() || m_at >= m_text.size() || m_text[m_at] != '=')
                return false;
            ++m_at;
            skipSpaces();
            const char quote = m_at < m_text.size() ? m_text[m_at] : '\0';
            const std::size_t end = quote == '"' || quote == '\'' ? m_text.find(quote, m_at + 1) : std::string_view::npos;
            if (end == std::string_view::npos)
                return false;
            element.attributes.emplace_back(std::move(key), decoded(m_text.substr(m_at + 1, end - m_at - 1)));
            m_at = end + 1;
        }
    }
    std::optional<Element> element(int depth)
    {
        if (depth > kMaxDepth || !rest().starts_with('<'))
            return std::nullopt;
        ++m_at;
        Element out;
        out.name = name();
        if (out.name.empty() || !attributes(out))
            return std::nullopt;
        if (rest().starts_with("/>")) {
            m_at += 2;
            return out;
        }
        if (!rest().starts_with('>'))
            return std::nullopt;
        ++m_at;
        if (!content(out, depth))
            return std::nullopt;
        return out;
    }
    bool content(Element& out, int depth)
    {
        while (m_at < m_text.size()) {
            if (rest().starts_with("</")) {
                m_at += 2;
                const bool closes = name() == out.name;
                skipSpaces();
                if (!closes || !rest().starts_with('>'))
                    return false;
                ++m_at;
                return true;
            }
            if (rest().starts_with("<![CDATA[")) {
                const std::size_t start = m_at + 9;
                if (!skipPast("]]>"))
                    return false;
                out.text += m_text.substr(start, m_at - 3 - start);
            } else if (rest().starts_with("<!--")) {
                if (!skipPast("-->"))
                    return false;
            } else if (rest().starts_with("<?")) {
                if (!skipPast("?>"))
                    return false;
            } else if (m_text[m_at] == '<') {
                auto child = element(depth + 1);
                if (!child)
                    return false;
                out.children.push_back(std::move(*child));
            } else {
                const std::size_t end = std::min(m_text.find('<', m_at), m_text.size());
                const std::string_view piece = m_text.substr(m_at, end - m_at);
                if (!trimSpaces(piece).empty())
                    out.text += decoded(piece);
                m_at = end;
            }
        }
        return false;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

void writeElement(const Element& element, DynamicBuilder& out)
{
    if (element.attributes.empty() && element.children.empty()) {
        if (element.text.empty())
            out.null();
        else
            out.string(element.text);
        return;
    }
    out.beginObject();
    for (const auto& [key, value] : element.attributes) {
        out.key("@" + key);
        out.string(value);
    }
    if (!element.text.empty()) {
        out.key("#text");
        out.string(element.children.empty() ? std::string_view(element.text) : trimSpaces(element.text)); // between elements, white space is layout
    }
    std::vector<bool> written(element.children.size());
    for (std::size_t i = 0; i < element.children.size(); ++i) {
        if (written[i])
            continue;
        std::vector<const Element*> same;
        for (std::size_t k = i; k < element.children.size(); ++k) {
            if (element.children[k].name != element.children[i].name)
                continue;
            written[k] = true;
            same.push_back(&element.children[k]);
        }
        out.key(element.children[i].name);
        if (same.size() > 1)
            out.beginArray();
        for (const Element* child : same)
            writeElement(*child, out);
        if (same.size() > 1)
            out.endArray();
    }
    out.endObject();
}

} // namespace

bool xmlToDynamic(std::string_view xml, DynamicBuilder& out)
{
    if (xml.size() > kMaxBytes)
        return false;
    const auto root = XmlReader(xml).document();
    if (!root)
        return false;
    out.beginObject();
    out.key(root->name);
    writeElement(*root, out);
    out.endObject();
    return true;
}

} // namespace tocsin::kql
