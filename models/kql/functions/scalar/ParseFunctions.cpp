// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "kql/functions/AnyText.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Encoding.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/XmlToDynamic.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::mapDynamic;

void member(DynamicBuilder& out, std::string_view key, std::string_view value)
{
    out.key(key);
    out.string(value);
}

/// `a=1&b=2` as a bag.
void writeQuery(std::string_view query, DynamicBuilder& out)
{
    out.beginObject();
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty())
            continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        member(out, urlDecode(pair.substr(0, equals), false), urlDecode(equals < pair.size() ? pair.substr(equals + 1) : std::string_view(), false));
    }
    out.endObject();
}

/// Takes the part behind the last (or first) `mark` off the text.
std::string_view takeBehind(std::string_view& text, std::size_t mark)
{
    if (mark == std::string_view::npos)
        return {};
    const std::string_view behind = text.substr(mark + 1);
    text = text.substr(0, mark);
    return behind;
}

bool parseUrl(std::string_view url, DynamicBuilder& out)
{
    std::string_view rest = trimSpaces(url);
    const std::string_view fragment = takeBehind(rest, rest.find('#'));
    const std::string_view query = takeBehind(rest, rest.find('?'));
    std::string_view scheme;
    std::string_view authority;
    if (const std::size_t colon = rest.find("://"); colon != std::string_view::npos) {
        scheme = rest.substr(0, colon);
        rest.remove_prefix(colon + 3);
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        authority = rest.substr(0, slash);
        rest.remove_prefix(slash);
    }
    std::string_view host = authority;
    std::string_view user;
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        user = authority.substr(0, at);
        host = authority.substr(at + 1);
    }
    const std::string_view password = takeBehind(user, user.find(':'));
    const std::size_t colon = host.rfind(':');
    const std::string_view port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos ? takeBehind(host, colon) : std::string_view();
    out.beginObject();
    member(out, "Scheme", scheme);
    member(out, "Host", host);
    member(out, "Port", port);
    member(out, "Path", rest);
    member(out, "Username", user);
    member(out, "Password", password);
    out.key("Query Parameters");
    writeQuery(query, out);
    member(out, "Fragment", fragment);
    out.endObject();
    return true;
}

void parseUrlQuery(std::string_view query, DynamicBuilder& out)
{
    if (query.starts_with('?'))
        query.remove_prefix(1);
    out.beginObject();
    out.key("Query Parameters");
    writeQuery(query, out);
    out.endObject();
}

void parsePath(std::string_view path, DynamicBuilder& out)
{
    std::string_view scheme;
    std::string_view rest = path;
    if (const std::size_t colon = rest.find("://"); colon != std::string_view::npos) {
        scheme = rest.substr(0, colon);
        rest.remove_prefix(colon + 3);
    }
    std::string_view root;
    if (rest.size() >= 2 && rest[1] == ':')
        root = rest.substr(0, 2);
    const std::size_t slash = rest.find_last_of("/\\");
    std::string_view directory = slash == std::string_view::npos ? std::string_view() : rest.substr(0, slash);
    std::string_view file = slash == std::string_view::npos ? rest : rest.substr(slash + 1);
    const std::string_view stream = slash == std::string_view::npos && !root.empty() ? std::string_view() : takeBehind(file, file.find(':'));
    const std::size_t parent = directory.find_last_of("/\\");
    const std::size_t dot = file.rfind('.');
    out.beginObject();
    member(out, "Scheme", scheme);
    member(out, "RootPath", root);
    member(out, "DirectoryPath", directory);
    member(out, "DirectoryName", parent == std::string_view::npos ? directory : directory.substr(parent + 1));
    member(out, "Filename", file);
    member(out, "Extension", dot == std::string_view::npos ? std::string_view() : file.substr(dot + 1));
    member(out, "AlternateDataStreamName", stream);
    out.endObject();
}

/// The first record of CSV (RFC 4180).
void parseCsv(std::string_view text, DynamicBuilder& out)
{
    out.beginArray();
    std::string field;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"')
                field += c;
            else if (i + 1 < text.size() && text[i + 1] == '"')
                field += text[++i];
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            out.string(field);
            field.clear();
        } else if (c == '\n' || c == '\r') {
            break;
        } else {
            field += c;
        }
    }
    out.string(field);
    out.endArray();
}

