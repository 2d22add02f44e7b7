// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaRule.h"

#include "base/Utf8.h"

namespace tocsin::detect::sigma {
namespace {

constexpr std::string_view kLevels[] = {"informational", "low", "medium", "high", "critical"};

} // namespace

std::string_view levelName(Level level)
{
    return kLevels[static_cast<std::size_t>(level)];
}

std::optional<Level> parseLevel(std::string_view name)
{
    for (std::size_t i = 0; i < std::size(kLevels); ++i)
        if (equalsIgnoringCase(name, kLevels[i]))
            return static_cast<Level>(i);
    return std::nullopt;
}

Severity severityOf(Level level)
{
    switch (level) {
    case Level::Informational: return Severity::Informational;
    case Level::Low: return Severity::Low;
    case Level::Medium: return Severity::Medium;
    case Level::High:
    case Level::Critical: return Severity::High;
    }
    return Severity::Medium;
}

Condition Condition::negated(Condition condition)
{
    Condition result{Kind::Not, {}, 0};
    result.children.push_back(std::move(condition));
    return result;
}

Condition Condition::join(Kind kind, std::vector<Condition> children)
{
    if (children.size() == 1)
        return std::move(children.front());
    return {kind, std::move(children), 0};
}

} // namespace tocsin::detect::sigma
