// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QFrame>

#include <functional>

class QLabel;
class QLineEdit;

namespace tocsin::widgets {

/// A line over a name of the editor to write another one. Enter takes it, Esc and a click elsewhere leave all as it is. Deletes itself.
class RenameBox final : public QFrame {
    Q_OBJECT
public:
    /// `accept` gets the name and gives back why it cannot be taken; an empty text closes the box.
    RenameBox(const Theme& theme, const QString& name, std::function<QString(const QString&)> accept, QWidget* parent);
    /// Opens over a place of the parent.
    void openAt(const QRect& name);
    QLineEdit* line() const { return m_line; }
    QString problem() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    void take();
    void leave();

    std::function<QString(const QString&)> m_accept;
    QLineEdit* m_line;
    QLabel* m_problem;
    QRect m_name; ///< where the name stands, in the parent
};

} // namespace tocsin::widgets
