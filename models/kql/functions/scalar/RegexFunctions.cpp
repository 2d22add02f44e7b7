// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/AnyText.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/Regex.h"
#include "kql/functions/support/StopTicks.h"
#include "kql/functions/support/TextPositions.h"

#include <array>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;
using Piece = re2::StringPiece;

constexpr int kMaxGroups = 16; ///< capture groups that are read, the whole match among them

/// Calls `visit(groups)` for each match that does not overlap the one before; groups that took no part are null pieces. Leaves off if the
/// query is to stop.
template <typename Visit>
void forEachMatch(const re2::RE2& regex, std::string_view text, int groupCount, StopTicks& stopped, Visit&& visit)
{
    std::array<Piece, kMaxGroups> groups;
    std::size_t at = 0;
    while (at <= text.size() && !stopped() && regex.Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(), groupCount)) {
        visit(std::span<const Piece>(groups.data(), static_cast<std::size_t>(groupCount)));
        const auto end = static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data());
        at = groups[0].empty() ? end + (end < text.size() ? decodeUtf8(text, end).length : 1) : end;
    }
}

int groupsOf(const re2::RE2& regex) { return std::min(regex.NumberOfCapturingGroups() + 1, kMaxGroups); }

/// extract(regex, group, text[, type])
Result<Vector> extract(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    auto& cache = kernels::stateOf<RegexCache>(context);
    const VectorReader<std::string_view> patterns(arguments[0]);
    const VectorReader<std::int64_t> wanted(arguments[1]);
    const VectorReader<std::string_view> texts(arguments[2]);
    ResultWriter<String> writer(rows);
    writer.keep(kernels::ownerOf(arguments[2]));
    auto missing = std::make_shared<NullMask>(rows);
    std::array<Piece, kMaxGroups> groups;
    for (std::size_t row = 0; row < rows; ++row) {
        TOCSIN_TRY_ASSIGN(const re2::RE2* regex, cache.get(patterns[row]));
        const std::int64_t group = wanted.isNull(row) ? -1 : wanted[row];
        const bool inRange = group >= 0 && group < groupsOf(*regex);
        if (inRange && regex->Match(piece(texts[row]), 0, texts[row].size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(group) + 1))
            writer.putView(row, view(groups[static_cast<std::size_t>(group)]));
        else {
            writer.putNull(row);
            missing->setNull(row);
        }
    }
    const Vector extracted = writer.finish();
    if (context.returnType == String)
        return extracted;
    TOCSIN_TRY_ASSIGN(const Vector typed, convertVector(extracted, context.returnType));
    if (context.returnType == Dynamic && missing->anyNull())
        return typed.withNulls(missing);
    return typed;
}

DataType extractType(std::span<const DataType>, std::span<const Value* const> constants)
{
    if (constants.size() < 4 || !constants[3] || constants[3]->isNull() || constants[3]->type() != String)
        return String;
    return parseTypeName(constants[3]->asText()).value_or(String);
}

/// The numbers of the groups that extract_all() is to give: those asked for by number or name, or all.
std::vector<int> wantedGroups(const re2::RE2& regex, DynamicView asked)
{
    std::vector<int> groups;
    if (asked.isArray()) {
        for (std::size_t i = 0; i < asked.size(); ++i) {
            int group = -1;
            if (asked.item(i).isString()) {
                const auto& names = regex.NamedCapturingGroups();
                const auto found = names.find(std::string(asked.item(i).asString()));
                group = found == names.end() ? -1 : found->second;
            } else if (const auto number = fromDynamic<Long>(asked.item(i))) {
                group = static_cast<int>(std::clamp<std::int64_t>(*number, -1, kMaxGroups));
            }
            if (group >= 0 && group < groupsOf(regex))
                groups.push_back(group);
        }
        return groups;
    }
    for (int i = groupsOf(regex) > 1 ? 1 : 0; i < groupsOf(regex); ++i)
        groups.push_back(i);
    return groups;
}

