// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/Pane.h"

#include "common/Style.h"

#include <QAction>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace tocsin::widgets {

Pane::Pane(const Theme& theme, QString iconName, QWidget* parent) : QWidget(parent), m_theme(theme), m_iconName(std::move(iconName))
{
    setAutoFillBackground(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_bar = new QProgressBar;
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(3);
    m_bar->hide();
    m_bar->setAccessibleName(tr("Loading"));
    column->addWidget(m_bar);
    m_strip = new QLabel;
    m_strip->setWordWrap(true);
    m_strip->setAutoFillBackground(true);
    m_strip->setMargin(theme.space());
    m_strip->hide();
    column->addWidget(m_strip);

    auto* holder = new QWidget;
    m_stack = new QStackedLayout(holder);
    column->addWidget(holder, 1);

    m_message = new QWidget;
    auto* lines = new QVBoxLayout(m_message);
    lines->setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(4));
    lines->setSpacing(theme.space(2));
    lines->addStretch();
    m_messageIcon = new QLabel;
    m_messageTitle = new QLabel;
    m_messageText = new QLabel;
    m_messageButton = new QPushButton;
    for (QLabel* label : {m_messageIcon, m_messageTitle, m_messageText}) {
        label->setAlignment(Qt::AlignCenter);
        lines->addWidget(label);
    }
    m_messageTitle->setWordWrap(true);
    m_messageText->setWordWrap(true);
    m_messageText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    lines->addWidget(m_messageButton, 0, Qt::AlignCenter);
    lines->addStretch();
    connect(m_messageButton, &QPushButton::clicked, this, [this] {
        if (m_messageAction)
            m_messageAction->trigger();
    });
    m_stack->addWidget(m_message);
    connect(&theme, &Theme::changed, this, &Pane::restyle);
    restyle();
}

void Pane::setContent(QWidget* content)
{
    m_content = content;
    m_stack->addWidget(content);
    m_stack->setCurrentWidget(content);
}

QAction* Pane::makeTitleAction(const QString& icon, const QString& text, const QKeySequence& shortcut)
{
    auto* action = new QAction(m_theme.icon(icon), text, this);
    if (!shortcut.isEmpty()) {
        action->setShortcut(shortcut);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
    }
    addTitleAction(action);
    return action;
}

void Pane::setCountText(const QString& text)
{
    if (text == m_count)
        return;
    m_count = text;
    Q_EMIT countTextChanged();
}

bool Pane::showsContent() const { return m_content && m_stack->currentWidget() == m_content; }

QString Pane::messageText() const { return showsContent() ? QString() : m_messageTitle->text() + QLatin1Char('\n') + m_messageText->text(); }

void Pane::showContent()
{
    if (m_content)
        m_stack->setCurrentWidget(m_content);
}

void Pane::showMessage(const PaneMessage& message)
{
    m_isError = false;
    m_messageIconName = message.icon;
    m_messageTitle->setText(message.title);
    m_messageText->setText(message.text);
    m_messageText->setVisible(!message.text.isEmpty());
    m_messageAction = message.action;
    m_messageButton->setVisible(message.action);
    if (message.action)
        m_messageButton->setText(message.action->text());
    restyle();
    m_stack->setCurrentWidget(m_message);
}

void Pane::showError(const QString& what, const QString& advice, QAction* action)
{
    showMessage({QStringLiteral("error"), what, advice, action});
    m_isError = true;
    restyle();
}

void Pane::setLoading(bool loading)
{
    m_loading = loading;
    m_bar->setVisible(loading);
}

void Pane::setStrip(const QString& text)
{
    m_strip->setText(text);
    m_strip->setVisible(!text.isEmpty());
}

void Pane::restyle()
{
    m_messageTitle->setFont(m_theme.boldFont());
    QPalette quiet = m_messageText->palette();
    quiet.setColor(QPalette::WindowText, m_theme.color(ThemeColor::TextQuiet));
    m_messageText->setPalette(quiet);
    QPalette own = m_theme.qtPalette();
    own.setColor(QPalette::Window, m_theme.color(ThemeColor::Surface));
    m_message->setPalette(own);
    m_message->setAutoFillBackground(true);
    const ThemeColor iconColor = m_isError ? ThemeColor::Error : ThemeColor::TextQuiet;
    m_messageIcon->setPixmap(m_messageIconName.isEmpty() ? QPixmap() : m_theme.icon(m_messageIconName, iconColor).pixmap(QSize(24, 24), devicePixelRatioF()));
    QPalette strip = m_theme.qtPalette();
    strip.setColor(QPalette::Window, m_theme.tint(ThemeColor::Warning, 0.16));
    m_strip->setPalette(strip);
}

} // namespace tocsin::widgets
