// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that ask the Kusto service about itself: they bind, so that shared queries can be checked, and say when run why they cannot answer.
#include "kql/functions/scalar/ServiceFunctions.h"

#include "kql/functions/Families.h"

namespace tocsin::kql {

namespace {

using enum DataType;

inline constexpr ErrorKind kNeedsService{"kql.needs_service", "{0}() can only be answered by a Kusto service: {1}", "Leave it out, or run the query on the service."};
inline constexpr ErrorKind kAssertFailed{"kql.assert_failed", "The assertion of the query does not hold: {0}", ""};

Signature unanswerable(std::vector<Parameter> parameters, DataType type, std::string name, std::string reason)
{
    return signature(std::move(parameters), type, [name = std::move(name), reason = std::move(reason)](KernelContext&, std::span<const Vector>, std::size_t rows) -> Result<Vector> {
        if (rows == 0)
            return Vector::constant(Value::null(DataType::String), 0);
        return fail(kNeedsService, name, reason);
    });
}

/// assert(): every row must agree.
Result<Vector> assertRows(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    for (std::size_t row = 0; row < rows; ++row) {
        const Value held = arguments[0].valueAt(row);
        if (held.isNull() || !held.asBool())
            return fail(kAssertFailed, arguments[1].valueAt(row).toString());
    }
    return Vector::constant(Value::boolean(true), rows);
}

} // namespace

void addServiceFunctions(FunctionRegistry& registry)
{
    const auto add = [&](std::string_view name, std::string_view help, std::string_view example, std::vector<Parameter> parameters, DataType type, std::string_view reason) {
        registry.add(ScalarFunction{.name = name, .category = "service", .help = help, .example = example,
                                    .signatures = {unanswerable(std::move(parameters), type, std::string(name), std::string(reason))}, .traits = kNonDeterministic});
    };
    constexpr std::string_view kNobody = "nobody signs in to a workspace file";
    constexpr std::string_view kNoCursor = "a workspace file keeps no ingestion cursor; ingestion_time() is known";
    constexpr std::string_view kNoExtent = "a workspace file has segments, not extents";
    add("current_principal", "Who runs the query, as the service knows it.", "print x = 1 | extend who = current_principal() // error", {}, String, kNobody);
    add("current_principal_details", "Type, identity, tenant and names of who runs the query.", "print x = 1 | extend who = current_principal_details() // error", {}, Dynamic, kNobody);
    add("current_principal_is_member_of", "Whether who runs the query belongs to one of the groups.",
        "print x = 1 | extend may = current_principal_is_member_of('aadgroup=ops@example.org') // error", {repeated("group", types::text)}, Bool, kNobody);
    add("current_cluster_endpoint", "The address of the cluster that runs the query.", "print x = 1 | extend at = current_cluster_endpoint() // error", {}, String,
        "this program runs the query itself");
    add("cursor_current", "The cursor of the database: what has been ingested so far.", "print x = 1 | extend now = cursor_current() // error", {}, String, kNoCursor);
    add("cursor_after", "Whether the row was ingested after the cursor.", "print x = 1 | extend late = cursor_after('') // error", {constant("cursor", String)}, Bool, kNoCursor);
    add("cursor_before_or_at", "Whether the row was ingested up to the cursor.", "print x = 1 | extend early = cursor_before_or_at('') // error", {constant("cursor", String)}, Bool, kNoCursor);
    add("extent_id", "The extent that holds the row.", "print x = 1 | extend at = extent_id() // error", {}, Guid, kNoExtent);
    add("extent_tags", "The tags of the extent that holds the row.", "print x = 1 | extend tags = extent_tags() // error", {}, Dynamic, kNoExtent);
    add("row_id", "The identity of the row in its extent.", "print x = 1 | extend id = row_id() // error", {}, String, kNoExtent);
    registry.add(ScalarFunction{.name = "assert", .category = "conditional", .help = "Ends the query with the message unless the condition holds.", .example = "print assert(1 < 2, 'no order') // true",
        .signatures = {signature({{"condition", Bool}, constant("message", String)}, Bool, assertRows)}, .traits = kNonDeterministic});
}

} // namespace tocsin::kql
