// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QWidget>

namespace tocsin::app {

/// What a window without data shows first: the few ways to begin.
class StartPage final : public QWidget {
    Q_OBJECT
public:
    StartPage(const widgets::Theme& theme, bool writable, QWidget* parent = nullptr);

Q_SIGNALS:
    void demoRequested();
    void importRequested();
    void openRequested();
    void queryRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const widgets::Theme& m_theme;
};

} // namespace tocsin::app
