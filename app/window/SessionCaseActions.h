// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/CaseActions.h"
#include "items/Task.h"
#include "session/Session.h"

#include <QCoreApplication>

namespace tocsin::app {

/// Starts long work on a session as tasks of the window's task list.
class SessionCaseActions final : public items::CaseActions {
    Q_DECLARE_TR_FUNCTIONS(tocsin::app::SessionCaseActions)
public:
    SessionCaseActions(session::Session& session, items::TaskList& tasks) : m_session(session), m_tasks(tasks) {}

    bool canChange() const override { return !m_session.workspace().isReadOnly(); }
    QList<items::Task*> importPaths(const QStringList& paths) override;
    items::Task* runRules(const engine::TimeRange& period) override;
    items::Task* writeReport(int incident, const QString& path) override;
    items::Task* openDemoCase() override;
    QStringList readableFolders() const override;
    QString setReadableFolders(const QStringList& folders) override;

private:
    session::Session& m_session;
    items::TaskList& m_tasks;
};

} // namespace tocsin::app
