// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/ListArgument.h"
#include "kql/functions/support/TextSearch.h"

#include <array>

/// parse_user_agent(): the well-known browsers, systems and devices by the tokens they put into the header; `Other` for the rest.
namespace tocsin::kql {
namespace {

using enum DataType;

struct Token {
    std::string_view token;  ///< stands before the version, ignoring case
    std::string_view family;
};

/// More specific names first: most browsers also claim to be Chrome, Safari and Mozilla.
constexpr std::array kBrowsers{
    Token{"Edg/", "Edge"}, Token{"EdgA/", "Edge Mobile"}, Token{"EdgiOS/", "Edge Mobile"}, Token{"Edge/", "Edge"}, Token{"OPR/", "Opera"}, Token{"Opera/", "Opera"},
    Token{"SamsungBrowser/", "Samsung Internet"}, Token{"Vivaldi/", "Vivaldi"}, Token{"YaBrowser/", "Yandex Browser"}, Token{"FxiOS/", "Firefox iOS"}, Token{"Firefox/", "Firefox"},
    Token{"CriOS/", "Chrome Mobile iOS"}, Token{"HeadlessChrome/", "HeadlessChrome"}, Token{"AdobeAIR/", "AdobeAIR"}, Token{"Chromium/", "Chromium"}, Token{"Chrome/", "Chrome"}, Token{"MSIE ", "IE"},
    Token{"curl/", "curl"}, Token{"Wget/", "Wget"}, Token{"python-requests/", "Python Requests"}, Token{"Python-urllib/", "Python-urllib"}, Token{"Go-http-client/", "Go-http-client"},
    Token{"PostmanRuntime/", "PostmanRuntime"}, Token{"okhttp/", "okhttp"}, Token{"Apache-HttpClient/", "Apache-HttpClient"}, Token{"WindowsPowerShell/", "Windows PowerShell"}, Token{"PowerShell/", "PowerShell"},
    Token{"Googlebot/", "Googlebot"}, Token{"bingbot/", "bingbot"}};

struct WindowsName {
    std::string_view kernel;
    std::string_view name;
};
constexpr std::array kWindows{WindowsName{"10.0", "10"}, WindowsName{"6.3", "8.1"}, WindowsName{"6.2", "8"}, WindowsName{"6.1", "7"}, WindowsName{"6.0", "Vista"}, WindowsName{"5.2", "XP"}, WindowsName{"5.1", "XP"}};

std::size_t findIn(std::string_view text, std::string_view token) { return TextFinder(token, false).find(text); }

/// Up to four numbers separated by dots or underscores.
std::vector<std::string_view> versionAt(std::string_view text, std::size_t at)
{
    std::vector<std::string_view> parts;
    while (at < text.size() && parts.size() < 4) {
        std::size_t end = at;
        while (end < text.size() && text[end] >= '0' && text[end] <= '9')
            ++end;
        if (end == at)
            break;
        parts.push_back(text.substr(at, end - at));
        if (end >= text.size() || (text[end] != '.' && text[end] != '_'))
            break;
        at = end + 1;
    }
    return parts;
}

struct Found {
    std::string family = "Other";
    std::vector<std::string_view> version;
};

Found browserOf(std::string_view agent)
{
    for (const Token& token : kBrowsers)
        if (const std::size_t at = findIn(agent, token.token); at != std::string_view::npos)
            return {std::string(token.family), versionAt(agent, at + token.token.size())};
    if (findIn(agent, "Trident/") != std::string_view::npos) {
        const std::size_t at = findIn(agent, "rv:");
        return {"IE", at == std::string_view::npos ? std::vector<std::string_view>() : versionAt(agent, at + 3)};
    }
    if (const std::size_t at = findIn(agent, "Series60/"); at != std::string_view::npos && findIn(agent, "Symbian") != std::string_view::npos)
        return {"Nokia OSS Browser", versionAt(agent, at + 9)};
    if (findIn(agent, "Safari/") != std::string_view::npos) {
        const std::size_t at = findIn(agent, "Version/");
        return {findIn(agent, "Mobile/") != std::string_view::npos ? "Mobile Safari" : "Safari", at == std::string_view::npos ? std::vector<std::string_view>() : versionAt(agent, at + 8)};
    }
    return {};
}

Found systemOf(std::string_view agent)
{
    if (const std::size_t at = findIn(agent, "Windows NT "); at != std::string_view::npos) {
        for (const WindowsName& windows : kWindows)
            if (agent.substr(at + 11).starts_with(windows.kernel))
                return {"Windows", {windows.name}};
        return {"Windows", {}};
    }
    for (const Token& token : {Token{"Android ", "Android"}, Token{"CPU iPhone OS ", "iOS"}, Token{"CPU OS ", "iOS"}, Token{"Mac OS X ", "Mac OS X"}, Token{"CrOS ", "Chrome OS"}, Token{"SymbianOS/", "Symbian OS"}})
        if (const std::size_t at = findIn(agent, token.token); at != std::string_view::npos)
            return {std::string(token.family), versionAt(agent, at + token.token.size())};
    for (const Token& token : {Token{"Ubuntu", "Ubuntu"}, Token{"Fedora", "Fedora"}, Token{"Linux", "Linux"}, Token{"Windows", "Windows"}})
        if (findIn(agent, token.token) != std::string_view::npos)
            return {std::string(token.family), {}};
    return {};
}

void writeVersion(DynamicBuilder& out, const Found& found, std::size_t parts)
{
    constexpr std::array<std::string_view, 4> kKeys{"MajorVersion", "MinorVersion", "Patch", "PatchMinor"};
    out.beginObject();
    out.key("Family");
    out.string(found.family);
    for (std::size_t i = 0; i < parts; ++i) {
        out.key(kKeys[i]);
        out.string(i < found.version.size() ? found.version[i] : std::string_view());
    }
    out.endObject();
}

void writeDevice(DynamicBuilder& out, std::string_view agent)
{
    std::string family = "Other";
    std::string brand;
    for (const Token& token : {Token{"iPhone", "Apple"}, Token{"iPad", "Apple"}, Token{"Macintosh", "Apple"}}) {
        if (family == "Other" && findIn(agent, token.token) != std::string_view::npos) {
            family = token.token == "Macintosh" ? "Mac" : token.token;
            brand = token.family;
        }
    }
    std::string model = family == "Other" ? std::string() : family;
    if (const std::size_t at = findIn(agent, "Nokia"); at != std::string_view::npos) {
        const std::string_view name = agent.substr(at + 5, agent.find_first_of(" /;)", at + 5) - (at + 5));
        model = name;
        family = "Nokia " + std::string(name.substr(0, name.find('-')));
        brand = "Nokia";
    }
    if (const std::size_t at = findIn(agent, "Android "); at != std::string_view::npos) {
        const std::size_t start = agent.find(';', at);
        const std::size_t end = start == std::string_view::npos ? start : std::min(agent.find_first_of(";)", start + 1), agent.size());
        if (end != std::string_view::npos) {
            std::string_view name = trimSpaces(agent.substr(start + 1, end - start - 1));
            name = trimSpaces(name.substr(0, name.find(" Build/")));
            family = model = name;
            brand = name.starts_with("SM-") ? "Samsung" : name.starts_with("Pixel") ? "Google" : "Generic_Android";
        }
    }
    out.beginObject();
    out.key("Family");
    out.string(family);
    out.key("Brand");
    out.string(brand);
    out.key("Model");
    out.string(model);
    out.endObject();
}

bool parse(std::string_view agent, bool browser, bool system, bool device, DynamicBuilder& out)
{
    if (agent.empty())
        return false;
    out.beginObject();
    if (browser) {
        out.key("Browser");
        writeVersion(out, browserOf(agent), 3);
    }
    if (system) {
        out.key("OperatingSystem");
        writeVersion(out, systemOf(agent), 4);
    }
    if (device) {
        out.key("Device");
        writeDevice(out, agent);
    }
    out.endObject();
    return true;
}

Result<Vector> parseUserAgent(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> agents(arguments[0]);
    kernels::ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        bool browser = false;
        bool system = false;
        bool device = false;
        forEachListText(arguments, row, [&](std::string_view wanted) {
            browser = browser || equalsIgnoringCase(wanted, "browser");
            system = system || equalsIgnoringCase(wanted, "os");
            device = device || equalsIgnoringCase(wanted, "device");
        });
        if (parse(agents[row], browser, system, device, builder))
            writer.put(row, builder.take());
        else
            writer.putNull(row);
    }
    return writer.finish();
}

} // namespace

void addUserAgentFunctions(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "parse_user_agent", .category = "parsing", .help = "Browser, operating system and device of a user agent header; the second argument says which: 'browser', 'os', 'device' or an array of them.", .example = "print parse_user_agent('curl/7.88.1', 'browser').Browser.Family // curl",
        .signatures = {signature({{"agent", String}, {"parts", Dynamic}}, Dynamic, parseUserAgent), signature({{"agent", String}, {"part", String}}, Dynamic, parseUserAgent)}});
}

} // namespace tocsin::kql
