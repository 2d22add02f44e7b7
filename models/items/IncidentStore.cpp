// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/IncidentStore.h"

#include "items/CaseParser.h"

namespace tocsin::items {

IncidentStore::IncidentStore(engine::QueryEngine& engine, Executor& executor, QObject* parent) : QObject(parent), m_executor(executor)
{
    for (Part* part : {&m_incidents, &m_alerts}) {
        part->runner = std::make_unique<QueryRunner>(engine);
        collect(*part);
    }
}

void IncidentStore::collect(Part& part)
{
    QueryRunner* runner = part.runner.get();
    connect(runner, &QueryRunner::schemaArrived, this, [&part](const engine::ResultSchema& schema) {
        if (schema.result == 0)
            part.result = {schema, {}};
    });
    connect(runner, &QueryRunner::batchesArrived, this, [&part](std::size_t result, const std::vector<Batch>& batches) {
        if (result == 0)
            part.result.batches.insert(part.result.batches.end(), batches.begin(), batches.end());
    });
    connect(runner, &QueryRunner::finished, this, [this, &part] {
        part.done = true;
        partDone();
    });
    connect(runner, &QueryRunner::failed, this, [this](const engine::QueryOutcome& outcome) { fail(outcome.errors.empty() ? makeError(kInternal, "no cause") : outcome.errors.front()); });
    connect(runner, &QueryRunner::cancelled, this, [this] { fail(makeError(kCancelled)); });
}

void IncidentStore::reload()
{
    ++m_load;
    m_loading = true;
    Q_EMIT loadingStarted();
    const auto ask = [](Part& part, const char* query) {
        part.result = {};
        part.done = false;
        engine::QueryRequest request;
        request.text = query;
        part.runner->run(std::move(request));
    };
    ask(m_incidents, kIncidentQuery);
    ask(m_alerts, kAlertQuery);
}

void IncidentStore::partDone()
{
    if (!m_loading || !m_incidents.done || !m_alerts.done)
        return;
    runAsync(
        m_executor, m_mailbox,
        [incidents = m_incidents.result, alerts = m_alerts.result] { return joinCase(parseIncidents(incidents), parseAlerts(alerts)); },
        [this, load = m_load](std::shared_ptr<const CaseData> data) {
            if (load != m_load)
                return;
            m_loading = false;
            m_data = std::move(data);
            Q_EMIT loaded();
            if (m_incident != 0 && !m_data->incident(m_incident))
                setCurrentIncident(0);
            if (!m_alert.isEmpty() && !m_data->alert(m_alert))
                setCurrentAlert({});
        });
}

void IncidentStore::fail(const Error& error)
{
    if (!m_loading)
        return;
    m_loading = false;
    m_incidents.runner->cancel();
    m_alerts.runner->cancel();
    Q_EMIT failed(error);
}

void IncidentStore::setCurrentIncident(int number)
{
    if (number == m_incident)
        return;
    m_incident = number;
    Q_EMIT currentIncidentChanged(number);
}

void IncidentStore::setCurrentAlert(const QString& id)
{
    if (id == m_alert)
        return;
    m_alert = id;
    Q_EMIT currentAlertChanged(id);
}

} // namespace tocsin::items
