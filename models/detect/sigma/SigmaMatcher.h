// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/EventView.h"
#include "detect/sigma/SigmaRuleSet.h"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace tocsin::detect::sigma {

/// Asks the rules of a set about one event after the other. Keeps buffers and what it learnt about log sources; one per thread.
class SigmaMatcher {
public:
    /// The set must outlive the matcher.
    explicit SigmaMatcher(const SigmaRuleSet& set);

    /// The rules that match, as ascending indices into the set's rules; valid until the next call.
    std::span<const std::uint32_t> match(const EventView& event);
    /// Whether any rule is about events of this log at all: false spares the caller from reading the fields.
    bool isWatched(const EventView& event) { return !applicable(event).none; }

private:
    /// The rules one kind of event concerns.
    struct EventClass {
        bool none = true;
        std::vector<bool> rules;
        std::vector<std::uint32_t> always;
    };
    struct FieldValue {
        std::string_view raw;
        std::string_view folded;
        std::int32_t next = -1; ///< next value of the same field
    };

    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    const EventClass& applicable(const EventView& event);
    void load(const EventView& event);
    std::int32_t fieldOf(std::string_view name);
    std::string_view fold(std::string_view text);
    void ask(std::uint32_t rule);
    bool evaluate(std::uint32_t rule, const Condition& condition);
    bool test(std::uint32_t rule, std::size_t index);
    bool sameAs(const Test& test, const SigmaRuleSet::CompiledTest& compiled);
    template <typename Holds> bool anyValue(std::uint32_t field, Holds&& holds);

    const SigmaRuleSet& m_set;
    std::unordered_map<std::string, EventClass, TextHash, std::equal_to<>> m_classes;
    std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>> m_names; ///< as events spell them; -1: in no rule
    std::string m_classKey;

    // Of the current event.
    std::vector<FieldValue> m_values;
    std::vector<std::int32_t> m_firstValue; ///< by field; -1: absent
    std::vector<std::uint32_t> m_loaded;    ///< fields with values
    std::deque<std::string> m_texts;        ///< buffers of folded text
    std::size_t m_usedTexts = 0;
    std::vector<std::uint32_t> m_asked;     ///< by rule: the number of the event it was asked about last
    std::uint32_t m_event = 0;
    std::vector<std::uint32_t> m_hits;
};

} // namespace tocsin::detect::sigma
