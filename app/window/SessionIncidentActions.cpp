// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/SessionIncidentActions.h"

namespace tocsin::app {

SessionIncidentActions::SessionIncidentActions(session::Session& session) : m_session(session), m_author(qEnvironmentVariable("USER", QStringLiteral("analyst")).toStdString()) {}

void SessionIncidentActions::change(int incident, std::function<void(incident::Incident&)> edit, Done done)
{
    items::runAsync(m_session.services().executor, m_mailbox,
        [&session = m_session, incident, edit = std::move(edit), author = m_author]() -> Result<void> {
            TOCSIN_TRY(session.incidents().change(incident, author, edit));
            return {};
        },
        [done = std::move(done)](Result<void> result) { done(std::move(result)); });
}

void SessionIncidentActions::setStatus(int incident, const QString& status, Done done)
{
    const auto wanted = incident::parseStatus(status.toStdString());
    if (!wanted)
        return done(fail(kInternal, "unknown incident status"));
    change(incident, [wanted](incident::Incident& i) { i.status = *wanted; }, std::move(done));
}

void SessionIncidentActions::setSeverity(int incident, items::Severity severity, Done done)
{
    const auto wanted = detect::parseSeverity(items::severityWord(severity).toStdString()).value_or(detect::Severity::Medium);
    change(incident, [wanted](incident::Incident& i) { i.severity = wanted; }, std::move(done));
}

void SessionIncidentActions::setOwner(int incident, const QString& owner, Done done)
{
    change(incident, [owner = owner.toStdString()](incident::Incident& i) { i.owner = owner; }, std::move(done));
}

void SessionIncidentActions::setClassification(int incident, const QString& classification, const QString& comment, Done done)
{
    change(incident, [classification = classification.toStdString(), comment = comment.toStdString()](incident::Incident& i) {
        i.classification = classification;
        i.classificationComment = comment;
    }, std::move(done));
}

void SessionIncidentActions::addComment(int incident, const QString& text, Done done)
{
    const Ticks now = m_session.services().clock.now();
    change(incident, [comment = incident::Comment{now, m_author, text.toStdString()}](incident::Incident& i) { i.comments.push_back(comment); }, std::move(done));
}

} // namespace tocsin::app
