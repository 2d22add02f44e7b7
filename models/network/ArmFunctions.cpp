// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "network/AddressSet.h"
#include "network/ArmExpression.h"
#include "network/Errors.h"
#include "network/Vocabulary.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::network {
namespace {

using Arguments = std::span<const JsonTree>;
using Function = Result<JsonTree> (*)(Arguments, ArmScope&);

const JsonTree& at(Arguments arguments, std::size_t i)
{
    static const JsonTree kNothing;
    return i < arguments.size() ? arguments[i] : kNothing;
}

std::int64_t number(Arguments arguments, std::size_t i) { return at(arguments, i).integer().value_or(0); }

std::unexpected<Error> wrong(std::string_view function, std::string_view what) { return fail(kTemplateExpression, std::string(function) + "(…)", what); }

std::string display(const JsonTree& value) { return value.isString() ? value.text() : value.dump(); }

Result<JsonTree> concat(Arguments arguments, ArmScope&)
{
    if (!arguments.empty() && arguments[0].isArray()) {
        JsonTree::Array all;
        for (const JsonTree& argument : arguments)
            all.insert(all.end(), argument.items().begin(), argument.items().end());
        return JsonTree(std::move(all));
    }
    std::string text;
    for (const JsonTree& argument : arguments)
        text += display(argument);
    return JsonTree(std::move(text));
}

/// .NET composite format strings, as far as templates use them: {0}, {0:D3}, {{ and }}.
Result<JsonTree> format(Arguments arguments, ArmScope&)
{
    const std::string pattern = at(arguments, 0).text();
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if ((c == '{' || c == '}') && i + 1 < pattern.size() && pattern[i + 1] == c) {
            out += c;
            ++i;
            continue;
        }
        if (c != '{') {
            out += c;
            continue;
        }
        const auto end = pattern.find('}', i);
        if (end == std::string::npos)
            return wrong("format", "'}' is missing");
        const std::string_view inside = std::string_view(pattern).substr(i + 1, end - i - 1);
        const auto colon = inside.find(':');
        const auto index = JsonTree(std::string(inside.substr(0, colon))).integer();
        if (!index || *index < 0 || *index > 100)
            return wrong("format", "a place holder is not a number");
        std::string text = display(at(arguments, static_cast<std::size_t>(*index) + 1));
        if (colon != std::string_view::npos && inside.size() > colon + 2 && (inside[colon + 1] == 'D' || inside[colon + 1] == 'd')) {
            const auto width = std::clamp<std::int64_t>(JsonTree(std::string(inside.substr(colon + 2))).integer().value_or(0), 0, 100);
            if (text.size() < static_cast<std::size_t>(width))
                text.insert(0, static_cast<std::size_t>(width) - text.size(), '0');
        }
        out += text;
        i = end;
    }
    return JsonTree(std::move(out));
}

/// Type and names woven together: a/b/c with x and y is a/b/x/c/y.
std::string provided(std::string_view type, const std::vector<std::string>& names)
{
    std::string path = "/providers/";
    const auto first = type.find('/');
    path += type.substr(0, first);
    std::size_t name = 0;
    for (auto start = first; start != std::string_view::npos;) {
        const auto end = type.find('/', start + 1);
        path += "/" + std::string(type.substr(start + 1, end == std::string_view::npos ? end : end - start - 1));
        if (name < names.size())
            path += "/" + names[name++];
        start = end;
    }
    return path;
}

Result<JsonTree> idFrom(Arguments arguments, std::string scope, std::string_view function)
{
    std::size_t type = 0;
    while (type < arguments.size() && arguments[type].view().find('/') == std::string_view::npos)
        ++type;
    if (type >= arguments.size())
        return wrong(function, "a resource type expected");
    std::vector<std::string> names;
    for (std::size_t i = type + 1; i < arguments.size(); ++i)
        for (std::string text = display(arguments[i]); !text.empty();) {
            const auto slash = isOpaque(arguments[i]) ? std::string::npos : text.find('/');
            names.push_back(text.substr(0, slash));
            text = slash == std::string::npos ? std::string() : text.substr(slash + 1);
        }
    return JsonTree(std::move(scope) + provided(arguments[type].view(), names));
}

