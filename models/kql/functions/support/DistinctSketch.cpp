// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/DistinctSketch.h"

#include "kql/functions/support/Encoding.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

constexpr std::int64_t kVersion = 1;

} // namespace

void writeDistinctSketch(DynamicBuilder& out, const DistinctCounter& counter)
{
    out.beginArray();
    out.number(kVersion);
    out.number(DistinctCounter::kPrecision);
    if (counter.isExact()) {
        out.beginArray();
        std::vector<std::uint64_t> hashes; // sorted: the table's order depends on how it grew
        counter.forEachExact([&](std::uint64_t hash) { hashes.push_back(hash); });
        std::sort(hashes.begin(), hashes.end());
        for (const std::uint64_t hash : hashes)
            out.number(static_cast<std::int64_t>(hash));
        out.endArray();
    } else {
        const auto& registers = counter.sketch().registers();
        out.string(base64Encode({reinterpret_cast<const char*>(registers.data()), registers.size()}));
    }
    out.endArray();
}

std::optional<DistinctCounter> readDistinctSketch(DynamicView value)
{
    if (!value.isArray() || value.size() != 3 || value.item(0).tag() != DynamicTag::Long || value.item(0).asLong() != kVersion)
        return std::nullopt;
    const DynamicView content = value.item(2);
    DistinctCounter out;
    if (content.isArray()) {
        for (std::size_t i = 0; i < content.size(); ++i)
            if (content.item(i).tag() == DynamicTag::Long)
                out.add(static_cast<std::uint64_t>(content.item(i).asLong()), kSketchExactLimit);
        return out;
    }
    const auto bytes = content.isString() ? base64Decode(content.asString()) : std::nullopt;
    if (!bytes || bytes->size() != std::size_t{1} << DistinctCounter::kPrecision)
        return std::nullopt;
    return DistinctCounter::fromSketch(HyperLogLog::fromRegisters(DistinctCounter::kPrecision, {bytes->begin(), bytes->end()}));
}

} // namespace tocsin::kql
