// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/XmlText.h"

namespace tocsin::ingest {

namespace {

bool needsEscape(unsigned char c) { return c == '&' || c == '<' || c == '>' || c == '"' || c < 0x20; }

void appendOne(std::string& out, char c, bool inAttribute)
{
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"':
        if (inAttribute)
            out += "&quot;";
        else
            out += c;
        break;
    case '\t': case '\n': case '\r': out += c; break;
    default: out += "\xEF\xBF\xBD"; break;
    }
}

void appendCData(std::string& out, std::string_view text)
{
    out += "<![CDATA[";
    // A section cannot hold its own end: split it there.
    for (std::size_t end = text.find("]]>"); end != std::string_view::npos; end = text.find("]]>")) {
        out += text.substr(0, end + 2);
        out += "]]><![CDATA[";
        text.remove_prefix(end + 2);
    }
    out += text;
    out += "]]>";
}

/// Walks a part of a tape and writes it.
class Writer {
public:
    Writer(std::string& out, XmlLayout layout) : m_out(out), m_indented(layout == XmlLayout::Indented) {}

    void element(std::span<const XmlToken> tape, std::size_t at, std::string_view defaultNamespace)
    {
        const std::size_t end = tape[at].close;
        for (std::size_t i = at; i <= end; ++i) {
            const XmlToken& token = tape[i];
            switch (token.kind) {
            case XmlKind::Open: open(token, i == at, hasOwnNamespace(tape, i) ? std::string_view() : defaultNamespace); break;
            case XmlKind::Attribute: attribute(token.name, token.text); break;
            case XmlKind::Text:
                content(true);
                appendXmlEscaped(m_out, token.text, false);
                break;
            case XmlKind::CData:
                content(true);
                appendCData(m_out, token.text);
                break;
            case XmlKind::Instruction:
                content(false);
                m_out += "<?";
                m_out += token.name;
                m_out += ' ';
                m_out += token.text;
                m_out += "?>";
                break;
            case XmlKind::Close: close(token); break;
            }
        }
    }

private:
    static bool hasOwnNamespace(std::span<const XmlToken> tape, std::size_t at)
    {
        for (std::size_t i = at + 1; i < tape.size() && tape[i].kind == XmlKind::Attribute; ++i) {
            if (tape[i].name == "xmlns")
                return true;
        }
        return false;
    }
    void open(const XmlToken& token, bool outermost, std::string_view defaultNamespace)
    {
        const bool afterText = m_lastWasText;
        content(false);
        if (!outermost && !afterText)
            newLine();
        m_out += '<';
        m_out += token.name;
        m_inStart = true;
        m_lastWasText = false;
        ++m_depth;
        if (outermost && !defaultNamespace.empty())
            attribute("xmlns", defaultNamespace);
    }
    void attribute(std::string_view name, std::string_view text)
    {
        m_out += ' ';
        m_out += name;
        m_out += "=\"";
        appendXmlEscaped(m_out, text, true);
        m_out += '"';
    }
    /// Ends the start tag before its content.
    void content(bool text)
    {
        if (m_inStart)
            m_out += '>';
        m_inStart = false;
        m_lastWasText = text;
        m_childEnded = false;
    }
    void close(const XmlToken& token)
    {
        const bool afterChild = m_childEnded;
        if (m_inStart)
            m_out += '>';
        m_inStart = false;
        --m_depth;
        if (afterChild && !m_lastWasText)
            newLine();
        m_out += "</";
        m_out += token.name;
        m_out += '>';
        m_childEnded = true;
        m_lastWasText = false;
    }
    void newLine()
    {
        if (!m_indented)
            return;
        m_out += "\r\n";
        m_out.append(static_cast<std::size_t>(2 * m_depth), ' ');
    }

    std::string& m_out;
    bool m_indented;
    bool m_inStart = false;
    bool m_lastWasText = false;
    bool m_childEnded = false;
    int m_depth = 0;
};

} // namespace

void appendXmlEscaped(std::string& out, std::string_view text, bool inAttribute)
{
    std::size_t clean = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needsEscape(static_cast<unsigned char>(text[i])))
            continue;
        out += text.substr(clean, i - clean);
        appendOne(out, text[i], inAttribute);
        clean = i + 1;
    }
    out += text.substr(clean);
}

void appendXmlElement(std::string& out, std::span<const XmlToken> tape, std::size_t element, XmlLayout layout, std::string_view defaultNamespace)
{
    Writer(out, layout).element(tape, element, defaultNamespace);
}

} // namespace tocsin::ingest
