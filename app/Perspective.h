// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

class QMainWindow;
class QDockWidget;
template <class Key, class T> class QHash;

namespace tocsin::app {

/// A built-in arrangement of the docks for one kind of work. Docks that are not named are hidden.
struct Perspective {
    QString id;
    QString title;
    /// Each list is one place of an area; its docks share it as tabs, the first in front.
    std::vector<QStringList> left, right, bottom;
    /// Share of the window in percent: width of the sides, height of the bottom, widths inside the bottom.
    int leftPercent = 17, rightPercent = 30, bottomPercent = 36;
    std::vector<int> bottomShares;
};

/// The five functions of operations, in their order.
std::vector<Perspective> perspectives();
/// Arranges the docks of the window as the perspective says.
void arrange(QMainWindow& window, const QHash<QString, QDockWidget*>& docks, const Perspective& perspective);

} // namespace tocsin::app
