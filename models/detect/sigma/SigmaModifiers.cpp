// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaModifiers.h"

#include "base/Utf8.h"
#include "detect/sigma/SigmaEncodings.h"
#include "detect/sigma/SigmaErrors.h"

#include <re2/re2.h>

#include <charconv>

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxAlternatives = 10'000; ///< of one value, after placeholders and dashes

/// `field|modifier|…` taken apart: how values are changed, and how they are compared.
struct FieldKey {
    std::string field;
    std::vector<std::string> changes; ///< in order: base64, wide, windash, expand, …
    Test::Kind kind = Test::Kind::Text;
    Test::Place place = Test::Place::Whole;
    Compare compare = Compare::Equal;
    std::string flags; ///< of a regular expression
    bool cased = false;
    bool all = false;
    bool negated = false;
};

std::optional<Compare> comparison(std::string_view modifier)
{
    if (modifier == "gt")
        return Compare::Greater;
    if (modifier == "gte")
        return Compare::GreaterOrEqual;
    if (modifier == "lt")
        return Compare::Less;
    if (modifier == "lte")
        return Compare::LessOrEqual;
    return std::nullopt;
}

bool isChange(std::string_view modifier)
{
    for (const char* name : {"base64", "base64offset", "wide", "utf16", "utf16le", "utf16be", "windash", "expand"})
        if (modifier == name)
            return true;
    return false;
}

Result<void> addModifier(FieldKey& key, std::string_view modifier)
{
    if (isChange(modifier))
        key.changes.emplace_back(modifier);
    else if (modifier == "contains")
        key.place = Test::Place::Inside;
    else if (modifier == "startswith")
        key.place = Test::Place::Start;
    else if (modifier == "endswith")
        key.place = Test::Place::End;
    else if (modifier == "all")
        key.all = true;
    else if (modifier == "cased")
        key.cased = true;
    else if (modifier == "neq")
        key.negated = true;
    else if (modifier == "re")
        key.kind = Test::Kind::Regex;
    else if (modifier == "cidr")
        key.kind = Test::Kind::Network;
    else if (modifier == "exists")
        key.kind = Test::Kind::Exists;
    else if (modifier == "fieldref")
        key.kind = Test::Kind::SameAs;
    else if (key.kind == Test::Kind::Regex && (modifier == "i" || modifier == "m" || modifier == "s"))
        key.flags += modifier;
    else if (key.kind == Test::Kind::Regex && (modifier == "ignorecase" || modifier == "multiline" || modifier == "dotall"))
        key.flags += modifier == "ignorecase" ? 'i' : modifier == "multiline" ? 'm' : 's';
    else if (const auto compare = comparison(modifier)) {
        key.kind = Test::Kind::Number;
        key.compare = *compare;
    } else
        return fail(kSigmaUnsupported, "the modifier '" + std::string(modifier) + "'", "it is not one of the modifiers known here");
    return {};
}

Result<FieldKey> parseKey(std::string_view text)
{
    FieldKey key;
    const std::size_t bar = text.find('|');
    key.field = trimSpaces(text.substr(0, bar));
    while (text.find('|') != std::string_view::npos) {
        text.remove_prefix(text.find('|') + 1);
        TOCSIN_TRY(addModifier(key, trimSpaces(text.substr(0, text.find('|')))));
    }
    const bool plain = key.kind == Test::Kind::Text;
    if (key.field.empty() && !plain && key.kind != Test::Kind::Regex)
        return fail(kSigmaUnsupported, "a comparison without a field", "only texts and regular expressions can be looked for in all fields");
    if (!plain && !(key.changes.empty() || (key.kind == Test::Kind::Regex && key.changes.size() == 1 && key.changes[0] == "expand")))
        return fail(kSigmaField, key.field, "the modifier '" + key.changes.front() + "' goes with texts only");
    return key;
}

