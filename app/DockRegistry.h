// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <Qt>

#include <functional>
#include <vector>

class QWidget;

namespace tocsin::widgets {
class Pane;
}

namespace tocsin::app {

/// A tool of the window. The id names it in saved layouts and never changes.
struct DockDescription {
    QString id;
    QString title;
    Qt::DockWidgetArea area = Qt::BottomDockWidgetArea;
    std::function<widgets::Pane*(QWidget* parent)> make;
};

/// The table of tools. The window makes them all without knowing one.
class DockRegistry {
public:
    /// Ids must differ.
    void add(DockDescription dock);
    const std::vector<DockDescription>& docks() const { return m_docks; }
    const DockDescription* find(const QString& id) const;

private:
    std::vector<DockDescription> m_docks;
};

} // namespace tocsin::app
