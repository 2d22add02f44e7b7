// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"
#include "items/KillChain.h"
#include "items/Severity.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace tocsin::items {

/// A person, machine, address, file … that an alert speaks of.
struct Entity {
    QString type; ///< as the table writes it: account, host, ip, process, file, filehash, url, azure-resource, mailbox, …
    QString name; ///< the words that identify it
    QStringList properties; ///< "Name: value" lines
    bool operator==(const Entity&) const = default;
};

/// A row of SecurityAlert, the newest for its SystemAlertId.
struct Alert {
    QString id; ///< SystemAlertId
    QString name;
    QString description;
    Severity severity = Severity::Informational;
    QString status;
    QStringList tactics; ///< as Sentinel writes them
    QStringList techniques;
    StageSet stages;
    Ticks start = 0;
    Ticks end = 0;
    QString product;
    QString compromisedEntity;
    QString query;  ///< what finds the rows behind the alert; empty if the rule did not say
    QString remediation;
    std::vector<Entity> entities;
};

struct Comment {
    QString author;
    QString text;
    std::optional<Ticks> time;
};

/// A row of SecurityIncident, the newest for its IncidentNumber.
struct Incident {
    int number = 0;
    QString title;
    QString description;
    Severity severity = Severity::Informational;
    QString status; ///< New, Active, Closed
    QString owner;
    QString classification;
    QString classificationComment;
    QStringList alertIds;
    QStringList tactics; ///< of its alerts, in the order of the stages
    StageSet stages;
    QStringList labels;
    std::vector<Comment> comments;
    std::optional<Ticks> firstActivity;
    std::optional<Ticks> lastActivity;
    std::optional<Ticks> created;
};

/// Incidents and alerts as they were at one moment.
struct CaseData {
    std::vector<Incident> incidents; ///< newest activity first
    std::vector<Alert> alerts;       ///< by start
    const Incident* incident(int number) const;
    const Alert* alert(const QString& id) const;
    /// Those of an incident, by start.
    std::vector<const Alert*> alertsOf(const Incident& incident) const;
};

} // namespace tocsin::items
