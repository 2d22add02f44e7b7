// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QDockWidget;
class QLabel;

namespace tocsin::widgets {

class Pane;

/// The 28-pixel title of a dock: icon, name, count, the pane's actions, then float and close.
class DockTitleBar final : public QWidget {
    Q_OBJECT
public:
    DockTitleBar(QDockWidget* dock, Pane* pane);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    QDockWidget* m_dock;
    Pane* m_pane;
    QLabel* m_icon;
    QLabel* m_name;
    QLabel* m_count;
};

} // namespace tocsin::widgets
