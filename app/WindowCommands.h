// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

namespace tocsin::app {

/// What tools may ask of the window they are in.
struct WindowCommands {
    std::function<void(const QString& text)> insertIntoQuery;
    std::function<void(const QString& title, const QString& text, bool run)> openQuery;
    std::function<void(int number)> openIncident;
    std::function<void(const QString& dockId)> showDock;
    std::function<void()> openDemoCase;
    std::function<void()> importFiles;
};

} // namespace tocsin::app