Result<JsonTree> resourceId(Arguments arguments, ArmScope& scope)
{
    std::string subscription = scope.place().subscription;
    std::string group = scope.place().resourceGroup;
    if (arguments.size() > 1 && arguments[0].view().find('/') == std::string_view::npos) {
        const bool both = arguments[1].view().find('/') == std::string_view::npos;
        if (both)
            subscription = arguments[0].text();
        group = arguments[both ? 1 : 0].text();
    }
    return idFrom(arguments, "/subscriptions/" + subscription + "/resourceGroups/" + group, "resourceId");
}

Result<JsonTree> subscriptionResourceId(Arguments arguments, ArmScope& scope)
{
    const bool given = arguments.size() > 1 && arguments[0].view().find('/') == std::string_view::npos;
    return idFrom(arguments, "/subscriptions/" + (given ? arguments[0].text() : scope.place().subscription), "subscriptionResourceId");
}

Result<JsonTree> tenantResourceId(Arguments arguments, ArmScope&) { return idFrom(arguments, {}, "tenantResourceId"); }

Result<JsonTree> extensionResourceId(Arguments arguments, ArmScope&)
{
    if (arguments.empty())
        return wrong("extensionResourceId", "a resource id expected");
    return idFrom(arguments.subspan(1), arguments[0].text(), "extensionResourceId");
}

Result<JsonTree> resourceGroup(Arguments, ArmScope& scope)
{
    const DeploymentPlace& place = scope.place();
    return JsonTree(JsonTree::Object{{"id", "/subscriptions/" + place.subscription + "/resourceGroups/" + place.resourceGroup},
                                     {"name", place.resourceGroup},
                                     {"location", place.location},
                                     {"tags", JsonTree(JsonTree::Object{})}});
}

Result<JsonTree> subscription(Arguments, ArmScope& scope)
{
    const std::string& id = scope.place().subscription;
    return JsonTree(JsonTree::Object{{"id", "/subscriptions/" + id}, {"subscriptionId", id}, {"tenantId", id}, {"displayName", id}});
}

Result<JsonTree> environment(Arguments, ArmScope&)
{
    return JsonTree(JsonTree::Object{{"name", "AzureCloud"},
                                     {"resourceManager", "https://management.azure.com/"},
                                     {"suffixes", JsonTree(JsonTree::Object{{"storage", "core.windows.net"},
                                                                           {"keyvaultDns", ".vault.azure.net"},
                                                                           {"sqlServerHostname", ".database.windows.net"}})}});
}

Result<JsonTree> copyIndex(Arguments arguments, ArmScope& scope)
{
    const bool named = !arguments.empty() && arguments[0].isString();
    TOCSIN_TRY_ASSIGN(const JsonTree index, scope.copyIndex(named ? arguments[0].view() : std::string_view()));
    return JsonTree(index.integer().value_or(0) + number(arguments, named ? 1 : 0));
}

Result<JsonTree> choose(Arguments arguments, ArmScope&) { return at(arguments, at(arguments, 0).boolean(false) ? 1 : 2); }

Result<JsonTree> range(Arguments arguments, ArmScope&)
{
    const auto count = number(arguments, 1);
    if (count < 0 || count > 10000)
        return wrong("range", "the count is outside 0 to 10000");
    JsonTree::Array items;
    for (std::int64_t i = 0; i < count; ++i)
        items.emplace_back(number(arguments, 0) + i);
    return JsonTree(std::move(items));
}

Result<JsonTree> createArray(Arguments arguments, ArmScope&) { return JsonTree(JsonTree::Array(arguments.begin(), arguments.end())); }

Result<JsonTree> createObject(Arguments arguments, ArmScope&)
{
    JsonTree object{JsonTree::Object{}};
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2)
        object.set(arguments[i].text(), arguments[i + 1]);
    return object;
}

Result<JsonTree> padLeft(Arguments arguments, ArmScope&)
{
    std::string text = display(at(arguments, 0));
    const auto width = std::clamp<std::int64_t>(number(arguments, 1), 0, 1000);
    const std::string filler = at(arguments, 2).isNull() ? " " : display(at(arguments, 2));
    if (text.size() < static_cast<std::size_t>(width))
        text.insert(0, static_cast<std::size_t>(width) - text.size(), filler.empty() ? ' ' : filler[0]);
    return JsonTree(std::move(text));
}

Result<JsonTree> length(Arguments arguments, ArmScope&)
{
    const JsonTree& value = at(arguments, 0);
    const std::size_t size = value.isString() ? countCodePoints(value.view()) : value.isArray() ? value.items().size() : value.members().size();
    return JsonTree(static_cast<std::int64_t>(size));
}

