// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaRuleSet.h"

#include "base/Utf8.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace tocsin::detect::sigma {
namespace {

/// How much a set of literals narrows: long ones do, and few of them.
long value(const std::vector<std::pair<std::uint32_t, std::string>>& triggers)
{
    std::size_t shortest = 24;
    for (const auto& [field, literal] : triggers)
        shortest = std::min(shortest, literal.size());
    return static_cast<long>(shortest) * 8 - static_cast<long>(std::min<std::size_t>(triggers.size(), 60));
}

int cost(const SigmaRule& rule, const Condition& condition)
{
    if (condition.kind == Condition::Kind::Test) {
        const Test& test = rule.tests[condition.test];
        return (test.kind == Test::Kind::Regex ? 50 : 1) * (test.field.empty() ? 20 : 1);
    }
    int sum = 0;
    for (const Condition& child : condition.children)
        sum = std::min(sum + cost(rule, child), 1'000'000);
    return sum;
}

} // namespace

std::string fieldKey(std::string_view name)
{
    std::string key;
    for (const char c : name)
        if (c != ' ')
            key += foldAscii(c);
    return key;
}

SigmaRuleSet::SigmaRuleSet(std::vector<SigmaRule> rules) : m_rules(std::move(rules)), m_logSources(LogSources::builtIn())
{
    m_fields.emplace(std::string(), kAnyField);
    m_eventIdField = fieldId("EventID");
    m_compiled.resize(m_rules.size());
    std::map<LogSource, std::uint32_t> sources;
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        LogSource source = m_rules[i].logSource;
        source.definition.clear();
        const auto [found, fresh] = sources.emplace(std::move(source), static_cast<std::uint32_t>(m_sources.size()));
        if (fresh)
            m_sources.push_back(found->first);
        m_compiled[i].source = found->second;
        compile(i);
    }
    m_literals.resize(m_fields.size());
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        const auto literals = triggers(i, m_rules[i].condition);
        m_compiled[i].always = !literals;
        if (literals)
            for (const auto& [field, literal] : *literals)
                m_literals[field].add(literal, static_cast<std::uint32_t>(i));
        if (auto ids = eventIds(i, m_rules[i].condition))
            m_compiled[i].eventIds = std::move(*ids);
    }
    for (LiteralIndex& index : m_literals)
        index.build();
}

SigmaRuleSet::~SigmaRuleSet() = default;
SigmaRuleSet::SigmaRuleSet(SigmaRuleSet&&) noexcept = default;
SigmaRuleSet& SigmaRuleSet::operator=(SigmaRuleSet&&) noexcept = default;

std::string SigmaRuleSet::fieldKeyOf(std::string_view name)
{
    return fieldKey(name);
}

std::uint32_t SigmaRuleSet::fieldId(const std::string& name)
{
    return m_fields.emplace(fieldKey(name), static_cast<std::uint32_t>(m_fields.size())).first->second;
}

void SigmaRuleSet::compile(std::size_t index)
{
    SigmaRule& rule = m_rules[index];
    sortByCost(rule, rule.condition);
    for (const Test& test : rule.tests) {
        CompiledTest compiled;
        compiled.kind = test.kind;
        compiled.cased = test.cased;
        compiled.field = fieldId(test.field);
        m_hasKeywords = m_hasKeywords || compiled.field == kAnyField;
        if (test.kind == Test::Kind::SameAs)
            compiled.otherField = fieldId(test.otherField);
        if (test.kind == Test::Kind::Text)
            compiled.pattern = CompiledPattern(test.pattern, test.cased);
        if (test.kind == Test::Kind::Regex) {
            RE2::Options options;
            options.set_log_errors(false);
            compiled.expression = std::make_unique<RE2>(test.expression, options);
        }
        m_compiled[index].tests.push_back(std::move(compiled));
    }
}

/// Cheap parts first: "and" and "or" stop at the first part that decides.
void SigmaRuleSet::sortByCost(const SigmaRule& rule, Condition& condition) const
{
    for (Condition& child : condition.children)
        sortByCost(rule, child);
    std::stable_sort(condition.children.begin(), condition.children.end(),
                     [&](const Condition& a, const Condition& b) { return cost(rule, a) < cost(rule, b); });
}

std::optional<SigmaRuleSet::Triggers> SigmaRuleSet::triggers(std::size_t rule, const Condition& condition) const
{
    switch (condition.kind) {
    case Condition::Kind::Not: return std::nullopt;
    case Condition::Kind::Test: {
        const CompiledTest& test = m_compiled[rule].tests[condition.test];
        if (test.kind != Test::Kind::Text || test.field == kAnyField || test.field == m_eventIdField)
            return std::nullopt;
        // Folded even if cased: the index is asked with folded text.
        std::string literal = foldCase(test.pattern.longestLiteral());
        if (literal.size() < LiteralIndex::kMinLength)
            return std::nullopt;
        return Triggers{{test.field, std::move(literal)}};
    }
    case Condition::Kind::Any: {
        Triggers all;
        for (const Condition& child : condition.children) {
            auto some = triggers(rule, child);
            if (!some)
                return std::nullopt;
            std::move(some->begin(), some->end(), std::back_inserter(all));
        }
        return all;
    }
    case Condition::Kind::All: {
        std::optional<Triggers> best;
        for (const Condition& child : condition.children) {
            auto some = triggers(rule, child);
            if (some && (!best || value(*some) > value(*best)))
                best = std::move(some);
        }
        return best;
    }
    }
    return std::nullopt;
}

std::optional<std::vector<std::uint32_t>> SigmaRuleSet::eventIds(std::size_t rule, const Condition& condition) const
{
    switch (condition.kind) {
    case Condition::Kind::Not: return std::nullopt;
    case Condition::Kind::Test: {
        const CompiledTest& test = m_compiled[rule].tests[condition.test];
        if (test.kind != Test::Kind::Text || test.field != m_eventIdField || !test.pattern.isExact())
            return std::nullopt;
        const std::string_view text = test.pattern.longestLiteral();
        std::uint32_t id = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
        if (error != std::errc() || end != text.data() + text.size())
            return std::nullopt;
        return std::vector{id};
    }
    case Condition::Kind::Any: {
        std::vector<std::uint32_t> all;
        for (const Condition& child : condition.children) {
            const auto some = eventIds(rule, child);
            if (!some)
                return std::nullopt;
            all.insert(all.end(), some->begin(), some->end());
        }
        return all;
    }
    case Condition::Kind::All:
        for (const Condition& child : condition.children)
            if (auto some = eventIds(rule, child))
                return some;
        return std::nullopt;
    }
    return std::nullopt;
}

std::vector<std::size_t> SigmaRuleSet::rulesWithoutLog() const
{
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < m_rules.size(); ++i)
        if (!m_logSources.isKnown(m_rules[i].logSource))
            result.push_back(i);
    return result;
}

} // namespace tocsin::detect::sigma
