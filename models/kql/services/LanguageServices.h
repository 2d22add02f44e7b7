// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/bind/BindMemory.h"
#include "kql/services/Classification.h"
#include "kql/services/Completion.h"
#include "kql/services/FunctionTexts.h"
#include "kql/services/TextMeaning.h"

#include <set>

namespace tocsin::kql::services {

/// What a call, or the operator around the cursor, expects: for a tip above it. The options of an operator are its parameters.
struct SignatureHelp {
    std::vector<SignatureText> signatures;
    std::size_t active = 0;                       ///< the signature that fits what is written
    std::optional<std::size_t> activeParameter;   ///< of that one
    std::string help;
    std::string example;                          ///< a query, and what it gives behind ` // `; may be empty
    SourceSpan name;                              ///< of the function or operator in the text
    bool isOperator = false;                      ///< the cursor is in no call: this is the operator it is in
};

/// What the thing under the mouse is.
struct Hover {
    SourceSpan place;
    std::string title;   ///< `Account: string`, `strlen(source: string): long`
    std::string detail;  ///< where it comes from, the form of an operator; may be empty
    std::string help;    ///< may be empty
    std::string example; ///< of an operator or a function: a query, and what it gives behind ` // `; may be empty
    std::string problem; ///< what is wrong here; may be empty
};

struct TableName {
    std::string name;
    std::string written; ///< as a query names it, with brackets where needed
    std::string description;
    bool isFunction = false; ///< written as a call
};

/// A function saved in the workspace.
struct StoredName {
    std::string name;
    std::string form; ///< `name(parameters)`
    std::string description;
    bool arguments = false;
};

/// The editor services over the tables of one snapshot. Const calls are safe from any thread; each works on the text alone and keeps only what it found out about the snapshot.
class LanguageServices {
public:
    LanguageServices(std::shared_ptr<const catalog::Snapshot> snapshot, const FunctionRegistry& functions);

    /// What may be written at a byte of the text. What stands behind it is left out of account, save the rest of the word there.
    Completions complete(std::string_view text, std::size_t position) const;
    std::optional<SignatureHelp> signatureHelp(std::string_view text, std::size_t position) const;
    std::optional<Hover> hover(std::string_view text, std::size_t position) const;
    /// The pieces of a text by the lexer and the words of the language; quick, and good for any text.
    std::vector<ClassifiedSpan> classify(std::string_view text) const;
    /// The same with what the binder makes of the names.
    std::vector<ClassifiedSpan> classifyBound(std::string_view text) const;

    const catalog::Snapshot& snapshot() const { return *m_snapshot; }
    const FunctionRegistry& functions() const { return m_functions; }
    BindMemory& memory() const { return *m_memory; }
    const std::vector<FunctionName>& functionNames() const { return m_functionNames; }
    const FunctionName* findFunction(std::string_view name) const;
    /// Sorted by name, as the next.
    const std::vector<TableName>& tables() const { return m_tables; }
    const std::vector<StoredName>& storedFunctions() const { return m_stored; }
    /// All columns of all tables, each name once.
    const std::vector<ColumnInfo>& columns() const { return m_columns; }
    bool isTable(std::string_view name) const;
    bool isColumn(std::string_view name) const;

private:
    void completeString(std::string_view text, std::size_t position, const Token& token, Completions& result) const;

    std::shared_ptr<const catalog::Snapshot> m_snapshot;
    const FunctionRegistry& m_functions;
    std::unique_ptr<BindMemory> m_memory;
    std::vector<FunctionName> m_functionNames;
    std::vector<TableName> m_tables;
    std::vector<StoredName> m_stored;
    std::vector<ColumnInfo> m_columns;
};

} // namespace tocsin::kql::services