/// Each `%name%` by each of its values.
Result<std::vector<std::string>> expanded(const std::string& text, const Placeholders& placeholders)
{
    std::vector<std::string> results{std::string()};
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find('%', at);
        const std::size_t close = open == std::string::npos ? open : text.find('%', open + 1);
        if (close == std::string::npos || close == open + 1) {
            for (std::string& result : results)
                result += text.substr(at);
            break;
        }
        const std::string name = text.substr(open + 1, close - open - 1);
        const auto values = placeholders.find(name);
        if (values == placeholders.end() || values->second.empty())
            return fail(kSigmaPlaceholder, name);
        std::vector<std::string> next;
        if (results.size() * values->second.size() > kMaxAlternatives)
            return fail(kSigmaField, name, "the placeholders have too many values");
        for (const std::string& result : results)
            for (const std::string& value : values->second)
                next.push_back(result + text.substr(at, open - at) + value);
        results = std::move(next);
        at = close + 1;
    }
    return results;
}

Result<std::vector<TextPattern>> changed(std::vector<TextPattern> patterns, const std::string& change, const std::string& field)
{
    std::vector<TextPattern> results;
    for (const TextPattern& pattern : patterns) {
        if (change == "windash") {
            for (TextPattern& variant : dashVariants(pattern))
                results.push_back(std::move(variant));
            continue;
        }
        if (pattern.hasWildcards())
            return fail(kSigmaField, field, "the modifier '" + change + "' cannot encode a text with wildcards");
        const std::string text = pattern.plainText();
        if (change == "base64") {
            results.push_back(TextPattern::literal(base64(text)));
        } else if (change == "base64offset") {
            for (std::string& encoded : base64Offsets(text))
                results.push_back(TextPattern::literal(std::move(encoded)));
        } else {
            results.push_back(TextPattern::literal(utf16Bytes(text, change == "utf16be", change == "utf16")));
        }
    }
    return results;
}

