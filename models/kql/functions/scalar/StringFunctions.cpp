// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "kql/functions/AnyText.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/TextPositions.h"
#include "kql/functions/support/TextSearch.h"

#include <unordered_map>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;
using kernels::mapDynamic;
using kernels::mapText;
using kernels::ResultWriter;

constexpr std::size_t kMaxTextBytes = 16 * 1024 * 1024; ///< of what strrep makes

void lower(std::string_view text, std::string& out)
{
    if (!isAscii(text)) {
        out = foldCase(text);
        return;
    }
    out.resize(text.size());
    for (std::size_t i = 0; i < text.size(); ++i)
        out[i] = foldAscii(text[i]);
}

/// All arguments as one text, with the first one between the others if `delimited`.
template <bool delimited>
Result<Vector> concatenateTexts(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    TOCSIN_TRY_ASSIGN(const std::vector<Vector> texts, kernels::asTexts(arguments));
    std::vector<VectorReader<std::string_view>> readers;
    for (const Vector& text : texts)
        readers.emplace_back(text);
    ResultWriter<String> writer(rows);
    std::string scratch;
    for (std::size_t row = 0; row < rows; ++row) {
        scratch.clear();
        for (std::size_t i = delimited ? 1 : 0; i < readers.size(); ++i) {
            if (delimited && i > 1)
                scratch += readers[0][row];
            scratch += readers[i][row];
        }
        writer.put(row, std::string_view(scratch));
    }
    return writer.finish();
}

std::string_view substringFrom(std::string_view text, std::int64_t start, std::int64_t length)
{
    if (length <= 0)
        return {};
    const TextPositions positions(text);
    const auto count = static_cast<std::int64_t>(positions.count());
    if (start < 0)
        start = std::max<std::int64_t>(0, start + count);
    if (start >= count)
        return {};
    const std::int64_t end = length > count - start ? count : start + length;
    return text.substr(positions.byteOf(start), positions.byteOf(end) - positions.byteOf(start));
}

void appendReplaced(std::string& out, std::string_view text, std::string_view wanted, std::string_view replacement)
{
    if (wanted.empty()) {
        out += text;
        return;
    }
    const TextFinder finder(wanted, true);
    std::size_t done = 0;
    for (std::size_t at = finder.find(text); at != std::string_view::npos; at = finder.find(text, done)) {
        out += text.substr(done, at - done);
        out += replacement;
        done = at + wanted.size();
    }
    out += text.substr(done);
}

/// One pass over the text: what one replacement makes is not looked up again. Of several lookups at one place the first counts; it keeps
/// its place also if there is no replacement for it. Lookups that are no texts are passed over.
bool replaceMany(std::string_view text, DynamicView lookups, const auto& replacementOf, std::string& out)
{
    if (!lookups.isArray())
        return false;
    std::vector<std::string> wanted;
    for (std::size_t i = 0; i < lookups.size(); ++i)
        wanted.push_back(lookups.item(i).isString() ? std::string(lookups.item(i).asString()) : std::string());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t i = 0;
        while (i < wanted.size() && (wanted[i].empty() || !text.substr(at).starts_with(wanted[i])))
            ++i;
        if (i == wanted.size()) {
            out += text[at++];
        } else {
            out += replacementOf(i).value_or(wanted[i]);
            at += wanted[i].size();
        }
    }
    return true;
}

void reverseText(std::string_view text, std::string& out)
{
    out.resize(text.size());
    std::size_t to = text.size();
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = decodeUtf8(text, i).length;
        to -= length;
        text.copy(out.data() + to, length, i);
        i += length;
    }
}

std::vector<char32_t> codePoints(std::string_view text)
{
    std::vector<char32_t> out;
    for (std::size_t i = 0; i < text.size();) {
        const DecodedChar decoded = decodeUtf8(text, i);
        out.push_back(decoded.code);
        i += decoded.length;
    }
    return out;
}

bool isCodePoint(std::int64_t number) { return (number >= 0 && number < 0xD800) || (number > 0xDFFF && number <= 0x10FFFF); }

