// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/Async.h"
#include "items/IncidentActions.h"
#include "session/Session.h"

namespace tocsin::app {

/// Writes an analyst's changes to the workspace, off the window's thread.
class SessionIncidentActions final : public items::IncidentActions {
public:
    explicit SessionIncidentActions(session::Session& session);

    bool canChange() const override { return !m_session.workspace().isReadOnly(); }
    void setStatus(int incident, const QString& status, Done done) override;
    void setSeverity(int incident, items::Severity severity, Done done) override;
    void setOwner(int incident, const QString& owner, Done done) override;
    void setClassification(int incident, const QString& classification, const QString& comment, Done done) override;
    void addComment(int incident, const QString& text, Done done) override;

private:
    void change(int incident, std::function<void(incident::Incident&)> edit, Done done);

    session::Session& m_session;
    items::Mailbox m_mailbox;
    std::string m_author; ///< the user's login name
};

} // namespace tocsin::app
