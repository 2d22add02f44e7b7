// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/CaseData.h"
#include "items/QueryRunner.h"

namespace tocsin::items {

/// The incidents and alerts of the workspace, asked in KQL and kept for the views that show them, with the one that is selected.
class IncidentStore final : public QObject {
    Q_OBJECT
public:
    IncidentStore(engine::QueryEngine& engine, Executor& executor, QObject* parent = nullptr);

    /// Asks again; `loaded` or `failed` follows.
    void reload();
    bool isLoading() const { return m_loading; }
    /// Never null; empty before the first load.
    std::shared_ptr<const CaseData> data() const { return m_data; }
    /// The incident whose details are shown; 0 for none.
    int currentIncident() const { return m_incident; }
    void setCurrentIncident(int number);
    QString currentAlert() const { return m_alert; }
    void setCurrentAlert(const QString& id);

Q_SIGNALS:
    void loadingStarted();
    void loaded();
    void failed(const tocsin::Error& error);
    void currentIncidentChanged(int number);
    void currentAlertChanged(const QString& id);

private:
    struct Part {
        std::unique_ptr<QueryRunner> runner;
        engine::QueryResult result;
        bool done = false;
    };
    void collect(Part& part);
    void partDone();
    void fail(const Error& error);

    Executor& m_executor;
    Mailbox m_mailbox;
    Part m_incidents;
    Part m_alerts;
    std::shared_ptr<const CaseData> m_data = std::make_shared<const CaseData>();
    bool m_loading = false;
    int m_load = 0;
    int m_incident = 0;
    QString m_alert;
};

} // namespace tocsin::items
