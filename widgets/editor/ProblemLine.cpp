// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/ProblemLine.h"

#include "editor/ProblemMarks.h"
#include "editor/QueryEditor.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace tocsin::widgets {

using Severity = ProblemMarks::Severity;

ProblemLine::ProblemLine(QueryEditor& editor, const Theme& theme)
    : m_editor(editor), m_theme(theme), m_count(new QToolButton), m_message(new QLabel), m_fix(new QToolButton), m_place(new QLabel)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.space(), 0, theme.space(2), 0);
    row->setSpacing(theme.space(2));
    for (QToolButton* button : {m_count, m_fix}) {
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setIconSize(QSize(theme.iconSize(), theme.iconSize()));
        button->setFocusPolicy(Qt::TabFocus);
    }
    m_count->setToolTip(tr("Go to the next problem (Alt+F8)"));
    m_fix->setToolTip(tr("Set it right (Alt+Enter)"));
    m_message->setTextFormat(Qt::PlainText);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_message->setAccessibleName(tr("Problem at the cursor"));
    m_place->setAccessibleName(tr("Place of the cursor"));
    row->addWidget(m_count);
    row->addWidget(m_message, 1);
    row->addWidget(m_fix);
    row->addWidget(m_place);
    setFixedHeight(theme.titleHeight());
    setAutoFillBackground(true);
    connect(m_count, &QToolButton::clicked, &editor, [this] { m_editor.goToProblem(false); });
    connect(m_fix, &QToolButton::clicked, &editor, [this] {
        m_editor.fixProblem();
        m_editor.setFocus();
    });
    connect(editor.problems(), &ProblemMarks::changed, this, &ProblemLine::refresh);
    connect(&editor, &QueryEditor::cursorMoved, this, &ProblemLine::refresh);
    connect(&editor, &QueryEditor::checked, this, &ProblemLine::refresh);
    connect(&theme, &Theme::changed, this, &ProblemLine::restyle);
    restyle();
}

void ProblemLine::restyle()
{
    QPalette palette = m_theme.qtPalette();
    palette.setColor(QPalette::Window, m_theme.color(ThemeColor::Window));
    setPalette(palette);
    QPalette quiet = palette;
    quiet.setColor(QPalette::WindowText, m_theme.color(ThemeColor::TextQuiet));
    m_place->setPalette(quiet);
    m_place->setFont(m_theme.smallFont());
    m_message->setFont(m_theme.smallFont());
    m_count->setFont(m_theme.smallFont());
    m_fix->setFont(m_theme.smallFont());
    refresh();
}

QString ProblemLine::countText() const
{
    const ProblemMarks& problems = *m_editor.problems();
    QStringList parts;
    if (const int errors = problems.count(Severity::Error))
        parts << tr("%n error(s)", nullptr, errors);
    if (const int warnings = problems.count(Severity::Warning))
        parts << tr("%n warning(s)", nullptr, warnings);
    if (const int advice = problems.count(Severity::Advice))
        parts << tr("%n hint(s)", nullptr, advice);
    if (!parts.isEmpty())
        return parts.join(QStringLiteral(" · "));
    return m_editor.isChecked() ? tr("No problems") : QString();
}

void ProblemLine::refresh()
{
    const ProblemMarks& problems = *m_editor.problems();
    const bool error = problems.count(Severity::Error) > 0, warning = problems.count(Severity::Warning) > 0, any = !problems.all().empty();
    m_count->setText(countText());
    m_count->setIcon(m_theme.icon(error ? QStringLiteral("error") : warning ? QStringLiteral("warning") : any ? QStringLiteral("info") : QStringLiteral("tick"),
                                  error ? ThemeColor::Error : warning ? ThemeColor::Warning : any ? ThemeColor::Accent : ThemeColor::Success));
    m_count->setVisible(!m_count->text().isEmpty());
    m_count->setEnabled(any);
    const ProblemMarks::Problem* here = problems.at(m_editor.cursor());
    m_whole = here ? here->text : QString();
    m_message->setToolTip(here ? ProblemMarks::tipText(*here) : QString());
    elide();
    m_fix->setVisible(here && here->fix);
    if (here && here->fix)
        m_fix->setText(tr("Write %1").arg(QString::fromStdString(here->fix->text)));
    const auto [line, column] = m_editor.lineAndColumn();
    m_place->setText(tr("Line %1, column %2").arg(line).arg(column));
}

void ProblemLine::elide() { m_message->setText(m_message->fontMetrics().elidedText(m_whole, Qt::ElideRight, m_message->width())); }

void ProblemLine::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    elide();
}

} // namespace tocsin::widgets
