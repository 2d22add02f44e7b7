// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Pane.h"
#include "items/NetworkActions.h"

class QBoxLayout;
class QComboBox;
class QLabel;
class QPushButton;
class QRadioButton;
class QTableView;
class QGridLayout;

namespace tocsin::items {
class HopModel;
}

namespace tocsin::widgets {

class ValidatedField;

/// The form of a connectivity check and its answer.
class HopsPane final : public Pane {
    Q_OBJECT
public:
    HopsPane(items::NetworkActions& actions, const Theme& theme, QWidget* parent = nullptr);

    void reload();
    /// Chooses machines by id; an empty id leaves what is chosen.
    void setEnds(const QString& fromId, const QString& toId);
    void check();
    void cancel();
    bool isChecking() const { return m_cancelCheck != nullptr; }

    QComboBox* sourceMachine() const { return m_source.machine; }
    QComboBox* destinationMachine() const { return m_destination.machine; }
    QRadioButton* manualButton() const { return m_manual; }
    ValidatedField* sourcePort() const { return m_sourcePort; }
    ValidatedField* destinationPort() const { return m_destinationPort; }
    ValidatedField* address() const { return m_address; }
    QPushButton* checkButton() const { return m_check; }
    QTableView* hopTable() const { return m_table; }
    QString statusText() const;
    QString latencyText() const;

Q_SIGNALS:
    /// Ids of the resources on the path, in order; empty when there is none. `reachable` is false for a path that ends early.
    void pathChanged(const QStringList& ids, bool reachable);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct End {
        QComboBox* subscription = nullptr;
        QComboBox* group = nullptr;
        QComboBox* machine = nullptr;
    };
    End makeEnd(int column, const QString& side);
    void connectEnd(const End& end);
    void fillGroups(const End& end);
    void fillMachines(const End& end);
    void fillSubscriptions(const End& end);
    void chooseMachine(const End& end, const QString& id);
    void updateForm();
    void showResult(const Result<items::ConnectivityResult>& result);
    void setChecking(bool checking);

    items::NetworkActions& m_actions;
    QList<items::NetworkMachine> m_machines;
    items::HopModel* m_model;
    QGridLayout* m_grid;
    QBoxLayout* m_halves;
    End m_source, m_destination;
    ValidatedField* m_sourcePort;
    ValidatedField* m_destinationPort;
    ValidatedField* m_address;
    QRadioButton* m_select;
    QRadioButton* m_manual;
    QComboBox* m_protocol;
    QPushButton* m_check;
    QPushButton* m_cancel;
    QWidget* m_answer;
    QLabel* m_statusIcon;
    QLabel* m_status;
    QLabel* m_latency;
    QLabel* m_basis;
    QTableView* m_table;
    std::function<void()> m_cancelCheck;
    int m_run = 0;
};

} // namespace tocsin::widgets
