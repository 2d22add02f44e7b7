// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/DockTitleBar.h"

#include "common/Pane.h"

#include <QAction>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace tocsin::widgets {

namespace {

QToolButton* titleButton(const QString& accessibleName)
{
    auto* button = new QToolButton;
    button->setAutoRaise(true);
    button->setFixedSize(22, 22);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(accessibleName);
    button->setToolTip(accessibleName);
    return button;
}

} // namespace

DockTitleBar::DockTitleBar(QDockWidget* dock, Pane* pane) : QWidget(dock), m_dock(dock), m_pane(pane)
{
    const Theme& theme = pane->theme();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.space(2), 0, theme.space(), 0);
    row->setSpacing(theme.space());
    m_icon = new QLabel;
    m_name = new QLabel;
    m_count = new QLabel;
    row->addWidget(m_icon);
    row->addWidget(m_name);
    row->addWidget(m_count);
    row->addStretch();
    for (QAction* action : pane->titleActions()) {
        QToolButton* button = titleButton(action->text());
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        row->addWidget(button);
    }
    auto* floating = titleButton(tr("Float or dock"));
    floating->setIcon(theme.icon(QStringLiteral("float"), ThemeColor::TextQuiet));
    connect(floating, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
    auto* close = titleButton(tr("Close"));
    close->setIcon(theme.icon(QStringLiteral("close"), ThemeColor::TextQuiet));
    connect(close, &QToolButton::clicked, dock, &QDockWidget::close);
    row->addWidget(floating);
    row->addWidget(close);

    connect(pane, &Pane::countTextChanged, this, &DockTitleBar::refresh);
    connect(dock, &QDockWidget::windowTitleChanged, this, &DockTitleBar::refresh);
    connect(&theme, &Theme::changed, this, &DockTitleBar::refresh);
    refresh();
}

QSize DockTitleBar::sizeHint() const { return {QWidget::sizeHint().width(), m_pane->theme().titleHeight()}; }

QSize DockTitleBar::minimumSizeHint() const { return {120, m_pane->theme().titleHeight()}; }

void DockTitleBar::refresh()
{
    const Theme& theme = m_pane->theme();
    m_icon->setPixmap(theme.icon(m_pane->iconName()).pixmap(QSize(theme.iconSize(), theme.iconSize()), devicePixelRatioF()));
    m_name->setFont(theme.boldFont());
    m_name->setText(m_dock->windowTitle());
    QPalette quiet = theme.qtPalette();
    quiet.setColor(QPalette::WindowText, theme.color(ThemeColor::TextQuiet));
    m_count->setPalette(quiet);
    m_count->setText(m_pane->countText());
    update();
}

void DockTitleBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = m_pane->theme();
    painter.fillRect(rect(), theme.color(ThemeColor::Window));
    painter.setPen(theme.hairline());
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
}

} // namespace tocsin::widgets
