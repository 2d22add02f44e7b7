// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"
#include "detect/sigma/SigmaHits.h"

#include <map>
#include <string>
#include <vector>

namespace tocsin::detect::sigma {

/// Evaluates correlation rules over the hits of the rules they name. A group (the events with the same values of `group-by`) raises one
/// alert for each stretch of time in which the condition holds for the window of `timespan` that ends at an event.
class SigmaCorrelator {
public:
    SigmaCorrelator(const std::vector<SigmaCorrelation>& correlations, const std::vector<SigmaRule>& rules);

    void add(std::size_t rule, const SigmaHit& hit);
    /// Whether the rule raises no alerts of its own, because it only serves correlations.
    bool isOnlyCorrelated(std::size_t rule) const { return m_silent[rule]; }
    /// Correlations that name a rule that is not there.
    const std::vector<Error>& errors() const { return m_errors; }
    std::vector<Alert> take(Ticks periodEnd);

private:
    struct Hit {
        Ticks time;
        std::size_t member; ///< place of the rule in the correlation's list
        std::string value;  ///< of the counted field
    };
    struct Group {
        std::vector<Hit> hits;
        std::vector<entity::Entity> entities;
        std::set<std::string> tables;
    };
    bool holds(const SigmaCorrelation& correlation, const std::vector<Hit>& hits, std::size_t from, std::size_t to) const;
    void addAlerts(std::size_t correlation, const std::string& key, Group& group, Ticks periodEnd, std::vector<Alert>& alerts) const;

    const std::vector<SigmaCorrelation>& m_correlations;
    std::vector<std::vector<std::pair<std::size_t, std::size_t>>> m_uses; ///< by rule: correlation, place in its list
    std::vector<bool> m_silent;
    std::vector<std::map<std::string, Group>> m_groups; ///< by correlation
    std::vector<Error> m_errors;
};

} // namespace tocsin::detect::sigma