void translateText(std::string_view from, std::string_view to, std::string_view text, std::string& out)
{
    const std::vector<char32_t> wanted = codePoints(from);
    const std::vector<char32_t> replacements = codePoints(to);
    std::unordered_map<char32_t, std::size_t> position;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        position.try_emplace(wanted[i], i);
    for (const char32_t code : codePoints(text)) {
        const auto found = position.find(code);
        if (found == position.end())
            appendUtf8(out, code);
        else if (!replacements.empty())
            appendUtf8(out, replacements[std::min(found->second, replacements.size() - 1)]);
    }
}

bool repeatText(std::string_view text, std::int64_t times, std::string_view delimiter, std::string& out)
{
    if (times < 0 || static_cast<std::size_t>(times) > kMaxTextBytes || (text.size() + delimiter.size()) * static_cast<std::size_t>(times) > kMaxTextBytes)
        return false;
    for (std::int64_t i = 0; i < times; ++i) {
        if (i > 0)
            out += delimiter;
        out += text;
    }
    return true;
}

void splitText(std::string_view text, std::string_view delimiter, DynamicBuilder& out)
{
    out.beginArray();
    std::size_t start = 0;
    if (!delimiter.empty()) {
        for (std::size_t at = text.find(delimiter); at != std::string_view::npos; at = text.find(delimiter, start)) {
            out.string(text.substr(start, at - start));
            start = at + delimiter.size();
        }
    }
    out.string(text.substr(start));
    out.endArray();
}

bool splitAt(std::string_view text, std::string_view delimiter, std::int64_t index, DynamicBuilder& out)
{
    DynamicBuilder all;
    splitText(text, delimiter, all);
    const std::string bytes = all.take();
    const DynamicView parts(bytes);
    if (index < 0 || index >= static_cast<std::int64_t>(parts.size()))
        return false;
    out.beginArray();
    out.view(parts.item(static_cast<std::size_t>(index)));
    out.endArray();
    return true;
}

Result<Vector> indexOf(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    TOCSIN_TRY_ASSIGN(const std::vector<Vector> texts, kernels::asTexts(arguments.first(2)));
    const VectorReader<std::string_view> text(texts[0]);
    const VectorReader<std::string_view> wanted(texts[1]);
    ResultWriter<Long> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const SearchWindow window(text[row], arguments.subspan(2), row);
        if (!window.valid())
            writer.putNull(row);
        else
            writer.put(row, window.find([&](std::string_view rest, std::size_t from) { return rest.find(wanted[row], from); }));
    }
    return writer.finish();
}

void addLengthAndCase(FunctionRegistry& registry)
{
    const std::vector<Parameter> one{{"text", String}};
    registry.add(ScalarFunction{.name = "strlen", .category = "string", .help = "The length of a text in characters (code points).", .example = "print strlen('hello') // 5",
                                .signatures = {signature(one, Long, map<Long, String>([](std::string_view text) { return static_cast<std::int64_t>(countCodePoints(text)); }))}});
    registry.add(ScalarFunction{.name = "string_size", .category = "string", .help = "The length of a text in bytes of UTF-8.", .example = "print string_size('⒦⒰⒮⒯⒪') // 15",
                                .signatures = {signature(one, Long, map<Long, String>([](std::string_view text) { return static_cast<std::int64_t>(text.size()); }))}});
    registry.add(ScalarFunction{.name = "tolower", .category = "string", .help = "The text in lower case.", .example = "print tolower('Hello') // hello",
                                .signatures = {signature(one, String, mapText<String, String>(lower))}, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "toupper", .category = "string", .help = "The text in upper case.", .example = "print toupper('Hello') // HELLO",
                                .signatures = {signature(one, String, mapText<String, String>([](std::string_view text, std::string& out) { out = tocsin::toUpper(text); }))}, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "isascii", .category = "string", .help = "Whether the text has ASCII characters only.", .example = "print isascii('abc') // true",
                                .signatures = {signature(one, Bool, map<Bool, String>([](std::string_view text) { return isAscii(text); }))}, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "isutf8", .category = "string", .help = "Whether the text is valid UTF-8.", .example = "print isutf8('abc') // true",
                                .signatures = {signature(one, Bool, map<Bool, String>([](std::string_view text) { return isValidUtf8(text); }))}, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "strcmp", .category = "string", .help = "-1, 0 or 1 as the first text sorts before, with or after the second, by characters.", .example = "print strcmp('abc', 'abd') // -1",
                                .signatures = {signature({{"left", String}, {"right", String}}, Long, map<Long, String, String>([](std::string_view a, std::string_view b) {
                                    const int order = a.compare(b);
                                    return static_cast<std::int64_t>(order < 0 ? -1 : order > 0 ? 1 : 0);
                                }))}, .traits = kAnyText});
}

