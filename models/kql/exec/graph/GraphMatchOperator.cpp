// SPDX-License-Identifier: GPL-3.0-or-later
// graph-match and graph-shortest-paths.
#include "kql/exec/Extensions.h"
#include "kql/exec/graph/ShortestPaths.h"

#include <map>

namespace tocsin::kql {
namespace {

constexpr std::size_t kMatchesAtOnce = 1024;

Cycles cyclesOf(const PlanNode& node)
{
    const std::string text = graphOption(node, "cycles");
    return text == "all" ? Cycles::All : text == "none" ? Cycles::None : Cycles::UniqueEdges;
}

/// Takes matches one by one and hands those that pass the whole condition on in groups.
class MatchFilter {
public:
    using Use = std::function<Result<void>(std::vector<GraphMatch> matches)>;
    MatchFilter(GraphPattern& pattern, Run& run, Use use) : m_pattern(pattern), m_run(run), m_use(std::move(use)) {}

    Result<void> add(const GraphMatch& match)
    {
        m_matches.push_back(match);
        return m_matches.size() < kMatchesAtOnce ? Result<void>() : flush();
    }
    Result<void> flush()
    {
        TOCSIN_TRY(m_run.checkStop());
        TOCSIN_TRY_ASSIGN(const std::vector<std::uint32_t> passing, m_pattern.passing(m_matches, m_run));
        std::vector<GraphMatch> kept;
        for (const std::uint32_t place : passing)
            kept.push_back(std::move(m_matches[place]));
        m_matches.clear();
        return kept.empty() ? Result<void>() : m_use(std::move(kept));
    }

private:
    GraphPattern& m_pattern;
    Run& m_run;
    Use m_use;
    std::vector<GraphMatch> m_matches;
};

/// Of all matches, those with the fewest edges for each pair of first and last node: for patterns of more than one edge, and for
/// conditions that need the whole match.
class ShortestOfAll {
public:
    ShortestOfAll(std::size_t last, bool all, Run& run) : m_last(last), m_all(all), m_memory(run.memory()) {}

    Result<void> add(std::vector<GraphMatch> matches)
    {
        for (GraphMatch& match : matches) {
            const std::size_t length = match.length();
            Best& best = m_best[{match.nodes.front(), match.nodes[m_last]}];
            if (!best.matches.empty() && (length > best.length || (length == best.length && !m_all)))
                continue;
            if (length < best.length)
                best.matches.clear();
            best.length = length;
            TOCSIN_TRY(m_memory.grow(sizeof(GraphMatch) + (match.nodes.size() + 2 * length) * sizeof(std::uint32_t)));
            best.matches.push_back(std::move(match));
        }
        return {};
    }
    std::vector<GraphMatch> take()
    {
        std::vector<GraphMatch> all;
        for (auto& [ends, best] : m_best)
            std::move(best.matches.begin(), best.matches.end(), std::back_inserter(all));
        return all;
    }

private:
    struct Best {
        std::size_t length = 0;
        std::vector<GraphMatch> matches;
    };
    std::size_t m_last;
    bool m_all;
    MemoryShare m_memory;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Best> m_best;
};

Result<void> emit(GraphPattern& pattern, std::span<const GraphMatch> matches, Run& run, BatchCollector& out)
{
    for (std::size_t start = 0; start < matches.size(); start += kMatchesAtOnce) {
        TOCSIN_TRY(run.checkStop());
        TOCSIN_TRY_ASSIGN(Batch batch, pattern.rows(matches.subspan(start, std::min(kMatchesAtOnce, matches.size() - start)), run));
        TOCSIN_TRY(out.add(std::move(batch)));
    }
    return {};
}

Result<void> shortestPaths(const PlanNode& node, GraphPattern& pattern, const Graph& graph, Run& run, BatchCollector& out)
{
    const bool all = graphOption(node, "output") == "all";
    const auto& edges = pattern.edges();
    const bool hasPath = std::any_of(edges.begin(), edges.end(), [](const GraphPattern::Edge& edge) { return edge.path; });
    const auto sequences = std::count_if(node.graphPattern.begin(), node.graphPattern.end(), [](const PlanNode::GraphElement& e) { return e.first; });
    if (!hasPath || sequences != 1) {
        Error error = makeError(kGraphPath);
        error.at(node.span);
        return std::unexpected(std::move(error));
    }
    if (edges.size() == 1 && pattern.nodes().size() == 2 && !pattern.hasRest()) {
        MatchFilter matches(pattern, run, [&](const std::vector<GraphMatch>& found) { return emit(pattern, found, run, out); });
        TOCSIN_TRY(ShortestPaths(pattern, graph, all, run).find([&](const GraphMatch& match) { return matches.add(match); }));
        return matches.flush();
    }
    ShortestOfAll shortest(edges.back().right, all, run);
    MatchFilter matches(pattern, run, [&](std::vector<GraphMatch> found) { return shortest.add(std::move(found)); });
    TOCSIN_TRY(GraphMatcher(pattern, graph, Cycles::UniqueEdges, run).find([&](const GraphMatch& match) { return matches.add(match); }));
    TOCSIN_TRY(matches.flush());
    return emit(pattern, shortest.take(), run, out);
}

/// Puts the pattern's place to errors that have none.
Result<void> placed(Result<void> result, const PlanNode& node)
{
    if (!result && !result.error().span) {
        Error error = result.error();
        error.at(node.span);
        return std::unexpected(std::move(error));
    }
    return result;
}

} // namespace

Result<OperatorPtr> makeGraphMatch(const PlanNode& node, Run& run)
{
    return makeGraphOperator(node, run, [node](const Graph& graph, Run& r, BatchCollector& out) -> Result<void> {
        TOCSIN_TRY_ASSIGN(const std::unique_ptr<GraphPattern> pattern, GraphPattern::make(node, graph, r));
        MatchFilter matches(*pattern, r, [&](const std::vector<GraphMatch>& found) { return emit(*pattern, found, r, out); });
        TOCSIN_TRY(placed(GraphMatcher(*pattern, graph, cyclesOf(node), r).find([&](const GraphMatch& match) { return matches.add(match); }), node));
        return matches.flush();
    });
}

Result<OperatorPtr> makeGraphShortestPaths(const PlanNode& node, Run& run)
{
    return makeGraphOperator(node, run, [node](const Graph& graph, Run& r, BatchCollector& out) -> Result<void> {
        TOCSIN_TRY_ASSIGN(const std::unique_ptr<GraphPattern> pattern, GraphPattern::make(node, graph, r));
        return shortestPaths(node, *pattern, graph, r, out);
    });
}

} // namespace tocsin::kql