/// The arguments of a Windows command line by the rules of CommandLineToArgvW: 2n backslashes before a quotation mark are n and a
/// delimiter, 2n+1 are n and a literal mark.
bool parseCommandLine(std::string_view line, std::string_view kind, DynamicBuilder& out)
{
    if (!equalsIgnoringCase(kind, "windows"))
        return false;
    out.beginArray();
    std::size_t i = 0;
    while (true) {
        while (i < line.size() && (line[i] == ' ' || line[i] == '\t'))
            ++i;
        if (i >= line.size())
            break;
        std::string argument;
        bool quoted = false;
        for (; i < line.size() && (quoted || (line[i] != ' ' && line[i] != '\t')); ++i) {
            std::size_t slashes = 0;
            while (i < line.size() && line[i] == '\\') {
                ++slashes;
                ++i;
            }
            const bool beforeQuote = i < line.size() && line[i] == '"';
            argument.append(beforeQuote ? slashes / 2 : slashes, '\\');
            if (i >= line.size())
                break;
            if (!beforeQuote) {
                if (!quoted && (line[i] == ' ' || line[i] == '\t'))
                    break;
                argument += line[i];
            } else if (slashes % 2) {
                argument += '"';
            } else if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
                argument += '"';
                ++i;
            } else {
                quoted = !quoted;
            }
        }
        out.string(argument);
    }
    out.endArray();
    return true;
}

/// Up to four parts of up to eight digits as one number that sorts like the version.
std::optional<tocsin::Decimal> parseVersion(std::string_view text)
{
    std::string digits;
    std::size_t parts = 0;
    text = trimSpaces(text);
    while (true) {
        const std::size_t dot = std::min(text.find('.'), text.size());
        const std::string_view part = text.substr(0, dot);
        if (part.empty() || part.size() > 8 || ++parts > 4 || !std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return std::nullopt;
        digits.append(8 - part.size(), '0');
        digits += part;
        if (dot == text.size())
            break;
        text.remove_prefix(dot + 1);
    }
    digits.append((4 - parts) * 8, '0');
    return tocsin::Decimal::parse(digits);
}

} // namespace

void addParseFunctions(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "parse_url", .category = "parsing", .help = "The parts of a URL as a bag: Scheme, Host, Port, Path, Username, Password, Query Parameters, Fragment.", .example = "print parse_url('https://u:p@example.com:8080/a?x=1').Host // example.com",
        .signatures = {signature({{"url", String}}, Dynamic, mapDynamic<String>(parseUrl))}});
    registry.add(ScalarFunction{.name = "parse_urlquery", .category = "parsing", .help = "The parameters of a URL's query as a bag under `Query Parameters`.", .example = "print parse_urlquery('a=1&b=2')['Query Parameters'].b // 2", .signatures = {signature({{"query", String}}, Dynamic, mapDynamic<String>(parseUrlQuery))}});
    registry.addAlias("parseurl", "parse_url");
    registry.addAlias("parseurlquery", "parse_urlquery");
    registry.add(ScalarFunction{.name = "parse_path", .category = "parsing", .help = "The parts of a file path as a bag: Scheme, RootPath, DirectoryPath, DirectoryName, Filename, Extension, AlternateDataStreamName.", .example = "print parse_path(@'C:\\temp\\file.txt').Filename // file.txt", .signatures = {signature({{"path", String}}, Dynamic, mapDynamic<String>(parsePath))}});
    registry.add(ScalarFunction{.name = "parse_csv", .category = "parsing", .help = "The fields of the first CSV record of a text, as an array.", .example = "print parse_csv('aa,\"b,b\",cc') // [\"aa\",\"b,b\",\"cc\"]", .signatures = {signature({{"text", String}}, Dynamic, mapDynamic<String>(parseCsv))}});
    registry.add(ScalarFunction{.name = "parse_xml", .category = "parsing", .help = "XML as a dynamic value: elements by name, attributes with `@`, repeated elements as arrays; null if it cannot be read.", .example = "print parse_xml('<a x=\"1\"><b>2</b></a>').a.b // 2", .signatures = {signature({{"xml", String}}, Dynamic, mapDynamic<String>(xmlToDynamic))}});
    registry.add(ScalarFunction{.name = "parse_command_line", .category = "parsing", .help = "The arguments of a Windows command line, as an array.", .example = "print parse_command_line('echo \"hello world\"', 'windows') // [\"echo\",\"hello world\"]", .signatures = {signature({{"line", String}, constant("kind", String, {"windows"})}, Dynamic, mapDynamic<String, String>(parseCommandLine))}, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "parse_version", .category = "parsing", .help = "A version of up to four parts as a decimal number that sorts like it.", .example = "print parse_version('1.2') < parse_version('1.10') // true", .signatures = {signature({{"version", String}}, Decimal, kernels::map<Decimal, String>(parseVersion))}});
}

} // namespace tocsin::kql
