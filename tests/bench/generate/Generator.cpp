// SPDX-License-Identifier: GPL-3.0-or-later
#include "Generator.h"

#include <algorithm>

namespace tocsin::bench {

std::span<const Kind> kinds()
{
    static const std::vector<Kind> kKinds{
        {"signin", {"TimeGenerated", "UserPrincipalName", "IPAddress", "Location", "AppDisplayName", "ResultType", "ClientAppUsed", "CorrelationId", "DeviceDetail"}, makeSignIns},
        {"security", {"TimeGenerated", "Computer", "EventID", "Account", "Process", "CommandLine", "ParentProcess", "LogonType", "EventData"}, makeSecurityEvents},
        {"flow", {"TimeGenerated", "SrcIP", "DestIP", "SrcPort", "DestPort", "Protocol", "Direction", "Decision", "Rule", "BytesSent", "BytesReceived", "PacketsSent", "PacketsReceived"}, makeFlows},
        {"nested", {"TimeGenerated", "Body"}, makeNestedEvents},
        {"request", {"TimeGenerated", "Url", "Method", "Status"}, makeWebRequests},
    };
    return kKinds;
}

const Kind* findKind(std::string_view name)
{
    const auto found = std::ranges::find(kinds(), name, &Kind::name);
    return found == kinds().end() ? nullptr : &*found;
}

bool generate(const Kind& kind, const Shape& shape, const std::function<bool(std::string_view)>& sink)
{
    constexpr std::size_t kBlock = 1 << 20;
    const std::unique_ptr<Rows> rows = kind.make(shape);
    const Permutation order(shape.rows, shape.seed);
    std::string block;
    block.reserve(kBlock + (1 << 16));
    for (std::uint32_t i = 0; i < shape.rows; ++i) {
        rows->append(block, shape.shuffled ? order(i) : i);
        if (block.size() < kBlock)
            continue;
        if (!sink(block))
            return false;
        block.clear();
    }
    return block.empty() || sink(block);
}

} // namespace tocsin::bench
