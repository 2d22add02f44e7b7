// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"
#include "catalog/MemoryTable.h"
#include "common/Theme.h"
#include "items/SchemaModel.h"
#include "kql/functions/Declaration.h"
#include "kql/services/LetRefactoring.h"

#include <QObject>

namespace tocsin::widgets {

class QueryEditor;

/// What can be done to a query besides typing: format, find names and give them others, make and undo lets, the outline. Each change is one step of undo.
class QueryTools final : public QObject {
    Q_OBJECT
public:
    QueryTools(QueryEditor& editor, const Theme& theme, QObject* parent = nullptr);
    /// The tables of the workspace, to tell columns apart.
    void setSchema(const items::SchemaContents& contents);

    void format();
    /// The selected statements, or the one at the cursor.
    void formatSelection();
    void goToDefinition();
    void showReferences();
    void rename();
    void extractLet();
    void inlineLet();
    void showOutline();

Q_SIGNALS:
    /// Something cannot be done; says why and what to do.
    void refused(const tocsin::Error& error);
    /// Something was done or found.
    void done();

private:
    kql::services::SymbolContext context() const;
    std::string document() const;
    void tip(const QString& text, std::size_t byte);
    void openRename(std::size_t byte);

    QueryEditor& m_editor;
    const Theme& m_theme;
    kql::FunctionRegistry m_functions = kql::builtInFunctions();
    std::shared_ptr<const catalog::Snapshot> m_snapshot;
};

} // namespace tocsin::widgets
