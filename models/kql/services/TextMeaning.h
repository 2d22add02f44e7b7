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
    /// What is asked of a text that is cut off at a cursor.
    struct End {
        std::optional<std::size_t> operatorAt; ///< where the keyword begins of the operator whose rows are wanted
        std::optional<std::size_t> nameAt;     ///< the only use of a name that is wanted
    };
    /// Binds all of a tree.
    TextMeaning(std::shared_ptr<const SyntaxTree> tree, const catalog::Snapshot& snapshot, const FunctionRegistry& functions);
    /// Binds what its end depends on. Of definitions only kind and type are kept.
    TextMeaning(std::shared_ptr<const SyntaxTree> tree, const catalog::Snapshot& snapshot, const FunctionRegistry& functions, BindMemory& memory, End end);

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

    void bind(const catalog::Snapshot& snapshot, const FunctionRegistry& functions, BindMemory* memory);
    bool isAsked(SourceSpan name) const { return !m_end || m_end->nameAt == name.start; }
    bool isAsked(const OperatorSyntax& op) const { return m_end && op.keyword.length > 0 && m_end->operatorAt == op.keyword.start; }

    std::shared_ptr<const SyntaxTree> m_tree;
    std::optional<End> m_end;
    std::map<std::size_t, Meaning> m_uses, m_made;
    std::optional<RowsInfo> m_input, m_other;
    BoundQuery m_query;
};

} // namespace tocsin::kql::services
