// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/LiteralIndex.h"
#include "detect/sigma/LogSources.h"
#include "detect/sigma/SigmaRule.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace re2 { class RE2; }

namespace tocsin::detect::sigma {

/// Many rules made ready for matching. Immutable; share it between threads, each with a matcher of its own.
///
/// A rule is asked about an event only if its log source fits and, for most rules, if a literal occurs without which the rule cannot be
/// true. Those literals of all rules are looked for together, field by field.
class SigmaRuleSet {
public:
    explicit SigmaRuleSet(std::vector<SigmaRule> rules);
    ~SigmaRuleSet();
    SigmaRuleSet(SigmaRuleSet&&) noexcept;
    SigmaRuleSet& operator=(SigmaRuleSet&&) noexcept;

    const std::vector<SigmaRule>& rules() const { return m_rules; }
    /// Rules whose log source is none that this program reads; they never match.
    std::vector<std::size_t> rulesWithoutLog() const;
    /// Whether some rule asks for the field; case and blanks do not count.
    bool hasField(std::string_view name) const { return m_fields.contains(fieldKeyOf(name)); }
    /// Whether some rule looks through all fields.
    bool hasKeywords() const { return m_hasKeywords; }

private:
    friend class SigmaMatcher;
    static constexpr std::uint32_t kAnyField = 0;

    struct CompiledTest {
        Test::Kind kind = Test::Kind::Text;
        std::uint32_t field = kAnyField;
        std::uint32_t otherField = kAnyField;
        bool cased = false;
        CompiledPattern pattern;
        std::unique_ptr<re2::RE2> expression;
    };
    struct CompiledRule {
        std::vector<CompiledTest> tests;
        std::uint32_t source = 0;             ///< index into m_sources
        std::vector<std::uint32_t> eventIds;  ///< if not empty, the event must have one of them
        bool always = true;                   ///< no literal decides: ask for every event of the log source
    };
    /// Literals one of which must occur: by field.
    using Triggers = std::vector<std::pair<std::uint32_t, std::string>>;

    static std::string fieldKeyOf(std::string_view name);
    std::uint32_t fieldId(const std::string& name);
    void compile(std::size_t rule);
    void sortByCost(const SigmaRule& rule, Condition& condition) const;
    std::optional<Triggers> triggers(std::size_t rule, const Condition& condition) const;
    std::optional<std::vector<std::uint32_t>> eventIds(std::size_t rule, const Condition& condition) const;

    std::vector<SigmaRule> m_rules;
    std::vector<CompiledRule> m_compiled;
    std::vector<LogSource> m_sources;
    LogSources m_logSources;
    std::unordered_map<std::string, std::uint32_t> m_fields; ///< name without case and blanks
    std::uint32_t m_eventIdField = 0;
    bool m_hasKeywords = false;
    std::vector<LiteralIndex> m_literals; ///< by field
};

/// A field name as rules compare it: lower case, no blanks.
std::string fieldKey(std::string_view name);

} // namespace tocsin::detect::sigma