void addJoining(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "strcat", .category = "string", .help = "All arguments as text, one after the other.", .example = "print strcat('a', 1, '-', true) // a1-true",
                                .signatures = {signature({repeated("value", types::any)}, String, concatenateTexts<false>)}});
    registry.add(ScalarFunction{.name = "strcat_delim", .category = "string", .help = "The arguments behind the first as text, with the first between them.", .example = "print strcat_delim('-', 1, 'a', 2) // 1-a-2",
                                .signatures = {signature({{"delimiter", String}, {"value", types::any}, repeated("other", types::any)}, String, concatenateTexts<true>)}, .traits = kAnyText});
    const std::vector<Parameter> repeat{{"value", types::any}, {"times", Long}};
    registry.add(ScalarFunction{.name = "strrep", .category = "string", .help = "The value as text, repeated, with an optional delimiter between.", .example = "print strrep('ab', 3, ',') // ab,ab,ab",
                                .signatures = {signature(repeat, String, [](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
                                    TOCSIN_TRY_ASSIGN(Vector text, convertVector(arguments[0], String));
                                    const std::vector<Vector> converted{std::move(text), arguments[1]};
                                    return mapText<String, String, Long>([](std::string_view t, std::int64_t times, std::string& out) { return repeatText(t, times, {}, out); })(context, converted, rows);
                                }),
                                signature({{"value", types::any}, {"times", Long}, {"delimiter", String}}, String, [](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
                                    TOCSIN_TRY_ASSIGN(Vector text, convertVector(arguments[0], String));
                                    const std::vector<Vector> converted{std::move(text), arguments[1], arguments[2]};
                                    return mapText<String, String, Long, String>(repeatText)(context, converted, rows);
                                })}, .traits = kAnyText});
}

void addPieces(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "substring", .category = "string", .help = "A part of the text from a position (0-based; negative from the end), to the end or of a length.", .example = "print substring('ABCD', -3, 2) // BC",
        .signatures = {
            signature({{"text", String}, {"start", Long}}, String, kernels::mapView<String, String, Long>([](std::string_view text, std::int64_t start) { return substringFrom(text, start, std::numeric_limits<std::int64_t>::max()); })),
            signature({{"text", String}, {"start", Long}, {"length", Long}}, String, kernels::mapView<String, String, Long, Long>(substringFrom)),
        }, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "split", .category = "string", .help = "The parts of a text between delimiters, as an array; with an index, an array of that part alone.", .example = "print split('aa_bb_cc', '_') // [\"aa\",\"bb\",\"cc\"]",
        .signatures = {signature({{"text", String}, {"delimiter", String}}, Dynamic, mapDynamic<String, String>(splitText)),
                       signature({{"text", String}, {"delimiter", String}, {"index", Long}}, Dynamic, mapDynamic<String, String, Long>(splitAt))}, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "indexof", .category = "string", .help = "The 0-based position of a text in another, -1 if it is not there; with a start, a length and which occurrence.", .example = "print indexof('abcdefabc', 'abc', 1) // 6",
        .signatures = {signature({{"text", types::any}, {"lookup", types::any}, optional("start", Long), optional("length", Long), optional("occurrence", Long)}, Long, indexOf)}});
}

