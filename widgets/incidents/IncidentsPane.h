// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Pane.h"

class QComboBox;
class QLineEdit;
class QSortFilterProxyModel;
class QTableView;

namespace tocsin {
struct Error;
}

namespace tocsin::items {
class IncidentModel;
class IncidentStore;
class TimeDisplay;
}

namespace tocsin::widgets {

/// The queue. Selecting a row makes it the current incident of the window; Enter or a double click opens its page.
class IncidentsPane final : public Pane {
    Q_OBJECT
public:
    IncidentsPane(items::IncidentStore& store, const items::TimeDisplay& time, const Theme& theme, QWidget* parent = nullptr);
    QTableView* table() const { return m_table; }
    QLineEdit* filter() const { return m_filter; }

Q_SIGNALS:
    void incidentOpened(int number);
    void demoRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void updateCount();
    void fitTitle();
    void select(int number);
    int numberAt(const QModelIndex& proxyIndex) const;

    items::IncidentStore& m_store;
    items::IncidentModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QLineEdit* m_filter;
    QComboBox* m_status;
    QTableView* m_table;
    QAction* m_reload;
    QAction* m_demo;
    bool m_fitted = false;
};

} // namespace tocsin::widgets
