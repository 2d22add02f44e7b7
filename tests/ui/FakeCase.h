// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/MemoryTable.h"
#include "items/CaseActions.h"
#include "items/IncidentActions.h"
#include "items/NetworkActions.h"
#include "items/Task.h"
#include "ui/FakeEngine.h"

namespace tocsin::test {

/// Writes down what was asked and succeeds, or fails with what was put into `failure`.
class FakeIncidentActions final : public items::IncidentActions {
public:
    bool canChange() const override { return writable; }
    void setStatus(int incident, const QString& status, Done done) override { note(QStringLiteral("status %1 %2").arg(incident).arg(status), done); }
    void setSeverity(int incident, items::Severity severity, Done done) override { note(QStringLiteral("severity %1 %2").arg(incident).arg(items::severityWord(severity)), done); }
    void setOwner(int incident, const QString& owner, Done done) override { note(QStringLiteral("owner %1 %2").arg(incident).arg(owner), done); }
    void setClassification(int incident, const QString& word, const QString&, Done done) override { note(QStringLiteral("classification %1 %2").arg(incident).arg(word), done); }
    void addComment(int incident, const QString& text, Done done) override { note(QStringLiteral("comment %1 %2").arg(incident).arg(text), done); }

    bool writable = true;
    std::optional<Error> failure;
    QStringList calls;

private:
    void note(const QString& call, const Done& done)
    {
        calls << call;
        done(failure ? Result<void>(std::unexpected(*failure)) : Result<void>());
    }
};

class FakeCaseActions final : public items::CaseActions {
public:
    explicit FakeCaseActions(items::TaskList& tasks) : m_tasks(tasks) {}
    bool canChange() const override { return writable; }
    QList<items::Task*> importPaths(const QStringList& paths) override;
    items::Task* runRules(const engine::TimeRange& period) override;
    items::Task* writeReport(int incident, const QString& path) override;
    items::Task* openDemoCase() override;
    QStringList readableFolders() const override { return folders; }
    QString setReadableFolders(const QStringList& chosen) override;

    bool writable = true;
    QStringList folders{QStringLiteral("/srv/evidence"), QStringLiteral("/srv/watchlists")};
    QStringList calls;

private:
    items::TaskList& m_tasks;
};

/// A network of four machines in a row; the fourth can be made unreachable.
class FakeNetworkActions final : public items::NetworkActions {
public:
    void loadTopology(std::function<void(Result<std::shared_ptr<const items::TopologyGraph>>)> done) override;
    void loadMachines(std::function<void(Result<QList<items::NetworkMachine>>)> done) override;
    std::function<void()> checkConnectivity(const items::ConnectivityRequest& request, std::function<void(Result<items::ConnectivityResult>)> done) override;

    bool empty = false;
    bool reachable = true;
    bool hangs = false;
    std::vector<items::ConnectivityRequest> requests;
};

items::TopologyGraph multiTierTopology();
/// Incidents and alerts of an invented intrusion, and answers to the queries of the gallery.
void fillEngine(FakeEngine& engine);
catalog::MemoryCatalog exampleCatalog();

} // namespace tocsin::test
