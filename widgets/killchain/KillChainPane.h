// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Pane.h"

class QComboBox;
class QTableView;
class QStackedWidget;

namespace tocsin {
struct Error;
}

namespace tocsin::items {
class IncidentStore;
class TimeDisplay;
class TimelineModel;
}

namespace tocsin::widgets {

class KillChainView;

/// The timeline of the current incident or of all alerts, as drawing or as list.
class KillChainPane final : public Pane {
    Q_OBJECT
public:
    KillChainPane(items::IncidentStore& store, const items::TimeDisplay& time, const Theme& theme, QWidget* parent = nullptr);
    KillChainView* view() const { return m_view; }
    QComboBox* filter() const { return m_filter; }

Q_SIGNALS:
    void incidentOpened(int number);

private:
    void fillFilter();
    void refresh();
    void openIncidentOf(const QString& alert);

    items::IncidentStore& m_store;
    items::TimelineModel* m_model;
    KillChainView* m_view;
    QTableView* m_list;
    QStackedWidget* m_stack;
    QComboBox* m_filter;
};

} // namespace tocsin::widgets