void addReplacing(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "replace_string", .category = "string", .help = "The text with every occurrence of one text replaced by another.", .example = "print replace_string('a.b.c', '.', '/') // a/b/c",
        .signatures = {signature({{"text", String}, {"lookup", String}, {"rewrite", String}}, String, mapText<String, String, String, String>([](std::string_view text, std::string_view wanted, std::string_view by, std::string& out) { appendReplaced(out, text, wanted, by); }))}});
    registry.add(ScalarFunction{.name = "replace_strings", .category = "string", .help = "The text with each lookup of a list replaced by its rewrite (or by the one rewrite); what is no text in the lists replaces nothing.", .example = "print replace_strings('a-b', dynamic(['a', 'b']), dynamic(['1', '2'])) // 1-2",
        .signatures = {
            signature({{"text", String}, {"lookups", Dynamic}, {"rewrites", Dynamic}}, String, mapText<String, String, Dynamic, Dynamic>([](std::string_view text, std::string_view lookups, std::string_view rewrites, std::string& out) {
                const DynamicView by(rewrites);
                return replaceMany(text, DynamicView(lookups), [&](std::size_t i) {
                    const DynamicView rewrite = !by.isArray() ? by : i < by.size() ? by.item(i) : DynamicView();
                    return rewrite.isString() ? std::optional(rewrite.asString()) : std::nullopt;
                }, out);
            })),
            signature({{"text", String}, {"lookups", Dynamic}, {"rewrite", String}}, String, mapText<String, String, Dynamic, String>([](std::string_view text, std::string_view lookups, std::string_view by, std::string& out) {
                return replaceMany(text, DynamicView(lookups), [&](std::size_t) { return std::optional(by); }, out);
            })),
        }});
    registry.add(ScalarFunction{.name = "translate", .category = "string", .help = "The text with each character of the first list replaced by the one at the same place of the second.", .example = "print translate('abc', 'x', 'aabbc') // xxxxx",
        .signatures = {signature({{"from", String}, {"to", String}, {"text", String}}, String, mapText<String, String, String, String>(translateText))}});
    registry.add(ScalarFunction{.name = "reverse", .category = "string", .help = "The value's text backwards.", .example = "print reverse('abc') // cba",
        .signatures = {signature({{"value", types::any}}, String, kernels::overTexts(mapText<String, String>(reverseText)))}});
}

void addCodePoints(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "unicode_codepoints_from_string", .category = "string", .help = "The numbers of the text's characters, as an array.", .example = "print unicode_codepoints_from_string('Hi') // [72,105]",
        .signatures = {signature({{"text", String}}, Dynamic, mapDynamic<String>([](std::string_view text, DynamicBuilder& out) {
            out.beginArray();
            for (const char32_t code : codePoints(text))
                out.number(static_cast<std::int64_t>(code));
            out.endArray();
        }))}, .traits = kAnyText});
    registry.add(ScalarFunction{.name = "unicode_codepoints_to_string", .category = "string", .help = "The text of character numbers, given one by one or as arrays; empty if one is no character.", .example = "print unicode_codepoints_to_string(72, 105) // Hi",
        .signatures = {signature({repeated("code", TypeSet{Int, Long, Dynamic})}, String, [](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
            ResultWriter<String> writer(rows);
            DynamicBuilder builder;
            for (std::size_t row = 0; row < rows; ++row) {
                std::string out;
                bool valid = true;
                const auto add = [&](DynamicView item) {
                    valid = valid && item.tag() == DynamicTag::Long && isCodePoint(item.asLong());
                    if (valid)
                        appendUtf8(out, static_cast<char32_t>(item.asLong()));
                };
                for (const Vector& argument : arguments) {
                    kernels::writeDynamic(builder, argument, row);
                    const std::string bytes = builder.take();
                    const DynamicView value(bytes);
                    if (!value.isArray())
                        add(value);
                    for (std::size_t i = 0; value.isArray() && i < value.size(); ++i)
                        add(value.item(i));
                }
                writer.put(row, valid ? std::string_view(out) : std::string_view());
            }
            return writer.finish();
        })}});
    registry.addAlias("make_string", "unicode_codepoints_to_string");
    registry.addAlias("to_utf8", "unicode_codepoints_from_string");
}

} // namespace

void addStringFunctions(FunctionRegistry& registry)
{
    addLengthAndCase(registry);
    addJoining(registry);
    addPieces(registry);
    addReplacing(registry);
    addCodePoints(registry);
}

} // namespace tocsin::kql
