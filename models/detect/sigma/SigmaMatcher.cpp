// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaMatcher.h"

#include "base/Utf8.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxRemembered = 20'000; ///< names and kinds of events: a hostile log must not fill the memory

/// Names of the process events of the Security log beside Sysmon's (azuremonitor pipeline of the Kusto back end).
constexpr std::pair<std::string_view, std::string_view> kSecurityNames[] = {
    {"NewProcessName", "Image"}, {"ParentProcessName", "ParentImage"}, {"SubjectUserName", "User"}, {"NewProcessId", "ProcessId"}};

std::optional<double> numberOf(std::string_view text)
{
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

bool compares(double left, Compare compare, double right)
{
    switch (compare) {
    case Compare::Equal: return left == right;
    case Compare::NotEqual: return left != right;
    case Compare::Greater: return left > right;
    case Compare::GreaterOrEqual: return left >= right;
    case Compare::Less: return left < right;
    case Compare::LessOrEqual: return left <= right;
    }
    return false;
}

} // namespace

SigmaMatcher::SigmaMatcher(const SigmaRuleSet& set) : m_set(set), m_firstValue(set.m_fields.size(), -1), m_asked(set.m_rules.size(), 0) {}

const SigmaMatcher::EventClass& SigmaMatcher::applicable(const EventView& event)
{
    m_classKey.clear();
    for (const std::string_view part : {event.product, event.channel, event.provider, event.category, event.services[0], event.services[1], event.services[2]}) {
        m_classKey += part;
        m_classKey += '\0';
    }
    m_classKey += std::to_string(event.eventId);
    const auto known = m_classes.find(std::string_view(m_classKey));
    if (known != m_classes.end())
        return known->second;
    if (m_classes.size() >= kMaxRemembered)
        m_classes.clear();
    std::vector<bool> sources(m_set.m_sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i)
        sources[i] = m_set.m_logSources.matches(m_set.m_sources[i], event);
    EventClass result;
    result.rules.resize(m_set.m_rules.size());
    for (std::size_t i = 0; i < m_set.m_compiled.size(); ++i) {
        const auto& rule = m_set.m_compiled[i];
        const bool wrongId = event.product == "windows" && !rule.eventIds.empty()
            && std::find(rule.eventIds.begin(), rule.eventIds.end(), event.eventId) == rule.eventIds.end();
        if (!sources[rule.source] || wrongId)
            continue;
        result.none = false;
        result.rules[i] = true;
        if (rule.always)
            result.always.push_back(static_cast<std::uint32_t>(i));
    }
    return m_classes.emplace(m_classKey, std::move(result)).first->second;
}

std::int32_t SigmaMatcher::fieldOf(std::string_view name)
{
    const auto known = m_names.find(name);
    if (known != m_names.end())
        return known->second;
    if (m_names.size() >= kMaxRemembered)
        m_names.clear();
    const auto field = m_set.m_fields.find(fieldKey(name));
    const std::int32_t id = field == m_set.m_fields.end() || field->second == SigmaRuleSet::kAnyField ? -1 : static_cast<std::int32_t>(field->second);
    m_names.emplace(std::string(name), id);
    return id;
}

std::string_view SigmaMatcher::fold(std::string_view text)
{
    if (m_usedTexts == m_texts.size())
        m_texts.emplace_back();
    std::string& buffer = m_texts[m_usedTexts++];
    buffer.resize(text.size());
    unsigned char high = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        high |= static_cast<unsigned char>(text[i]);
        buffer[i] = foldAscii(text[i]);
    }
    if (high & 0x80)
        buffer = foldCase(text);
    return buffer;
}

void SigmaMatcher::load(const EventView& event)
{
    for (const std::uint32_t field : m_loaded)
        m_firstValue[field] = -1;
    m_loaded.clear();
    m_values.clear();
    m_usedTexts = 0;
    // Values in no rule's field are kept too, under "any field", for keywords.
    const auto add = [this](std::string_view name, std::string_view text) {
        const std::int32_t known = fieldOf(name);
        const std::uint32_t field = known < 0 ? SigmaRuleSet::kAnyField : static_cast<std::uint32_t>(known);
        const auto place = static_cast<std::int32_t>(m_values.size());
        m_values.push_back({text, {}, -1});
        if (m_firstValue[field] < 0) {
            m_firstValue[field] = place;
            m_loaded.push_back(field);
            return;
        }
        std::int32_t last = m_firstValue[field];
        if (field == SigmaRuleSet::kAnyField)
            return; // never walked as a list
        while (m_values[static_cast<std::size_t>(last)].next >= 0)
            last = m_values[static_cast<std::size_t>(last)].next;
        m_values[static_cast<std::size_t>(last)].next = place;
    };
    const bool securityProcess = event.product == "windows" && event.eventId == 4688;
    for (const EventField& field : event.fields) {
        add(field.name, field.text);
        if (securityProcess)
            for (const auto& [name, alias] : kSecurityNames)
                if (field.name == name)
                    add(alias, field.text);
    }
    if (!event.message.empty())
        add({}, event.message);
}