Result<Vector> extractAllFrom(KernelContext& context, const Vector& patternVector, const Vector* asked, const Vector& textVector, std::size_t rows)
{
    auto& cache = kernels::stateOf<RegexCache>(context);
    const VectorReader<std::string_view> patterns(patternVector);
    const VectorReader<std::string_view> texts(textVector);
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    StopTicks stopped(context.stop);
    for (std::size_t row = 0; row < rows; ++row) {
        TOCSIN_TRY_ASSIGN(const re2::RE2* regex, cache.get(patterns[row]));
        const auto groups = wantedGroups(*regex, asked && !asked->isNull(row) ? DynamicView(VectorReader<std::string_view>(*asked)[row]) : DynamicView());
        bool any = false;
        builder.beginArray();
        forEachMatch(*regex, texts[row], groupsOf(*regex), stopped, [&](std::span<const Piece> found) {
            any = true;
            if (groups.size() != 1)
                builder.beginArray();
            for (const int group : groups)
                builder.string(view(found[static_cast<std::size_t>(group)]));
            if (groups.size() != 1)
                builder.endArray();
        });
        if (context.stop.stop_requested())
            return fail(kCancelled);
        builder.endArray();
        if (any)
            writer.put(row, builder.take());
        else {
            builder.take();
            writer.putNull(row);
        }
    }
    return writer.finish();
}

/// Appends the rewrite with `\0` … `\9` replaced by the groups and `\\` by a backslash.
void appendRewrite(std::string& out, std::string_view rewrite, std::span<const Piece> groups)
{
    for (std::size_t i = 0; i < rewrite.size(); ++i) {
        if (rewrite[i] != '\\' || i + 1 == rewrite.size()) {
            out += rewrite[i];
            continue;
        }
        const char next = rewrite[++i];
        if (next >= '0' && next <= '9') {
            const auto group = static_cast<std::size_t>(next - '0');
            if (group < groups.size())
                out += view(groups[group]);
        } else if (next == '\\') {
            out += '\\';
        } else {
            out += '\\';
            out += next;
        }
    }
}

Result<Vector> replaceMatches(KernelContext& context, const Vector& textVector, const Vector& patternVector, const Vector& rewriteVector, std::size_t rows)
{
    auto& cache = kernels::stateOf<RegexCache>(context);
    const VectorReader<std::string_view> texts(textVector);
    const VectorReader<std::string_view> patterns(patternVector);
    const VectorReader<std::string_view> rewrites(rewriteVector);
    ResultWriter<String> writer(rows);
    writer.keep(kernels::ownerOf(textVector));
    std::string out;
    StopTicks stopped(context.stop);
    for (std::size_t row = 0; row < rows; ++row) {
        TOCSIN_TRY_ASSIGN(const re2::RE2* regex, cache.get(patterns[row]));
        const std::string_view text = texts[row];
        std::size_t done = 0;
        bool any = false;
        out.clear();
        forEachMatch(*regex, text, groupsOf(*regex), stopped, [&](std::span<const Piece> groups) {
            any = true;
            const auto start = static_cast<std::size_t>(groups[0].data() - text.data());
            out += text.substr(done, start - done);
            appendRewrite(out, rewrites[row], groups);
            done = start + groups[0].size();
        });
        if (context.stop.stop_requested())
            return fail(kCancelled);
        if (!any) {
            writer.putView(row, text);
            continue;
        }
        out += text.substr(done);
        writer.put(row, std::string_view(out));
    }
    return writer.finish();
}