Result<JsonTree> isEmpty(Arguments arguments, ArmScope& scope)
{
    TOCSIN_TRY_ASSIGN(const JsonTree size, length(arguments, scope));
    return JsonTree(size.integer() == 0);
}

Result<JsonTree> parseJson(Arguments arguments, ArmScope&) { return parseJsonTree(at(arguments, 0).text(), "json()"); }

Result<JsonTree> text(Arguments arguments, ArmScope&) { return JsonTree(display(at(arguments, 0))); }

Result<JsonTree> toInt(Arguments arguments, ArmScope&)
{
    const auto value = at(arguments, 0).integer();
    return value ? Result<JsonTree>(JsonTree(*value)) : wrong("int", "not a whole number");
}

Result<JsonTree> lower(Arguments arguments, ArmScope&) { return JsonTree(lowered(at(arguments, 0).view())); }
Result<JsonTree> upper(Arguments arguments, ArmScope&) { return JsonTree(toUpper(at(arguments, 0).view())); }

Result<JsonTree> replace(Arguments arguments, ArmScope&)
{
    std::string out = at(arguments, 0).text();
    const std::string old = at(arguments, 1).text();
    const std::string fresh = at(arguments, 2).text();
    for (std::size_t i = 0; !old.empty() && (i = out.find(old, i)) != std::string::npos && out.size() < 1'000'000; i += fresh.size())
        out.replace(i, old.size(), fresh);
    return JsonTree(std::move(out));
}

Result<JsonTree> split(Arguments arguments, ArmScope&)
{
    const std::string source = at(arguments, 0).text();
    const std::string mark = at(arguments, 1).isArray() && !at(arguments, 1).items().empty() ? at(arguments, 1).items()[0].text() : at(arguments, 1).text();
    if (mark.empty())
        return wrong("split", "a delimiter expected");
    JsonTree::Array parts;
    std::size_t start = 0;
    for (std::size_t end; (end = source.find(mark, start)) != std::string::npos; start = end + mark.size())
        parts.emplace_back(source.substr(start, end - start));
    parts.emplace_back(source.substr(start));
    return JsonTree(std::move(parts));
}

Result<JsonTree> join(Arguments arguments, ArmScope&)
{
    std::string out;
    for (const JsonTree& item : at(arguments, 0).items())
        out += (&item == &at(arguments, 0).items().front() ? "" : at(arguments, 1).text()) + display(item);
    return JsonTree(std::move(out));
}

/// Part of a text or of an array; skip and take count code units.
JsonTree slice(const JsonTree& value, std::int64_t from, std::int64_t count)
{
    const auto size = static_cast<std::int64_t>(value.isArray() ? value.items().size() : value.view().size());
    from = std::clamp<std::int64_t>(from, 0, size);
    count = std::clamp<std::int64_t>(count, 0, size - from);
    if (value.isArray())
        return JsonTree(JsonTree::Array(value.items().begin() + from, value.items().begin() + from + count));
    return JsonTree(std::string(value.view().substr(static_cast<std::size_t>(from), static_cast<std::size_t>(count))));
}

Result<JsonTree> substring(Arguments arguments, ArmScope&)
{
    return slice(at(arguments, 0), number(arguments, 1), arguments.size() > 2 ? number(arguments, 2) : INT64_MAX);
}
Result<JsonTree> skip(Arguments arguments, ArmScope&) { return slice(at(arguments, 0), number(arguments, 1), INT64_MAX); }
Result<JsonTree> take(Arguments arguments, ArmScope&) { return slice(at(arguments, 0), 0, number(arguments, 1)); }

Result<JsonTree> first(Arguments arguments, ArmScope&)
{
    const JsonTree& value = at(arguments, 0);
    return value.isArray() ? (value.items().empty() ? JsonTree() : value.items().front()) : slice(value, 0, 1);
}

Result<JsonTree> last(Arguments arguments, ArmScope&)
{
    const JsonTree& value = at(arguments, 0);
    return value.isArray() ? (value.items().empty() ? JsonTree() : value.items().back()) : slice(value, static_cast<std::int64_t>(value.view().size()) - 1, 1);
}