std::span<const std::uint32_t> SigmaMatcher::match(const EventView& event)
{
    m_hits.clear();
    const EventClass& concerned = applicable(event);
    if (concerned.none)
        return m_hits;
    if (++m_event == 0) {
        std::fill(m_asked.begin(), m_asked.end(), 0);
        m_event = 1;
    }
    load(event);
    for (const std::uint32_t rule : concerned.always)
        ask(rule);
    for (const std::uint32_t field : m_loaded) {
        const LiteralIndex& literals = m_set.m_literals[field];
        if (field == SigmaRuleSet::kAnyField || literals.isEmpty())
            continue;
        for (std::int32_t i = m_firstValue[field]; i >= 0; i = m_values[static_cast<std::size_t>(i)].next) {
            FieldValue& value = m_values[static_cast<std::size_t>(i)];
            if (value.folded.empty())
                value.folded = fold(value.raw);
            literals.find(value.folded, [&](std::uint32_t rule) {
                if (concerned.rules[rule])
                    ask(rule);
            });
        }
    }
    std::sort(m_hits.begin(), m_hits.end());
    return m_hits;
}

void SigmaMatcher::ask(std::uint32_t rule)
{
    if (m_asked[rule] == m_event)
        return;
    m_asked[rule] = m_event;
    if (evaluate(rule, m_set.m_rules[rule].condition))
        m_hits.push_back(rule);
}

bool SigmaMatcher::evaluate(std::uint32_t rule, const Condition& condition)
{
    switch (condition.kind) {
    case Condition::Kind::Test: return test(rule, condition.test);
    case Condition::Kind::Not: return !evaluate(rule, condition.children.front());
    case Condition::Kind::All:
        return std::all_of(condition.children.begin(), condition.children.end(), [&](const Condition& child) { return evaluate(rule, child); });
    case Condition::Kind::Any:
        return std::any_of(condition.children.begin(), condition.children.end(), [&](const Condition& child) { return evaluate(rule, child); });
    }
    return false;
}

template <typename Holds>
bool SigmaMatcher::anyValue(std::uint32_t field, Holds&& holds)
{
    if (field == SigmaRuleSet::kAnyField)
        return std::any_of(m_values.begin(), m_values.end(), holds);
    for (std::int32_t i = m_firstValue[field]; i >= 0; i = m_values[static_cast<std::size_t>(i)].next)
        if (holds(m_values[static_cast<std::size_t>(i)]))
            return true;
    return false;
}

bool SigmaMatcher::test(std::uint32_t rule, std::size_t index)
{
    const Test& asked = m_set.m_rules[rule].tests[index];
    const SigmaRuleSet::CompiledTest& compiled = m_set.m_compiled[rule].tests[index];
    switch (compiled.kind) {
    case Test::Kind::Text:
        return anyValue(compiled.field, [&](FieldValue& value) {
            if (compiled.cased)
                return compiled.pattern.matches(value.raw);
            if (value.folded.empty())
                value.folded = fold(value.raw);
            return compiled.pattern.matches(value.folded);
        });
    case Test::Kind::Regex:
        return anyValue(compiled.field, [&](const FieldValue& value) { return RE2::PartialMatch(re2::StringPiece(value.raw.data(), value.raw.size()), *compiled.expression); });
    case Test::Kind::Network:
        return anyValue(compiled.field, [&](const FieldValue& value) {
            const auto address = parseIp(value.raw);
            return address && asked.network.contains(*address);
        });
    case Test::Kind::Number:
        return anyValue(compiled.field, [&](const FieldValue& value) {
            const auto number = numberOf(value.raw);
            return number && compares(*number, asked.compare, asked.number);
        });
    case Test::Kind::Null: return !anyValue(compiled.field, [](const FieldValue& value) { return !value.raw.empty(); });
    case Test::Kind::Exists: return (m_firstValue[compiled.field] >= 0) == asked.wanted;
    case Test::Kind::SameAs: return sameAs(asked, compiled);
    }
    return false;
}

bool SigmaMatcher::sameAs(const Test& asked, const SigmaRuleSet::CompiledTest& compiled)
{
    return anyValue(compiled.field, [&](const FieldValue& left) {
        const std::string leftText = asked.cased ? std::string(left.raw) : foldCase(left.raw);
        return anyValue(compiled.otherField, [&](const FieldValue& right) {
            const std::string rightText = asked.cased ? std::string(right.raw) : foldCase(right.raw);
            switch (asked.place) {
            case Test::Place::Whole: return leftText == rightText;
            case Test::Place::Inside: return leftText.find(rightText) != std::string::npos;
            case Test::Place::Start: return leftText.starts_with(rightText);
            case Test::Place::End: return leftText.ends_with(rightText);
            }
            return false;
        });
    });
}

} // namespace tocsin::detect::sigma
