// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "items/Severity.h"

#include <QString>

#include <functional>

namespace tocsin::items {

/// Changes to an incident. Each writes a new row and then calls `done` in the thread of the caller, exactly once; nothing is written
/// on a failure. Called from the window's thread, which must not wait.
class IncidentActions {
public:
    using Done = std::function<void(Result<void>)>;

    virtual ~IncidentActions() = default;
    /// False for a read-only workspace: the window then offers no change.
    virtual bool canChange() const = 0;
    /// New, Active or Closed.
    virtual void setStatus(int incident, const QString& status, Done done) = 0;
    virtual void setSeverity(int incident, Severity severity, Done done) = 0;
    /// An empty owner: unassigned.
    virtual void setOwner(int incident, const QString& owner, Done done) = 0;
    /// TruePositive, BenignPositive, FalsePositive or Undetermined, with a comment.
    virtual void setClassification(int incident, const QString& classification, const QString& comment, Done done) = 0;
    virtual void addComment(int incident, const QString& text, Done done) = 0;
};

} // namespace tocsin::items
