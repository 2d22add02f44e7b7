// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/Subquery.h"

namespace tocsin::kql {

/// narrow: a row for each cell of the table, with the number of its row, the name of its column and its value as text.
Result<OperatorPtr> makeNarrow(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    const std::vector<PlanColumn> columns = input->columns();
    return makeWholeInput(node, std::move(input), [columns](const Batch& rows, Run& r, BatchCollector& out) -> Result<void> {
        std::vector<Vector> texts;
        for (const Vector& column : rows.columns) {
            TOCSIN_TRY_ASSIGN(Vector text, convertVector(column, DataType::String));
            texts.push_back(std::move(text));
        }
        for (std::size_t row = 0; row < rows.storedRows; ++row) {
            if (row % 1024 == 0)
                TOCSIN_TRY(r.checkStop());
            TypedBuilder<DataType::Long> numbers(texts.size());
            TypedBuilder<DataType::String> names(texts.size());
            TypedBuilder<DataType::String> values(texts.size());
            for (std::size_t c = 0; c < texts.size(); ++c) {
                numbers.append(static_cast<std::int64_t>(row));
                names.append(columns[c].name);
                values.append(texts[c].valueAt(row).asText());
            }
            Batch batch;
            batch.storedRows = texts.size();
            batch.columns = {numbers.finish(), names.finish(), values.finish()};
            TOCSIN_TRY(out.add(std::move(batch)));
        }
        return {};
    });
}

} // namespace tocsin::kql
