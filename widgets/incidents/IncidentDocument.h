// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "common/Theme.h"
#include "items/CaseData.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTableView;
class QTabWidget;
class QTextBrowser;
class QVBoxLayout;

namespace tocsin::items {
class AlertModel;
class CaseActions;
class EntityModel;
class IncidentActions;
class IncidentStore;
class TimeDisplay;
}

namespace tocsin::widgets {

/// The page of one incident.
class IncidentDocument final : public QWidget {
    Q_OBJECT
public:
    IncidentDocument(int number, items::IncidentStore& store, items::IncidentActions& actions, items::CaseActions& caseActions, items::TimeDisplay& time,
                     const Theme& theme, QWidget* parent = nullptr);
    int number() const { return m_number; }
    QTableView* alertTable() const { return m_alertTable; }
    QComboBox* statusBox() const { return m_status; }
    QPushButton* reportButton() const { return m_report; }
    /// Writes the report to a path; asks nothing.
    void writeReport(const QString& path);

Q_SIGNALS:
    void queryRequested(const QString& title, const QString& text);

private:
    void buildHead(QVBoxLayout* column);
    void buildTabs(QVBoxLayout* column);
    void refresh();
    void refreshHead(const items::Incident& incident);
    void showComments(const items::Incident& incident);
    void showAlert();
    void openEvidence();
    void openEntity();
    void addComment();
    void chooseReport();
    void changed(const Result<void>& result);
    void restyle();

    int m_number;
    items::IncidentStore& m_store;
    items::IncidentActions& m_actions;
    items::CaseActions& m_caseActions;
    items::TimeDisplay& m_time;
    const Theme& m_theme;
    std::shared_ptr<const items::CaseData> m_data;
    items::AlertModel* m_alerts;
    items::EntityModel* m_entities;
    QLabel* m_mark;
    QLabel* m_title;
    QLabel* m_facts;
    QLabel* m_problem;
    QComboBox* m_status;
    QComboBox* m_severity;
    QComboBox* m_classification;
    QLineEdit* m_owner;
    QPushButton* m_report;
    QTabWidget* m_tabs;
    QTableView* m_alertTable;
    QTextBrowser* m_alertText;
    QPushButton* m_evidence;
    QTableView* m_entityTable;
    QTextBrowser* m_comments;
    QPlainTextEdit* m_newComment;
    QPushButton* m_addComment;
    bool m_filling = false;
    bool m_fitted = false;
};

} // namespace tocsin::widgets
