// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/EventDataXml.h"

#include "base/Utf8.h"

#include <charconv>

namespace tocsin::detect::sigma {
namespace {

constexpr std::string_view kSectionStart = "<![CDATA[", kSectionEnd = "]]>";

/// The character a reference stands for (without `&` and `;`); false if it is none.
bool appendReference(std::string& out, std::string_view name)
{
    if (name == "lt")
        out += '<';
    else if (name == "gt")
        out += '>';
    else if (name == "amp")
        out += '&';
    else if (name == "quot")
        out += '"';
    else if (name == "apos")
        out += '\'';
    else if (name.size() > 1 && name[0] == '#') {
        const bool hex = name[1] == 'x' || name[1] == 'X';
        const std::string_view digits = name.substr(hex ? 2 : 1);
        std::uint32_t code = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
        if (error != std::errc() || end != digits.data() + digits.size() || code > 0x10FFFF)
            return false;
        appendUtf8(out, static_cast<char32_t>(code));
    } else {
        return false;
    }
    return true;
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (text.substr(i).starts_with(kSectionStart)) {
            const std::size_t end = std::min(text.find(kSectionEnd, i), text.size());
            out += text.substr(i + kSectionStart.size(), end - std::min(end, i + kSectionStart.size()));
            i = std::min(end + kSectionEnd.size(), text.size());
            continue;
        }
        const std::size_t semicolon = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
        if (semicolon != std::string_view::npos && semicolon - i < 12 && appendReference(out, text.substr(i + 1, semicolon - i - 1)))
            i = semicolon + 1;
        else
            out += text[i++];
    }
    return out;
}

std::string_view plain(std::string_view text, std::deque<std::string>& texts)
{
    if (text.find('&') == std::string_view::npos && text.find(kSectionStart) == std::string_view::npos)
        return text;
    return texts.emplace_back(unescaped(text));
}

/// The value of the attribute `Name`, or else the element's name without its prefix.
std::string_view nameOf(std::string_view tag, std::deque<std::string>& texts)
{
    for (std::size_t at = tag.find("Name="); at != std::string_view::npos; at = tag.find("Name=", at + 1)) {
        if (at == 0 || (tag[at - 1] != ' ' && tag[at - 1] != '\t' && tag[at - 1] != '\n') || at + 5 >= tag.size())
            continue;
        const char quote = tag[at + 5];
        const std::size_t end = tag.find(quote, at + 6);
        if ((quote == '"' || quote == '\'') && end != std::string_view::npos)
            return plain(tag.substr(at + 6, end - at - 6), texts);
    }
    std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
    if (const std::size_t colon = name.find(':'); colon != std::string_view::npos)
        name.remove_prefix(colon + 1);
    return name;
}

/// Behind the `>` of the tag that begins at `at`; a `>` within quotation marks does not count.
std::size_t tagEnd(std::string_view xml, std::size_t at)
{
    char quote = 0;
    for (std::size_t i = at; i < xml.size(); ++i) {
        const char c = xml[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return xml.size();
}

} // namespace

void readEventData(std::string_view xml, std::vector<EventField>& fields, std::deque<std::string>& texts)
{
    std::string_view open; // the tag that may turn out to be a leaf
    std::size_t content = 0;
    for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at)) {
        if (xml.substr(at).starts_with(kSectionStart)) {
            at = std::min(xml.find(kSectionEnd, at), xml.size());
            continue;
        }
        const std::size_t end = tagEnd(xml, at);
        const std::string_view tag = xml.substr(at + 1, end - at - 2 < xml.size() ? end - at - 2 : 0);
        if (tag.starts_with('/')) {
            if (!open.empty())
                fields.push_back({nameOf(open, texts), plain(xml.substr(content, at - content), texts)});
            open = {};
        } else if (tag.ends_with('/')) {
            const std::string_view name = nameOf(tag, texts);
            if (name != "EventData" && name != "UserData" && name != "DataItem")
                fields.push_back({name, {}});
            open = {};
        } else if (!tag.starts_with('?') && !tag.starts_with('!')) {
            open = tag;
            content = end;
        }
        at = end;
    }
}

} // namespace tocsin::detect::sigma
