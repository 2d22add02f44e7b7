// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/Regex.h"
#include "kql/functions/support/TextSearch.h"

namespace tocsin::kql {
namespace {

using enum DataType;

struct Contains {
    Contains(std::string_view wanted, bool caseSensitive) : finder(wanted, caseSensitive) {}
    bool matches(std::string_view text) const
    {
        std::string scratch;
        return finder.find(finder.prepared(text, scratch)) != std::string_view::npos;
    }
    TextFinder finder;
};

struct StartsWith {
    StartsWith(std::string_view wanted, bool caseSensitive) : finder(wanted, caseSensitive) {}
    bool matches(std::string_view text) const { return finder.startsWith(text); }
    TextFinder finder;
};

struct EndsWith {
    EndsWith(std::string_view wanted, bool caseSensitive) : finder(wanted, caseSensitive) {}
    bool matches(std::string_view text) const { return finder.endsWith(text); }
    TextFinder finder;
};

template <TermRule rule>
struct Term {
    Term(std::string_view wanted, bool caseSensitive) : finder(wanted, rule, caseSensitive) {}
    bool matches(std::string_view text) const { return finder.matches(text); }
    TermFinder finder;
};

template <typename Matcher, bool caseSensitive, bool negated>
Result<Vector> search(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    auto out = makeBuffer<std::uint8_t>(rows);
    const VectorReader<std::string_view> texts(arguments[0]);
    const VectorReader<std::string_view> wanted(arguments[1]);
    if (arguments[1].isConstant() && rows > 0) {
        const Matcher matcher(wanted[0], caseSensitive);
        for (std::size_t row = 0; row < rows; ++row)
            out[row] = matcher.matches(texts[row]) != negated;
    } else {
        for (std::size_t row = 0; row < rows; ++row)
            out[row] = Matcher(wanted[row], caseSensitive).matches(texts[row]) != negated;
    }
    return Vector::flat<std::uint8_t>(Bool, std::move(out), rows);
}

struct Texts {
    std::string_view name;
    std::string_view help;
    std::string_view example;
};

template <typename Matcher, bool caseSensitive, bool negated>
void addOne(FunctionRegistry& registry, const Texts& texts)
{
    registry.add(ScalarFunction{.name = texts.name, .category = "string", .help = texts.help, .example = texts.example,
                                .signatures = {signature({{"text", String}, {"wanted", String}}, Bool, search<Matcher, caseSensitive, negated>)}});
}

/// An operator in its four forms: plain, negated, and both with the case counting.
template <typename Matcher>
void addFour(FunctionRegistry& registry, const Texts& plain, const Texts& negated, const Texts& cased, const Texts& casedNegated)
{
    addOne<Matcher, false, false>(registry, plain);
    addOne<Matcher, false, true>(registry, negated);
    addOne<Matcher, true, false>(registry, cased);
    addOne<Matcher, true, true>(registry, casedNegated);
}

Result<Vector> matchesRegex(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    auto& cache = kernels::stateOf<RegexCache>(context);
    auto out = makeBuffer<std::uint8_t>(rows);
    const VectorReader<std::string_view> texts(arguments[0]);
    const VectorReader<std::string_view> patterns(arguments[1]);
    for (std::size_t row = 0; row < rows; ++row) {
        TOCSIN_TRY_ASSIGN(const re2::RE2* regex, cache.get(patterns[row]));
        out[row] = regex->Match(piece(texts[row]), 0, texts[row].size(), re2::RE2::UNANCHORED, nullptr, 0);
    }
    return Vector::flat<std::uint8_t>(Bool, std::move(out), rows);
}

void addTermOperators(FunctionRegistry& registry)
{
    addFour<Term<TermRule::Whole>>(registry,
        {"has", "Whether the text has the term, ignoring case: a run of letters and digits, or a phrase that cuts none.", "print 'foo_bar' has 'FOO' // true"},
        {"!has", "Whether the text does not have the term, ignoring case.", "print 'foobar' !has 'foo' // true"},
        {"has_cs", "Whether the text has the term, with its case.", "print 'foo bar' has_cs 'Foo' // false"},
        {"!has_cs", "Whether the text does not have the term, with its case.", "print 'foo bar' !has_cs 'Foo' // true"});
    addFour<Term<TermRule::Prefix>>(registry,
        {"hasprefix", "Whether a term of the text begins with the wanted text, ignoring case.", "print 'North America' hasprefix 'ame' // true"},
        {"!hasprefix", "Whether no term of the text begins with the wanted text, ignoring case.", "print 'North America' !hasprefix 'mer' // true"},
        {"hasprefix_cs", "Whether a term of the text begins with the wanted text, with its case.", "print 'North America' hasprefix_cs 'ame' // false"},
        {"!hasprefix_cs", "Whether no term of the text begins with the wanted text, with its case.", "print 'North America' !hasprefix_cs 'ame' // true"});
    addFour<Term<TermRule::Suffix>>(registry,
        {"hassuffix", "Whether a term of the text ends with the wanted text, ignoring case.", "print 'North America' hassuffix 'RTH' // true"},
        {"!hassuffix", "Whether no term of the text ends with the wanted text, ignoring case.", "print 'North America' !hassuffix 'nor' // true"},
        {"hassuffix_cs", "Whether a term of the text ends with the wanted text, with its case.", "print 'North America' hassuffix_cs 'RTH' // false"},
        {"!hassuffix_cs", "Whether no term of the text ends with the wanted text, with its case.", "print 'North America' !hassuffix_cs 'RTH' // true"});
}

} // namespace

void addTextOperators(FunctionRegistry& registry)
{
    addTermOperators(registry);
    addFour<Contains>(registry,
        {"contains", "Whether the wanted text occurs anywhere in the text, ignoring case.", "print 'powershell.exe' contains 'SHELL' // true"},
        {"!contains", "Whether the wanted text does not occur in the text, ignoring case.", "print 'powershell.exe' !contains 'cmd' // true"},
        {"contains_cs", "Whether the wanted text occurs anywhere in the text, with its case.", "print 'powershell.exe' contains_cs 'SHELL' // false"},
        {"!contains_cs", "Whether the wanted text does not occur in the text, with its case.", "print 'powershell.exe' !contains_cs 'SHELL' // true"});
    addFour<StartsWith>(registry,
        {"startswith", "Whether the text begins with the wanted text, ignoring case.", "print 'Mozilla/5.0' startswith 'moz' // true"},
        {"!startswith", "Whether the text does not begin with the wanted text, ignoring case.", "print 'Mozilla/5.0' !startswith 'zil' // true"},
        {"startswith_cs", "Whether the text begins with the wanted text, with its case.", "print 'Mozilla/5.0' startswith_cs 'moz' // false"},
        {"!startswith_cs", "Whether the text does not begin with the wanted text, with its case.", "print 'Mozilla/5.0' !startswith_cs 'moz' // true"});
    addFour<EndsWith>(registry,
        {"endswith", "Whether the text ends with the wanted text, ignoring case.", "print 'setup.EXE' endswith '.exe' // true"},
        {"!endswith", "Whether the text does not end with the wanted text, ignoring case.", "print 'setup.EXE' !endswith '.dll' // true"},
        {"endswith_cs", "Whether the text ends with the wanted text, with its case.", "print 'setup.EXE' endswith_cs '.exe' // false"},
        {"!endswith_cs", "Whether the text does not end with the wanted text, with its case.", "print 'setup.EXE' !endswith_cs '.exe' // true"});
    for (const auto& [alias, name] : {std::pair{"notcontains", "!contains"}, {"containscs", "contains_cs"}, {"notcontainscs", "!contains_cs"}, {"notcontains_cs", "!contains_cs"}})
        registry.addAlias(alias, name);
    registry.add(ScalarFunction{.name = "matches regex", .category = "string", .help = "Whether the regular expression (RE2) matches somewhere in the text, with its case.",
                                .example = "print 'cmd -enc AAA' matches regex @'-e\\w+\\s' // true",
                                .signatures = {signature({{"text", String}, {"regex", String}}, Bool, matchesRegex)}});
}

} // namespace tocsin::kql
