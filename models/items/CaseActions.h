// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"

#include <QString>
#include <QStringList>

namespace tocsin::items {

class Task;

/// Long work on a workspace, and what is kept in it for all who use it. What returns a task starts it in a TaskList; never null. Called from
/// the window's thread.
class CaseActions {
public:
    virtual ~CaseActions() = default;
    /// False for a read-only workspace.
    virtual bool canChange() const = 0;
    /// Reads files and folders into their tables. One task a path; rejected records are its notes, the number of rows its result.
    virtual QList<Task*> importPaths(const QStringList& paths) = 0;
    /// Runs all enabled rules over a period.
    virtual Task* runRules(const engine::TimeRange& period) = 0;
    /// Writes the report of an incident as PDF.
    virtual Task* writeReport(int incident, const QString& path) = 0;
    /// Fills the workspace with the demo case.
    virtual Task* openDemoCase() = 0;
    /// The folders whose files queries may read (externaldata).
    virtual QStringList readableFolders() const = 0;
    /// Puts others in their place. Empty, or what is wrong with them; then nothing has changed.
    virtual QString setReadableFolders(const QStringList& folders) = 0;
};

/// Starting points for file dialogs and names of reports: `incident-12-report.pdf`.
QString reportFileName(int incident);

} // namespace tocsin::items
