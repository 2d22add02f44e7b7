// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSchema.h"
#include "column/Batch.h"
#include "column/Dynamic.h"
#include "detect/sigma/EventView.h"
#include "detect/sigma/SigmaRuleSet.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::detect::sigma {

/// How a table is seen by rules. In the three Windows tables data fields come from EventData; where a row has none (as in exports from
/// the cloud), from the columns. Elsewhere columns are fields, and the leaves of dynamic ones too (`DeviceDetail.trusttype`).
struct TableForm {
    enum class Kind { SecurityEvent, Event, WindowsEvent, Syslog, Azure };
    Kind kind = Kind::Azure;
    std::string_view table;
    std::string_view service; ///< of Azure
};
/// The tables rules are run over.
std::span<const TableForm> tableForms();

/// Shows rows of a table.
class RowView {
public:
    /// `columns` are those of the batches; see wantedColumns().
    RowView(const TableForm& form, std::vector<catalog::ColumnSchema> columns);

    /// The columns of a table that rules, alerts and the log source need.
    static std::vector<std::string> wantedColumns(const TableForm& form, const std::vector<catalog::ColumnSchema>& columns, const SigmaRuleSet& set);

    /// The batch must outlive the use of its rows.
    void use(const Batch& batch) { m_batch = &batch; }
    /// What decides the log source, without fields.
    const EventView& identify(std::size_t row);
    /// The fields of the row identified last. Valid until the next identify().
    const EventView& complete();
    /// A column of the row as text; empty if the table has none of that name.
    std::string_view text(std::string_view column);
    Ticks time() const;

private:
    struct Alias {
        std::string field;
        std::size_t column;
    };
    std::optional<std::size_t> find(std::string_view column) const;
    std::string_view cell(std::size_t column);
    void columnsAsFields();
    void flatten(const std::string& name, DynamicView value, int depth);
    void eventBag(std::size_t column);

    TableForm m_form;
    std::vector<catalog::ColumnSchema> m_columns;
    std::vector<Alias> m_aliases;
    const Batch* m_batch = nullptr;
    std::size_t m_row = 0;
    EventView m_view;
    std::deque<std::string> m_texts;
};

} // namespace tocsin::detect::sigma
