// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/RenameBox.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace tocsin::widgets {

RenameBox::RenameBox(const Theme& theme, const QString& name, std::function<QString(const QString&)> accept, QWidget* parent)
    : QFrame(parent), m_accept(std::move(accept)), m_line(new QLineEdit(name)), m_problem(new QLabel)
{
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(), theme.space(), theme.space(), theme.space());
    column->setSpacing(theme.space());
    m_line->setFont(theme.monospaceFont());
    m_line->setAccessibleName(tr("New name"));
    m_line->selectAll();
    auto* hint = new QLabel(tr("Enter renames, Esc leaves it"));
    hint->setFont(theme.smallFont());
    hint->setForegroundRole(QPalette::PlaceholderText);
    m_problem->setFont(theme.smallFont());
    m_problem->setWordWrap(true);
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, theme.color(ThemeColor::Error));
    m_problem->setPalette(palette);
    m_problem->hide();
    column->addWidget(m_line);
    column->addWidget(m_problem);
    column->addWidget(hint);
    m_line->installEventFilter(this);
    connect(m_line, &QLineEdit::textEdited, this, [this] {
        m_problem->hide();
        place();
    });
}

QString RenameBox::problem() const { return m_problem->isHidden() ? QString() : m_problem->text(); }

void RenameBox::openAt(const QRect& name)
{
    m_name = name;
    setFixedWidth(std::max(300, m_line->fontMetrics().horizontalAdvance(m_line->text()) + 60));
    place();
    show();
    raise();
    m_line->setFocus();
}

/// Below the name if there is room, else above it, however much there is to say.
void RenameBox::place()
{
    layout()->activate();
    resize(width(), layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : sizeHint().height());
    const QRect room = parentWidget()->rect();
    const int x = std::clamp(m_name.left() - m_line->x(), 0, std::max(0, room.width() - width()));
    const int below = m_name.bottom() + 2;
    move(x, below + height() <= room.height() ? below : std::max(0, m_name.top() - height() - 2));
}

void RenameBox::take()
{
    const QString problem = m_accept(m_line->text());
    if (problem.isEmpty())
        return leave();
    m_problem->setText(problem);
    m_problem->show();
    place();
    m_line->selectAll();
}

void RenameBox::leave()
{
    if (!isVisible())
        return;
    m_line->removeEventFilter(this);
    hide();
    parentWidget()->setFocus();
    deleteLater();
}

bool RenameBox::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        // Neither Enter nor Esc is for the window now.
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
            event->accept();
            return true;
        }
    }
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape)
            return leave(), true;
        if (key == Qt::Key_Return || key == Qt::Key_Enter)
            return take(), true;
    }
    if (event->type() == QEvent::FocusOut && static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason)
        leave();
    return QFrame::eventFilter(watched, event);
}

} // namespace tocsin::widgets
