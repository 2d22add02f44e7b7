// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/CaseData.h"

#include <QSet>

#include <algorithm>

namespace tocsin::items {

const Incident* CaseData::incident(int number) const
{
    const auto found = std::find_if(incidents.begin(), incidents.end(), [number](const Incident& i) { return i.number == number; });
    return found == incidents.end() ? nullptr : &*found;
}

const Alert* CaseData::alert(const QString& id) const
{
    const auto found = std::find_if(alerts.begin(), alerts.end(), [&id](const Alert& a) { return a.id == id; });
    return found == alerts.end() ? nullptr : &*found;
}

std::vector<const Alert*> CaseData::alertsOf(const Incident& incident) const
{
    const QSet<QString> wanted(incident.alertIds.begin(), incident.alertIds.end());
    std::vector<const Alert*> out;
    for (const Alert& alert : alerts)
        if (wanted.contains(alert.id))
            out.push_back(&alert);
    return out;
}

} // namespace tocsin::items
