// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QAction;

namespace tocsin::app {

/// All shortcuts of the window, and those that work inside lists and views.
class ShortcutSheet final : public QDialog {
    Q_OBJECT
public:
    ShortcutSheet(const QList<QAction*>& actions, QWidget* parent = nullptr);
};

} // namespace tocsin::app
