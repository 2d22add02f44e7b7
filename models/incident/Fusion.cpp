// SPDX-License-Identifier: GPL-3.0-or-later
#include "incident/Fusion.h"

#include "base/IpAddress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace tocsin::incident {
namespace {

using detect::Alert;
using detect::Severity;
using attack::Stage;

constexpr double kWeakFactor = 0.5;    // a key that only suggests identity
constexpr double kZeta = 2.5924;       // ζ(1.5) over 10,000 terms
constexpr Ticks kTie = kTicksPerSecond; // closer alerts have no order
constexpr std::size_t kLeastAlerts = 10'000; // among few alerts every entity looks common; rarity is judged as if a busy month had this many
constexpr double kBridgeRarity = 0.65; // one entity as rare as this joins two groups on its own

/// How much sharing an entity of a type says.
double typeWeight(const entity::Entity& entity)
{
    static const std::map<std::string, double, std::less<>> weights{{"Process", 1.0}, {"FileHash", 1.0}, {"Account", 0.8}, {"Host", 0.8}, {"AzureResource", 0.8}, {"Mailbox", 0.8}, {"IP", 0.6}, {"URL", 0.5}, {"DNS", 0.5}};
    if (entity.type == "IP")
        if (const auto address = parseIp(*entity.field("Address")); address && isPrivateIp(*address))
            return 0.4;
    const auto found = weights.find(entity.type);
    return found == weights.end() ? 0.4 : found->second;
}

/// The alerts that carry one entity key.
struct Posting {
    std::string label;
    double weight = 0;  ///< of the type, lowered for weak keys
    bool fast = false;  ///< a private address: fades four times as fast
    bool strong = false;
    std::vector<std::size_t> alerts;
};

class Fuser {
public:
    Fuser(const std::vector<Alert>& alerts, const FusionOptions& options) : m_alerts(alerts), m_options(options) {}