/// trim, trim_start, trim_end: takes matches off the ends as long as there are any.
template <bool atStart, bool atEnd>
Result<Vector> trim(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    auto& cache = kernels::stateOf<RegexCache>(context);
    const VectorReader<std::string_view> patterns(arguments[0]);
    const VectorReader<std::string_view> texts(arguments[1]);
    ResultWriter<String> writer(rows);
    writer.keep(kernels::ownerOf(arguments[1]));
    Piece match;
    std::string ending;
    std::string_view endingOf;
    for (std::size_t row = 0; row < rows; ++row) {
        std::string_view text = texts[row];
        if constexpr (atStart) {
            TOCSIN_TRY_ASSIGN(const re2::RE2* regex, cache.get(patterns[row]));
            while (regex->Match(piece(text), 0, text.size(), re2::RE2::ANCHOR_START, &match, 1) && !match.empty())
                text.remove_prefix(match.size());
        }
        if constexpr (atEnd) {
            if (ending.empty() || endingOf != patterns[row]) {
                endingOf = patterns[row];
                ending = "(?:" + std::string(endingOf) + ")\\z";
            }
            TOCSIN_TRY_ASSIGN(const re2::RE2* regex, cache.get(ending));
            while (regex->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, &match, 1) && !match.empty())
                text.remove_suffix(match.size());
        }
        writer.putView(row, text);
    }
    return writer.finish();
}

Result<Vector> indexOfRegex(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    auto& cache = kernels::stateOf<RegexCache>(context);
    const VectorReader<std::string_view> texts(arguments[0]);
    const VectorReader<std::string_view> patterns(arguments[1]);
    ResultWriter<Long> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        TOCSIN_TRY_ASSIGN(const re2::RE2* regex, cache.get(patterns[row]));
        const SearchWindow window(texts[row], arguments.subspan(2), row);
        std::size_t past = 0; // matches do not overlap
        const auto search = [&](std::string_view text, std::size_t from) {
            Piece match;
            if (!regex->Match(piece(text), std::max(from, past), text.size(), re2::RE2::UNANCHORED, &match, 1))
                return std::string_view::npos;
            const auto at = static_cast<std::size_t>(match.data() - text.data());
            past = at + match.size();
            return at;
        };
        const bool before = arguments.size() > 2 && !arguments[2].isNull(row) && VectorReader<std::int64_t>(arguments[2])[row] < 0; // unlike indexof()
        if (window.valid() && !before)
            writer.put(row, window.find(search));
        else
            writer.putNull(row);
    }
    return writer.finish();
}

/// countof(text, search[, kind])
Result<Vector> countOf(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    auto& cache = kernels::stateOf<RegexCache>(context);
    const bool isRegex = equalsIgnoringCase(kernels::constantText(arguments, 2, "normal"), "regex");
    const VectorReader<std::string_view> texts(arguments[0]);
    const VectorReader<std::string_view> wanted(arguments[1]);
    ResultWriter<Long> writer(rows);
    StopTicks stopped(context.stop);
    for (std::size_t row = 0; row < rows; ++row) {
        std::int64_t count = 0;
        if (isRegex) {
            TOCSIN_TRY_ASSIGN(const re2::RE2* regex, cache.get(wanted[row]));
            forEachMatch(*regex, texts[row], 1, stopped, [&](auto) { ++count; });
        } else if (!wanted[row].empty()) {
            for (std::size_t at = texts[row].find(wanted[row]); at != std::string_view::npos; at = texts[row].find(wanted[row], at + 1))
                ++count;
        }
        writer.put(row, count);
    }
    return writer.finish();
}