Result<JsonTree> contains(Arguments arguments, ArmScope&)
{
    const JsonTree& where = at(arguments, 0);
    const JsonTree& what = at(arguments, 1);
    if (where.isString())
        return JsonTree(where.view().find(what.text()) != std::string_view::npos);
    if (where.isObject())
        return JsonTree(std::any_of(where.members().begin(), where.members().end(), [&what](const JsonMember& member) { return equalsIgnoringCase(member.name, what.view()); }));
    return JsonTree(std::find(where.items().begin(), where.items().end(), what) != where.items().end());
}

Result<JsonTree> unite(Arguments arguments, ArmScope&)
{
    JsonTree result = at(arguments, 0);
    for (const JsonTree& argument : arguments.subspan(std::min<std::size_t>(1, arguments.size()))) {
        for (const JsonMember& member : argument.members())
            result.set(member.name, member.value);
        for (const JsonTree& item : argument.items())
            if (std::find(result.items().begin(), result.items().end(), item) == result.items().end())
                result.mutableItems().push_back(item);
    }
    return result;
}

Result<JsonTree> equals(Arguments arguments, ArmScope&) { return JsonTree(at(arguments, 0) == at(arguments, 1)); }
Result<JsonTree> negate(Arguments arguments, ArmScope&) { return JsonTree(!at(arguments, 0).boolean(false)); }
Result<JsonTree> all(Arguments arguments, ArmScope&)
{
    return JsonTree(std::all_of(arguments.begin(), arguments.end(), [](const JsonTree& one) { return one.boolean(false); }));
}
Result<JsonTree> any(Arguments arguments, ArmScope&)
{
    return JsonTree(std::any_of(arguments.begin(), arguments.end(), [](const JsonTree& one) { return one.boolean(false); }));
}
Result<JsonTree> toBool(Arguments arguments, ArmScope&) { return JsonTree(at(arguments, 0).boolean(number(arguments, 0) != 0)); }