    std::vector<Cluster> run()
    {
        order();
        index();
        link();
        join();
        return clusters();
    }

private:
    /// A fixed order, whatever order the alerts came in.
    void order()
    {
        m_order.resize(m_alerts.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t{0});
        std::sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
            return std::tie(m_alerts[a].startTime, m_alerts[a].id) < std::tie(m_alerts[b].startTime, m_alerts[b].id);
        });
    }

    void index()
    {
        for (const std::size_t place : m_order)
            for (const entity::Entity& entity : m_alerts[place].entities) {
                const auto keys = entity::entityKeys(entity);
                for (const entity::EntityKey& key : keys) {
                    Posting& posting = m_postings[key.text];
                    if (posting.alerts.empty()) {
                        posting.label = entity.label();
                        posting.weight = typeWeight(entity) * (key.strong ? 1.0 : kWeakFactor);
                        posting.strong = key.strong;
                        posting.fast = typeWeight(entity) == 0.4 && entity.type == "IP";
                    }
                    if (posting.alerts.empty() || posting.alerts.back() != place)
                        posting.alerts.push_back(place);
                }
            }
    }

    double rarity(const Posting& posting) const
    {
        const double all = static_cast<double>(std::max(m_alerts.size(), kLeastAlerts)) + 1;
        return std::log(all / (static_cast<double>(posting.alerts.size()) + 1)) / std::log(all);
    }

    Ticks gap(std::size_t a, std::size_t b) const
    {
        const Alert& x = m_alerts[a];
        const Alert& y = m_alerts[b];
        if (x.startTime <= y.endTime && y.startTime <= x.endTime)
            return 0;
        return x.startTime > y.endTime ? x.startTime - y.endTime : y.startTime - x.endTime;
    }

    void link()
    {
        std::map<std::pair<std::size_t, std::size_t>, Link> links;
        for (const auto& [key, posting] : m_postings) {
            const double rare = rarity(posting);
            const std::size_t count = posting.alerts.size();
            for (std::size_t j = 1; j < count; ++j)
                for (std::size_t i = j > m_options.postings ? j - m_options.postings : 0; i < j; ++i) {
                    const std::size_t a = posting.alerts[i], b = posting.alerts[j];
                    const Ticks apart = gap(a, b);
                    if (apart > m_options.silence)
                        continue;
                    const double tau = static_cast<double>(posting.fast ? m_options.decay / 4 : m_options.decay);
                    const double weight = posting.weight * rare * std::exp(-static_cast<double>(apart) / tau);
                    Link& link = links[{std::min(a, b), std::max(a, b)}];
                    link.first = std::min(a, b);
                    link.second = std::max(a, b);
                    link.gap = apart;
                    addPart(link, {key, posting.label, rare, weight}, posting.strong);
                }
        }
        for (auto& [pair, link] : links)
            if (link.weight >= m_options.linkWeight)
                m_links.push_back(std::move(link));
        const auto rank = [&](const Link& link) { return std::tie(m_alerts[link.first].id, m_alerts[link.second].id); };
        std::sort(m_links.begin(), m_links.end(), [&](const Link& a, const Link& b) {
            return a.weight != b.weight ? a.weight > b.weight : rank(a) < rank(b);
        });
    }

    /// Each entity counts once, by its best key: a host known by its full name must not count again by its short one.
    static void addPart(Link& link, LinkPart part, bool strong)
    {
        for (LinkPart& known : link.parts) {
            const bool same = known.label == part.label || (!strong && known.label.starts_with(part.label + '.')) || (!strong && part.label.starts_with(known.label + '.'));
            if (!same)
                continue;
            if (part.weight > known.weight) {
                link.weight += part.weight - known.weight;
                known = std::move(part);
            }
            return;
        }
        link.weight += part.weight;
        link.parts.push_back(std::move(part));
    }

    std::size_t root(std::size_t place)
    {
        while (m_parent[place] != place)
            place = m_parent[place] = m_parent[m_parent[place]];
        return place;
    }

    /// Strongest links first, so the links that join are a maximum spanning tree. Two groups that have both grown join only over two
    /// entities or one rare one, lest a shared address glue everything together.
    void join()
    {
        m_parent.resize(m_alerts.size());
        std::iota(m_parent.begin(), m_parent.end(), std::size_t{0});
        std::vector<std::size_t> size(m_alerts.size(), 1);
        std::map<std::pair<std::size_t, std::size_t>, std::set<std::string>> bridges;
        for (const Link& link : m_links) {
            const std::size_t a = root(link.first), b = root(link.second);
            if (a == b)
                continue;
            if (size[a] > 2 && size[b] > 2) {
                auto& seen = bridges[{std::min(a, b), std::max(a, b)}];
                bool rare = false;
                for (const LinkPart& part : link.parts) {
                    seen.insert(part.key);
                    rare = rare || part.rarity >= kBridgeRarity;
                }
                if (!rare && seen.size() < 2)
                    continue;
            }
            m_parent[b] = a;
            size[a] += size[b];
            m_story.push_back(link);
        }
    }

    std::vector<Cluster> clusters()
    {
        std::map<std::size_t, Cluster> byRoot;
        for (const std::size_t place : m_order)
            byRoot[root(place)].alerts.push_back(place);
        for (const Link& link : m_story)
            byRoot[root(link.first)].story.push_back(link);
        std::vector<Cluster> result;
        for (auto& [place, cluster] : byRoot) {
            describe(cluster);
            result.push_back(std::move(cluster));
        }
        std::sort(result.begin(), result.end(), [&](const Cluster& a, const Cluster& b) {
            const Alert& x = m_alerts[a.alerts.front()];
            const Alert& y = m_alerts[b.alerts.front()];
            return std::tie(x.startTime, x.id) < std::tie(y.startTime, y.id);
        });
        return result;
    }

    void describe(Cluster& cluster) const
    {
        std::set<Stage> stages;
        std::set<std::string> rules;
        for (const std::size_t place : cluster.alerts) {
            rules.insert(m_alerts[place].ruleId);
            for (const Stage stage : attack::stagesOf(m_alerts[place].tactics))
                stages.insert(stage);
        }
        cluster.stages.assign(stages.begin(), stages.end());
        cluster.chainLength = chainLength(cluster);
        cluster.score = score(cluster, rules.size());
        cluster.severity = severity(cluster);
        cluster.centralEntity = centralEntity(cluster);
        cluster.title = title(cluster, rules.size());
    }

    /// The longest run of ever later stages along time, where floating tactics count once, anywhere.
    int chainLength(const Cluster& cluster) const
    {
        std::set<Stage> floating;
        std::array<int, attack::kStageCount> best{}; // longest chain that ends in a stage
        std::array<Ticks, attack::kStageCount> reached{};
        for (const std::size_t place : cluster.alerts) {
            const Alert& alert = m_alerts[place];
            for (const std::string& tactic : alert.tactics) {
                const auto stage = attack::stageOfTactic(tactic);
                if (!stage)
                    continue;
                if (attack::isFloatingTactic(tactic)) {
                    floating.insert(*stage);
                    continue;
                }
                const auto index = static_cast<std::size_t>(*stage);
                int before = 0;
                for (std::size_t earlier = 0; earlier < index; ++earlier)
                    if (best[earlier] > before && reached[earlier] <= alert.startTime + kTie)
                        before = best[earlier];
                if (before + 1 > best[index]) {
                    best[index] = before + 1;
                    reached[index] = alert.startTime;
                }
            }
        }
        int length = *std::max_element(best.begin(), best.end());
        for (const Stage stage : floating)
            length += best[static_cast<std::size_t>(stage)] == 0;
        return length;
    }

    double score(const Cluster& cluster, std::size_t rules) const
    {
        static constexpr double kWeights[] = {10, 30, 60, 90};
        std::map<std::pair<std::string, std::string>, double> perPair; // one weight a rule and entity
        for (const std::size_t place : cluster.alerts) {
            const Alert& alert = m_alerts[place];
            double& weight = perPair[{alert.ruleId, alert.entities.empty() ? std::string() : alert.entities.front().label()}];
            weight = std::max(weight, kWeights[static_cast<std::size_t>(alert.severity)]);
        }
        std::vector<double> weights;
        for (const auto& [pair, weight] : perPair)
            weights.push_back(weight);
        std::sort(weights.rbegin(), weights.rend());
        double base = 0;
        for (std::size_t i = 0; i < weights.size(); ++i)
            base += weights[i] / std::pow(static_cast<double>(i + 1), 1.5);
        base /= kZeta;
        const double length = 1 + 0.35 * std::max(0, cluster.chainLength - 1);
        const double variety = 1 + 0.1 * std::min<double>(4, static_cast<double>(rules) - 1);
        return std::min(100.0, base * length * variety);
    }

    Severity severity(const Cluster& cluster) const
    {
        if (cluster.alerts.size() == 1)
            return m_alerts[cluster.alerts.front()].severity;
        const bool grave = std::any_of(cluster.stages.begin(), cluster.stages.end(), [](Stage stage) {
            return stage == Stage::PrivilegeEscalation || stage == Stage::LateralMovement || stage == Stage::DenialOfService || stage == Stage::Exfiltration;
        });
        Severity highest = Severity::Informational;
        for (const std::size_t place : cluster.alerts)
            highest = std::max(highest, m_alerts[place].severity);
        const Severity fused = cluster.score >= 70 || (cluster.chainLength >= 3 && grave) ? Severity::High : cluster.score >= 40 ? Severity::Medium : Severity::Low;
        return std::max(fused, highest);
    }

    std::string centralEntity(const Cluster& cluster) const
    {
        std::map<std::string, std::pair<int, double>> counts; // label: alerts, weight
        for (const std::size_t place : cluster.alerts) {
            std::set<std::string> seen;
            for (const entity::Entity& entity : m_alerts[place].entities)
                if (seen.insert(entity.label()).second) {
                    auto& [count, weight] = counts[entity.label()];
                    ++count;
                    weight = typeWeight(entity);
                }
        }
        std::string best;
        std::pair<int, double> most{0, 0};
        for (const auto& [label, count] : counts)
            if (count > most) {
                most = count;
                best = label;
            }
        return best;
    }

    std::string title(const Cluster& cluster, std::size_t rules) const
    {
        if (cluster.alerts.size() == 1 || rules == 1)
            return m_alerts[cluster.alerts.front()].name;
        const std::string on = cluster.centralEntity.empty() ? "" : " on " + cluster.centralEntity;
        if (cluster.stages.size() < 2)
            return fmt::format("{} related alerts{}", cluster.alerts.size(), on);
        return fmt::format("Possible multistage attack: {} to {}{}", attack::stageName(cluster.stages.front()), attack::stageName(cluster.stages.back()), on);
    }

    const std::vector<Alert>& m_alerts;
    const FusionOptions& m_options;
    std::vector<std::size_t> m_order;
    std::map<std::string, Posting> m_postings;
    std::vector<Link> m_links;
    std::vector<Link> m_story;
    std::vector<std::size_t> m_parent;
};

} // namespace

std::vector<Cluster> fuseAlerts(const std::vector<Alert>& alerts, const FusionOptions& options) { return Fuser(alerts, options).run(); }

} // namespace tocsin::incident