std::optional<double> parseNumber(std::string_view text)
{
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// Makes the tests of one value.
class ValueReader {
public:
    ValueReader(const FieldKey& key, const Placeholders& placeholders, std::vector<Test>& tests) : m_key(key), m_placeholders(placeholders), m_tests(tests) {}

    Result<Condition> read(const RuleValue& value)
    {
        if (value.isNull)
            return null();
        switch (m_key.kind) {
        case Test::Kind::Regex: return regex(value.text);
        case Test::Kind::Network: return network(value.text);
        case Test::Kind::Number: return number(value.text);
        case Test::Kind::Exists: return exists(value.text);
        case Test::Kind::SameAs: return sameAs(value.text);
        case Test::Kind::Text:
        case Test::Kind::Null: break;
        }
        return text(value.text);
    }

private:
    Test blank() const
    {
        Test test;
        test.kind = m_key.kind;
        test.field = m_key.field;
        test.cased = m_key.cased;
        test.place = m_key.place;
        return test;
    }
    Condition add(Test test)
    {
        m_tests.push_back(std::move(test));
        return Condition::of(m_tests.size() - 1);
    }

    Result<Condition> null()
    {
        if (m_key.field.empty())
            return fail(kSigmaField, "keywords", "null is no keyword");
        if (m_key.kind != Test::Kind::Text)
            return fail(kSigmaField, m_key.field, "null does not go with these modifiers");
        Test test = blank();
        test.kind = Test::Kind::Null;
        return add(std::move(test));
    }

    Result<Condition> text(const std::string& raw)
    {
        std::vector<TextPattern> patterns;
        std::vector<std::string> texts{raw};
        if (std::find(m_key.changes.begin(), m_key.changes.end(), "expand") != m_key.changes.end()) {
            TOCSIN_TRY_ASSIGN(texts, expanded(raw, m_placeholders));
        }
        for (const std::string& text : texts)
            patterns.push_back(TextPattern::parse(text));
        for (const std::string& change : m_key.changes) {
            if (change == "expand")
                continue;
            TOCSIN_TRY_ASSIGN(patterns, changed(std::move(patterns), change, m_key.field));
        }
        std::vector<Condition> alternatives;
        for (TextPattern& pattern : patterns) {
            // A keyword is looked for inside the values.
            const Test::Place place = m_key.field.empty() && m_key.place == Test::Place::Whole ? Test::Place::Inside : m_key.place;
            if (place == Test::Place::Inside || place == Test::Place::End)
                pattern.prependAny();
            if (place == Test::Place::Inside || place == Test::Place::Start)
                pattern.appendAny();
            Test test = blank();
            test.pattern = std::move(pattern);
            alternatives.push_back(add(std::move(test)));
        }
        return Condition::join(Condition::Kind::Any, std::move(alternatives));
    }

    Result<Condition> regex(const std::string& raw)
    {
        std::vector<std::string> texts{raw};
        if (!m_key.changes.empty()) {
            TOCSIN_TRY_ASSIGN(texts, expanded(raw, m_placeholders));
        }
        std::vector<Condition> alternatives;
        for (const std::string& text : texts) {
            Test test = blank();
            test.expression = m_key.flags.empty() ? text : "(?" + m_key.flags + ")" + text;
            RE2::Options options;
            options.set_log_errors(false);
            const RE2 expression(test.expression, options);
            if (!expression.ok())
                return fail(kSigmaUnsupported, "the regular expression of '" + m_key.field + "'", expression.error());
            alternatives.push_back(add(std::move(test)));
        }
        return Condition::join(Condition::Kind::Any, std::move(alternatives));
    }

    Result<Condition> network(const std::string& text)
    {
        const auto prefix = parsePrefix(text);
        if (!prefix)
            return fail(kSigmaField, m_key.field, "'" + text + "' is no network in CIDR form");
        Test test = blank();
        test.network = *prefix;
        return add(std::move(test));
    }

    Result<Condition> number(const std::string& text)
    {
        const auto value = parseNumber(text);
        if (!value)
            return fail(kSigmaField, m_key.field, "'" + text + "' is no number");
        Test test = blank();
        test.compare = m_key.compare;
        test.number = *value;
        return add(std::move(test));
    }

    Result<Condition> exists(const std::string& text)
    {
        const bool yes = equalsIgnoringCase(text, "true") || equalsIgnoringCase(text, "yes");
        if (!yes && !equalsIgnoringCase(text, "false") && !equalsIgnoringCase(text, "no"))
            return fail(kSigmaField, m_key.field, "the modifier 'exists' takes true or false");
        Test test = blank();
        test.wanted = yes;
        return add(std::move(test));
    }

    Result<Condition> sameAs(const std::string& text)
    {
        if (trimSpaces(text).empty())
            return fail(kSigmaField, m_key.field, "the modifier 'fieldref' takes the name of a field");
        Test test = blank();
        test.otherField = trimSpaces(text);
        return add(std::move(test));
    }

    const FieldKey& m_key;
    const Placeholders& m_placeholders;
    std::vector<Test>& m_tests;
};

} // namespace

Result<Condition> readFieldTest(std::string_view text, std::span<const RuleValue> values, const Placeholders& placeholders, std::vector<Test>& tests)
{
    TOCSIN_TRY_ASSIGN(const FieldKey key, parseKey(text));
    if (values.empty())
        return fail(kSigmaField, text, "the list of values is empty");
    ValueReader reader(key, placeholders, tests);
    std::vector<Condition> conditions;
    for (const RuleValue& value : values) {
        TOCSIN_TRY_ASSIGN(Condition condition, reader.read(value));
        conditions.push_back(std::move(condition));
    }
    Condition joined = Condition::join(key.all ? Condition::Kind::All : Condition::Kind::Any, std::move(conditions));
    return key.negated ? Condition::negated(std::move(joined)) : std::move(joined);
}

} // namespace tocsin::detect::sigma
