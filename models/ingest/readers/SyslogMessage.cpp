// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/SyslogMessage.h"

#include "base/Utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace tocsin::ingest {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

void skipBlanks(std::string_view& text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
}

std::string_view takeWord(std::string_view& text)
{
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

std::optional<int> parseId(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// `name[pid]` apart.
void setTag(SyslogMessage& message, std::string_view tag)
{
    if (tag.ends_with(']'))
        if (const std::size_t open = tag.rfind('['); open != std::string_view::npos && open > 0) {
            message.processId = parseId(tag.substr(open + 1, tag.size() - open - 2));
            if (message.processId)
                tag = tag.substr(0, open);
        }
    message.process = tag;
}

bool isTagChar(char c)
{
    return c > ' ' && c != ':' && c != '`' && c != '\'' && c != '"';
}

/// `tag[pid]: text`, `tag[pid] <Level>: text`, `tag: text`, or a tag of letters before the first blank when no colon follows it.
void splitTag(SyslogMessage& message, std::string_view rest)
{
    skipBlanks(rest);
    std::size_t end = 0;
    while (end < rest.size() && isTagChar(rest[end]))
        ++end;
    if (end > 0 && end < rest.size() && rest[end] == ':') {
        setTag(message, rest.substr(0, end));
        rest.remove_prefix(end + 1);
        if (rest.starts_with(' '))
            rest.remove_prefix(1);
    } else if (end > 0 && rest.substr(end).starts_with(" <")) {
        const std::size_t close = rest.find(">:", end);
        const auto severity = close == std::string_view::npos ? std::nullopt : severityOfWord(rest.substr(end + 2, close - end - 2));
        if (severity) {
            setTag(message, rest.substr(0, end));
            message.severity = severity;
            rest.remove_prefix(close + 2);
            skipBlanks(rest);
        }
    } else if (end > 0 && end < rest.size() && rest[end] == ' ' && message.priority) {
        // On the wire the tag ends at the first character that is not alphanumeric (RFC 3164, 4.1.3).
        setTag(message, rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    message.text = rest;
}

/// The rest of RFC 5424 behind `<PRI>1 `.
bool parse5424(SyslogMessage& message, std::string_view rest, const TimestampReader& times)
{
    const std::string_view time = takeWord(rest);
    message.time = times.read(time);
    if (!message.time && time != "-")
        return false;
    std::array<std::string_view, 4> words;
    for (std::string_view& word : words) {
        if (!rest.starts_with(' '))
            return false;
        rest.remove_prefix(1);
        word = takeWord(rest);
        if (word == "-")
            word = {};
    }
    message.host = words[0];
    message.process = words[1];
    message.processId = parseId(words[2]);
    message.messageId = words[3];
    if (rest.starts_with(' '))
        rest.remove_prefix(1);
    if (rest.starts_with('-')) {
        rest.remove_prefix(1);
    } else if (rest.starts_with('[')) {
        std::size_t at = 0;
        bool quoted = false;
        for (; at < rest.size(); ++at) {
            if (rest[at] == '\\' && quoted)
                ++at;
            else if (rest[at] == '"')
                quoted = !quoted;
            else if (rest[at] == ']' && !quoted && (at + 1 == rest.size() || rest[at + 1] != '['))
                break;
        }
        const std::size_t end = std::min(at + 1, rest.size());
        message.structuredData = rest.substr(0, end);
        rest.remove_prefix(end);
    }
    if (rest.starts_with(' '))
        rest.remove_prefix(1);
    if (rest.starts_with("\xEF\xBB\xBF"))
        rest.remove_prefix(3);
    message.text = rest;
    return true;
}

/// A complete time at the start: ISO with `T`, or date and time with a blank between.
std::optional<Ticks> takeIsoTime(std::string_view& rest, const TimestampReader& times)
{
    if (rest.size() < 19 || !isDigit(rest[0]) || rest[4] != '-' || rest[7] != '-' || (rest[10] != 'T' && rest[10] != ' '))
        return {};
    const std::size_t end = std::min(rest.find(' ', 11), rest.size());
    const auto time = times.read(rest.substr(0, end));
    if (time)
        rest.remove_prefix(end);
    return time;
}

} // namespace

std::optional<int> readPriority(std::string_view text, std::size_t& length)
{
    if (!text.starts_with('<'))
        return {};
    std::size_t at = 1;
    int value = 0;
    while (at < text.size() && at < 4 && isDigit(text[at]))
        value = value * 10 + (text[at++] - '0');
    if (at == 1 || at >= text.size() || text[at] != '>' || value > 191)
        return {};
    length = at + 1;
    return value;
}

std::optional<SyslogMessage> parseSyslog(std::string_view line, const TimestampReader& times)
{
    SyslogMessage message;
    std::size_t length = 0;
    if (const auto priority = readPriority(line, length)) {
        message.priority = priority;
        line.remove_prefix(length);
        if (line.starts_with("1 "))
            return parse5424(message, line.substr(2), times) ? std::optional(message) : std::nullopt;
    }
    message.time = takeIsoTime(line, times);
    bool afterStamp = false;
    if (!message.time) {
        message.stamp = readYearlessTime(line);
        if (!message.stamp)
            return {};
        line.remove_prefix(message.stamp->length);
        afterStamp = line.starts_with(':');
        if (afterStamp)
            line.remove_prefix(1);
    }
    skipBlanks(line);
    std::string_view beyond = line;
    const std::string_view first = takeWord(beyond);
    if (const auto severity = severityOfWord(first); severity && std::ranges::none_of(first, [](char c) { return c >= 'a' && c <= 'z'; })) {
        // `time LEVEL tag[pid]: text` without a host
        message.severity = severity;
        splitTag(message, beyond);
        return message;
    }
    // `Mar 11 09:39:39: --- last message repeated …` has no host, nor does a line whose first word is the tag already.
    if (!afterStamp && !first.ends_with(':')) {
        message.host = first;
        line = beyond;
    }
    splitTag(message, line);
    return message;
}

std::string_view facilityName(int facility)
{
    static constexpr std::array<std::string_view, 24> kNames{"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
        "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"};
    return facility >= 0 && facility < 24 ? kNames[static_cast<std::size_t>(facility)] : std::string_view();
}

std::string_view severityName(int severity)
{
    static constexpr std::array<std::string_view, 8> kNames{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};
    return severity >= 0 && severity < 8 ? kNames[static_cast<std::size_t>(severity)] : std::string_view();
}

std::optional<int> severityOfWord(std::string_view word)
{
    static constexpr std::array<std::pair<std::string_view, int>, 15> kWords{{{"emerg", 0}, {"panic", 0}, {"emergency", 0}, {"alert", 1}, {"crit", 2}, {"critical", 2},
        {"err", 3}, {"error", 3}, {"warning", 4}, {"warn", 4}, {"notice", 5}, {"info", 6}, {"information", 6}, {"debug", 7}, {"trace", 7}}};
    for (const auto& [name, severity] : kWords)
        if (equalsIgnoringCase(name, word))
            return severity;
    return {};
}

} // namespace tocsin::ingest
