// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/Alert.h"
#include "detect/sigma/EventView.h"
#include "detect/sigma/SigmaRule.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

/// One event that a rule matched, with what an alert needs of it.
struct SigmaHit {
    std::string_view table;
    Ticks time = 0;
    std::string_view host;     ///< or, in logs without hosts, the account
    std::string_view recordId; ///< empty where the table has none
    const EventView* event = nullptr;
};

/// Sums hits up to alerts: one for each rule, host and hour.
class SigmaAlerts {
public:
    explicit SigmaAlerts(const std::vector<SigmaRule>& rules) : m_rules(rules) {}

    void add(std::size_t rule, const SigmaHit& hit);
    /// By start time, then rule, then host.
    std::vector<Alert> take(Ticks periodEnd);

private:
    struct Key {
        std::size_t rule;
        std::string host;
        Ticks hour;
        auto operator<=>(const Key&) const = default;
    };
    struct Sum {
        std::string table;
        Ticks first = kMaxDateTime, last = kMinDateTime;
        std::uint64_t count = 0;
        std::set<std::uint32_t> eventIds;
        std::set<std::string> recordIds;
        std::set<Ticks> times;
        std::vector<entity::Entity> entities;
    };
    Alert alertOf(const Key& key, const Sum& sum, Ticks periodEnd) const;

    const std::vector<SigmaRule>& m_rules;
    std::map<Key, Sum> m_sums;
};

/// The entities the usual fields of an event name: host, accounts, addresses, processes, files, hashes, registry keys, domain names.
void addEntities(const EventView& event, std::string_view host, bool hostIsAccount, std::vector<entity::Entity>& entities);

/// A guid from text, always the same for the same text.
std::string textGuid(std::string_view text);
/// A KQL text in quotation marks.
std::string kqlText(std::string_view text);
/// What rule alerts and correlation alerts have alike.
Alert alertFrom(const SigmaHeader& header);

} // namespace tocsin::detect::sigma
