// SPDX-License-Identifier: GPL-3.0-or-later
#include "StartPage.h"

#include "common/Style.h"

#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace tocsin::app {

using widgets::Theme;
using widgets::ThemeColor;

StartPage::StartPage(const Theme& theme, bool writable, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    auto* content = new QWidget;
    auto* scroll = new QScrollArea; // a small window must not push the ways into each other
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    content->setAutoFillBackground(false); // what is behind is painted here
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins({});
    whole->addWidget(scroll);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(theme.space(10), theme.space(8), theme.space(10), theme.space(8));
    column->setSpacing(theme.space(2));
    auto* title = new QLabel(tr("Tocsin"));
    auto* lead = new QLabel(tr("Logs in, questions in KQL, alerts, incidents, and the network they happened on. Everything stays on this machine."));
    lead->setWordWrap(true);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(theme.space(5));
    grid->setVerticalSpacing(theme.space(4));
    struct Way {
        QString icon, text, explanation;
        void (StartPage::*signal)();
        bool enabled, primary;
    };
    const QList<Way> ways{
        {QStringLiteral("demo"), tr("Open demo case"), tr("A fictional company and one intrusion through all eight stages, with its network."), &StartPage::demoRequested, writable, true},
        {QStringLiteral("import"), tr("Import files…"), tr("Windows events, syslog, CEF, Azure and Entra exports, web server and flow logs."), &StartPage::importRequested, writable, false},
        {QStringLiteral("folder"), tr("Open workspace…"), tr("A workspace is one file. Rows, rules, incidents and cases are all inside."), &StartPage::openRequested, true, false},
        {QStringLiteral("query"), tr("New query"), tr("Ask the tables that are already here."), &StartPage::queryRequested, true, false},
    };
    QList<QLabel*> explanations;
    int row = 0;
    for (const Way& way : ways) {
        auto* button = new QPushButton(theme.icon(way.icon, way.primary && way.enabled ? ThemeColor::AccentText : ThemeColor::Text), way.text);
        button->setMinimumWidth(190);
        button->setMinimumHeight(30);
        button->setEnabled(way.enabled);
        if (way.primary) {
            widgets::setPrimary(button);
            setFocusProxy(button);
        }
        connect(button, &QPushButton::clicked, this, way.signal);
        auto* explanation = new QLabel(way.explanation);
        explanation->setWordWrap(true);
        explanation->setMinimumWidth(180);
        explanations << explanation;
        grid->addWidget(button, row, 0);
        grid->addWidget(explanation, row, 1);
        ++row;
    }
    grid->setColumnStretch(1, 1);
    column->addStretch(1);
    column->addWidget(title);
    column->addWidget(lead);
    column->addSpacing(theme.space(4));
    column->addLayout(grid);
    column->addStretch(2);
    const auto restyle = [this, title, lead, explanations] {
        QFont large = m_theme.titleFont();
        title->setFont(large);
        QPalette quiet = m_theme.qtPalette();
        quiet.setColor(QPalette::WindowText, m_theme.color(ThemeColor::TextQuiet));
        lead->setPalette(quiet);
        for (QLabel* label : explanations)
            label->setPalette(quiet);
        update();
    };
    connect(&theme, &Theme::changed, this, restyle);
    restyle();
}

void StartPage::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(ThemeColor::Surface));
}

} // namespace tocsin::app
