// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/Alert.h"
#include "attack/KillChain.h"

#include <string>
#include <vector>

namespace tocsin::incident {

/// What one shared entity adds to a link.
struct LinkPart {
    std::string key;    ///< of the entity
    std::string label;
    double rarity = 0;  ///< log((N+1)/(df+1)) / log(N+1), df = alerts with the entity: hubs fade by themselves
    double weight = 0;
};

/// Why two alerts belong together. Weight = Σ over shared entities of type weight · rarity · exp(−gap/τ).
struct Link {
    std::size_t first = 0; ///< places in the alert list
    std::size_t second = 0;
    double weight = 0;
    Ticks gap = 0;         ///< between the two intervals; 0 when they overlap
    std::vector<LinkPart> parts;
};

/// Alerts that tell one story.
struct Cluster {
    std::vector<std::size_t> alerts; ///< places in the alert list, by start time
    std::vector<Link> story;         ///< maximum spanning tree of the links
    std::vector<attack::Stage> stages; ///< reached, in the order of the kill chain
    int chainLength = 0;             ///< longest chain of distinct stages in time order
    double score = 0;                ///< 0 … 100
    detect::Severity severity = detect::Severity::Low;
    std::string title;
    std::string centralEntity;       ///< label of the entity most alerts share
};

struct FusionOptions {
    double linkWeight = 0.3;
    Ticks decay = kTicksPerDay;              ///< τ; for private addresses a quarter of it
    Ticks silence = 7 * kTicksPerDay;        ///< alerts further apart are never linked
    std::size_t postings = 500;              ///< newest alerts per entity that are compared
};

/// Groups alerts by shared entities and time. Scoring after the published models: alert weights summed as a p-series with s = 1.5 and
/// normalised by ζ(1.5) (Elastic's entity risk score), raised by the ordered kill-chain length (RapSheet, Hassan 2020; HOLMES,
/// Milajerdi 2019). The result does not depend on the order of the alerts given.
std::vector<Cluster> fuseAlerts(const std::vector<detect::Alert>& alerts, const FusionOptions& options = {});

} // namespace tocsin::incident