void addExtracting(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "extract", .category = "string", .help = "A capture group of the regular expression's first match in the text (0 = the whole match), as text or as the given type.", .example = "print extract('x=([0-9]+)', 1, 'a x=45 b') // 45",
        .signatures = {{{{"regex", String}, {"group", Long}, {"text", String}}, returns::type(String), extract},
                       {{{"regex", String}, {"group", Long}, {"text", String}, constant("type", String)}, extractType, extract}}});
    registry.add(ScalarFunction{.name = "extract_all", .category = "string", .help = "All matches of the regular expression in the text as an array: of texts for one capture group, of arrays for several.", .example = "print extract_all(@'(\\d+)', 'a1b22') // [\"1\",\"22\"]",
        .signatures = {
            signature({{"regex", String}, {"text", String}}, Dynamic, [](KernelContext& context, std::span<const Vector> a, std::size_t rows) { return extractAllFrom(context, a[0], nullptr, a[1], rows); }),
            signature({{"regex", String}, {"groups", Dynamic}, {"text", String}}, Dynamic, [](KernelContext& context, std::span<const Vector> a, std::size_t rows) { return extractAllFrom(context, a[0], &a[1], a[2], rows); }),
        }});
    registry.addAlias("extractall", "extract_all");
}

void addReplacingAndTrimming(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "replace_regex", .category = "string", .help = "The text with every match of the regular expression replaced; `\\1` in the rewrite stands for the first capture group.", .example = "print replace_regex('Number is 10', @'(\\d+)', @'<\\1>') // Number is <10>",
        .signatures = {signature({{"text", String}, {"regex", String}, {"rewrite", String}}, String, [](KernelContext& context, std::span<const Vector> a, std::size_t rows) { return replaceMatches(context, a[0], a[1], a[2], rows); })}});
    registry.add(ScalarFunction{.name = "replace", .category = "string", .help = "As replace_regex, with the expression first, then the rewrite, then the text.", .example = "print replace('[0-9]', '#', 'a1b2') // a#b#",
        .signatures = {signature({{"regex", String}, {"rewrite", String}, {"text", String}}, String, [](KernelContext& context, std::span<const Vector> a, std::size_t rows) { return replaceMatches(context, a[2], a[0], a[1], rows); })}});
    const std::vector<Parameter> parameters{{"regex", String}, {"text", String}};
    registry.add(ScalarFunction{.name = "trim", .category = "string", .help = "The text without matches of the regular expression at its ends.", .example = "print trim('-', '--abc--') // abc", .signatures = {signature(parameters, String, trim<true, true>)}});
    registry.add(ScalarFunction{.name = "trim_start", .category = "string", .help = "The text without matches of the regular expression at its start.", .example = "print trim_start('-', '--abc--') // abc--", .signatures = {signature(parameters, String, trim<true, false>)}});
    registry.add(ScalarFunction{.name = "trim_end", .category = "string", .help = "The text without matches of the regular expression at its end.", .example = "print trim_end('-', '--abc--') // --abc", .signatures = {signature(parameters, String, trim<false, true>)}});
}

} // namespace

void addRegexFunctions(FunctionRegistry& registry)
{
    addExtracting(registry);
    addReplacingAndTrimming(registry);
    registry.add(ScalarFunction{.name = "indexof_regex", .category = "string", .help = "The position of the regular expression's match in the text, -1 if there is none; with a start, a length and which occurrence.", .example = "print indexof_regex('abcabc', @'a.c', 0, -1, 2) // 3",
        .signatures = {signature({{"text", String}, {"regex", String}, optional("start", Long), optional("length", Long), optional("occurrence", Long)}, Long, indexOfRegex)}, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "countof", .category = "string", .help = "How often a text occurs in another (overlapping), or a regular expression matches (not overlapping).", .example = "print countof('aaaa', 'aa') // 3",
        .signatures = {signature({{"text", String}, {"search", String}, constant("kind", String, {"normal", "regex"})}, Long, countOf), signature({{"text", String}, {"search", String}}, Long, countOf)}});
    registry.add(ScalarFunction{.name = "regex_quote", .category = "string", .help = "The text with everything escaped that means something in a regular expression.", .example = "print regex_quote('(so)') // \\(so\\)",
        .signatures = {signature({{"text", String}}, String, kernels::mapText<String, String>([](std::string_view text, std::string& out) { out = re2::RE2::QuoteMeta(piece(text)); }))}, .traits = kAnyText});
}

} // namespace tocsin::kql