/// Two's complement without the undefined overflow of signed numbers.
std::int64_t wrap(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t bits(Arguments arguments, std::size_t i) { return static_cast<std::uint64_t>(number(arguments, i)); }

Result<JsonTree> add(Arguments arguments, ArmScope&) { return JsonTree(wrap(bits(arguments, 0) + bits(arguments, 1))); }
Result<JsonTree> sub(Arguments arguments, ArmScope&) { return JsonTree(wrap(bits(arguments, 0) - bits(arguments, 1))); }
Result<JsonTree> mul(Arguments arguments, ArmScope&) { return JsonTree(wrap(bits(arguments, 0) * bits(arguments, 1))); }
Result<JsonTree> div(Arguments arguments, ArmScope&)
{
    const auto by = number(arguments, 1);
    if (by == 0 || by == -1)
        return by == 0 ? Result<JsonTree>(wrong("div", "division by zero")) : JsonTree(wrap(0 - bits(arguments, 0)));
    return JsonTree(number(arguments, 0) / by);
}
Result<JsonTree> mod(Arguments arguments, ArmScope&)
{
    const auto by = number(arguments, 1);
    if (by == 0 || by == -1)
        return by == 0 ? Result<JsonTree>(wrong("mod", "division by zero")) : JsonTree(std::int64_t{0});
    return JsonTree(number(arguments, 0) % by);
}

int compare(Arguments arguments)
{
    if (at(arguments, 0).isString())
        return at(arguments, 0).view().compare(at(arguments, 1).view());
    return number(arguments, 0) < number(arguments, 1) ? -1 : number(arguments, 0) > number(arguments, 1) ? 1 : 0;
}
Result<JsonTree> greater(Arguments arguments, ArmScope&) { return JsonTree(compare(arguments) > 0); }
Result<JsonTree> less(Arguments arguments, ArmScope&) { return JsonTree(compare(arguments) < 0); }
Result<JsonTree> greaterOrEquals(Arguments arguments, ArmScope&) { return JsonTree(compare(arguments) >= 0); }
Result<JsonTree> lessOrEquals(Arguments arguments, ArmScope&) { return JsonTree(compare(arguments) <= 0); }

Result<JsonTree> smallest(Arguments arguments, ArmScope&) { return JsonTree(std::min(number(arguments, 0), number(arguments, 1))); }
Result<JsonTree> largest(Arguments arguments, ArmScope&) { return JsonTree(std::max(number(arguments, 0), number(arguments, 1))); }

Result<JsonTree> uri(Arguments arguments, ArmScope&)
{
    std::string base = at(arguments, 0).text();
    if (!base.ends_with('/'))
        base.erase(base.rfind('/') == std::string::npos ? base.size() : base.rfind('/') + 1);
    return JsonTree(base + at(arguments, 1).text());
}

Result<JsonTree> coalesce(Arguments arguments, ArmScope&)
{
    const auto found = std::find_if(arguments.begin(), arguments.end(), [](const JsonTree& one) { return !one.isNull(); });
    return found == arguments.end() ? JsonTree() : *found;
}

Result<JsonTree> startsWith(Arguments arguments, ArmScope&) { return JsonTree(lowered(at(arguments, 0).view()).starts_with(lowered(at(arguments, 1).view()))); }
Result<JsonTree> endsWith(Arguments arguments, ArmScope&) { return JsonTree(lowered(at(arguments, 0).view()).ends_with(lowered(at(arguments, 1).view()))); }
Result<JsonTree> trim(Arguments arguments, ArmScope&) { return JsonTree(std::string(trimSpaces(at(arguments, 0).view()))); }
Result<JsonTree> yes(Arguments, ArmScope&) { return JsonTree(true); }
Result<JsonTree> no(Arguments, ArmScope&) { return JsonTree(false); }
Result<JsonTree> nothing(Arguments, ArmScope&) { return JsonTree(); }
Result<JsonTree> array(Arguments arguments, ArmScope&) { return at(arguments, 0).isArray() ? at(arguments, 0) : JsonTree(JsonTree::Array{at(arguments, 0)}); }
Result<JsonTree> parameters(Arguments arguments, ArmScope& scope) { return scope.parameter(at(arguments, 0).view()); }
Result<JsonTree> variables(Arguments arguments, ArmScope& scope) { return scope.variable(at(arguments, 0).view()); }

/// cidrSubnet('10.0.0.0/16', 24, 3) is 10.0.3.0/24.
Result<JsonTree> cidrSubnet(Arguments arguments, ArmScope&)
{
    const auto prefix = parsePrefix(at(arguments, 0).view());
    const auto length = number(arguments, 1);
    const auto index = number(arguments, 2);
    if (!prefix || !prefix->address.isV4() || length < prefix->length || length > 32 || index < 0 || index >= (std::int64_t{1} << (length - prefix->length)))
        return wrong("cidrSubnet", "not a part of the prefix");
    const auto offset = length == 0 ? 0U : static_cast<std::uint32_t>(static_cast<std::uint64_t>(index) << (32 - length));
    return JsonTree(formatPrefix({IpAddress::fromV4(prefix->normalized().address.v4() + offset), static_cast<int>(length)}));
}

constexpr auto kFunctions = std::to_array<std::pair<std::string_view, Function>>({
    {"add", add}, {"and", all}, {"array", array}, {"bool", toBool}, {"cidrsubnet", cidrSubnet}, {"coalesce", coalesce}, {"concat", concat},
    {"contains", contains}, {"copyindex", copyIndex}, {"createarray", createArray}, {"createobject", createObject}, {"div", div},
    {"empty", isEmpty}, {"endswith", endsWith}, {"environment", environment}, {"equals", equals}, {"extensionresourceid", extensionResourceId},
    {"false", no}, {"first", first}, {"format", format}, {"greater", greater}, {"greaterorequals", greaterOrEquals}, {"if", choose},
    {"int", toInt}, {"join", join}, {"json", parseJson}, {"last", last}, {"length", length}, {"less", less}, {"lessorequals", lessOrEquals},
    {"max", largest}, {"min", smallest}, {"mod", mod}, {"mul", mul}, {"not", negate}, {"null", nothing}, {"or", any}, {"padleft", padLeft},
    {"parameters", parameters}, {"range", range}, {"replace", replace}, {"resourcegroup", resourceGroup}, {"resourceid", resourceId},
    {"skip", skip}, {"split", split}, {"startswith", startsWith}, {"string", text}, {"sub", sub}, {"subscription", subscription},
    {"subscriptionresourceid", subscriptionResourceId}, {"substring", substring}, {"take", take}, {"tenantresourceid", tenantResourceId},
    {"tolower", lower}, {"toupper", upper}, {"trim", trim}, {"true", yes}, {"union", unite}, {"uri", uri}, {"variables", variables}});

} // namespace

Result<JsonTree> callArmFunction(std::string_view name, std::span<const JsonTree> arguments, ArmScope& scope)
{
    for (const auto& [known, function] : kFunctions)
        if (equalsIgnoringCase(known, name))
            return function(arguments, scope);
    return opaqueValue(name, arguments);
}

} // namespace tocsin::network
