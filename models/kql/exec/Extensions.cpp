// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Extensions.h"

#include "kql/exec/Subquery.h"
#include "kql/exec/plugins/Plugins.h"

#include <array>

namespace tocsin::kql {
namespace {

struct Maker {
    std::string_view name;
    Result<OperatorPtr> (*make)(const PlanNode& node, Run& run);
};

constexpr std::array kMakers{
    Maker{"mv-apply-rows", makeSubqueryLeaf},  Maker{"partition-rows", makeSubqueryLeaf}, Maker{"partition", makePartition},
    Maker{"sample", makeSample},               Maker{"sample-distinct", makeSampleDistinct}, Maker{"top-hitters", makeTopHitters},
    Maker{"externaldata", makeExternalData},   Maker{"reduce", makeReduce},               Maker{"graph-match", makeGraphMatch},      Maker{"graph-shortest-paths", makeGraphShortestPaths},
    Maker{"graph-to-table:nodes", makeGraphNodes}, Maker{"graph-to-table:edges", makeGraphEdges},
    Maker{"top-nested", makeTopNested},        Maker{"parse-kv", makeParseKv},            Maker{"scan", makeScanSteps}};

} // namespace

Result<OperatorPtr> compileExtension(const PlanNode& node, Run& run)
{
    if (node.kind == PlanNode::Kind::MvExpand)
        return makeMvApply(node, run);
    if (node.name.starts_with("evaluate:"))
        return makePlugin(node, run);
    for (const Maker& maker : kMakers)
        if (maker.name == node.name)
            return maker.make(node, run);
    Error error = makeError(kUnsupportedOperator, node.name);
    error.at(node.span);
    return std::unexpected(std::move(error));
}

} // namespace tocsin::kql
