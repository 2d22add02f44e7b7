// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/bind/BindObserver.h"
#include "kql/bind/Binder.h"
#include "kql/syntax/SyntaxTree.h"

#include <map>
#include <optional>

namespace tocsin::kql::services {

struct ColumnInfo {
    std::string name;
    DataType type = DataType::String;
};

/// The columns of rows; not complete when an error or a plugin hides some.
struct RowsInfo {
    std::vector<ColumnInfo> columns;
    bool complete = true;
};

/// What a name at a place of the text means.
struct Meaning {
    enum class Kind { Column, Table, Value, Rows, Function };
    Kind kind = Kind::Column;
    std::string name;
    DataType type = DataType::String; ///< Column, Value
    std::string table;                ///< Column: the table it comes from, empty if it is computed
    std::string description;          ///< Table, Column: as the schema says
    RowsInfo rows;                    ///< Table, Rows
    bool stored = false;              ///< Function: saved in the workspace
};

/// What the binder says about a text, by place. Where several things were said of one place, the last one.
class TextMeaning final : public BindObserver {
public:
    /// Binds a tree. Columns of rows are kept only for the operator whose keyword begins at `operatorAt`.
    TextMeaning(std::shared_ptr<const SyntaxTree> tree, const catalog::Snapshot& snapshot, const FunctionRegistry& functions, std::optional<std::size_t> operatorAt = std::nullopt);

    const SyntaxTree& tree() const { return *m_tree; }
    const std::vector<Error>& errors() const { return m_query.errors; }
    const std::vector<Error>& warnings() const { return m_query.warnings; }
    /// By the place of the first byte of a name.
    const Meaning* use(std::size_t start) const { return find(m_uses, start); }
    const Meaning* definition(std::size_t start) const { return find(m_made, start); }
    const std::map<std::size_t, Meaning>& uses() const { return m_uses; }
    const std::map<std::size_t, Meaning>& definitions() const { return m_made; }
    /// The rows the operator asked for works on; absent if it begins a query or was not reached.
    const std::optional<RowsInfo>& input() const { return m_input; }
    const std::optional<RowsInfo>& other() const { return m_other; }

private:
    void operatorBegins(const OperatorSyntax& op, const Relation* input) override;
    void otherSide(const OperatorSyntax& op, const Relation& right) override;
    void operatorEnds(const OperatorSyntax&, const Relation&) override {}
    void columnAt(SourceSpan place, const Relation& rows, const PlanColumn& column) override;
    void tableAt(SourceSpan place, const catalog::TableSchema& schema) override;
    void symbolAt(SourceSpan place, std::string_view name, const Symbol& symbol) override;
    void symbolMade(SourceSpan place, std::string_view name, const Symbol& symbol) override;
    void tableMade(SourceSpan place, const Relation& rows) override;

    static const Meaning* find(const std::map<std::size_t, Meaning>& all, std::size_t start);
    SourceSpan nameAt(SourceSpan place, std::string_view name) const;
    static RowsInfo rowsOf(const Relation& relation);

    std::shared_ptr<const SyntaxTree> m_tree;
    std::optional<std::size_t> m_operatorAt;
    std::map<std::size_t, Meaning> m_uses, m_made;
    std::optional<RowsInfo> m_input, m_other;
    BoundQuery m_query;
};

} // namespace tocsin::kql::services
