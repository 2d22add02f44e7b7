// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/ProblemMarks.h"

#include "items/ErrorText.h"

#include <Qsci/qsciscintilla.h>

#include <algorithm>

namespace tocsin::widgets {

namespace {

using Severity = ProblemMarks::Severity;

constexpr std::pair<Severity, int> kIndicators[] = {{Severity::Error, 8}, {Severity::Warning, 11}, {Severity::Advice, 12}};

int indicatorOf(Severity severity)
{
    for (const auto& [kind, indicator] : kIndicators)
        if (kind == severity)
            return indicator;
    return kIndicators[0].second;
}

} // namespace

ProblemMarks::ProblemMarks(const Theme& theme, QsciScintilla* editor) : QObject(editor), m_theme(theme), m_sci(editor)
{
    m_sci->indicatorDefine(QsciScintilla::SquiggleIndicator, indicatorOf(Severity::Error));
    m_sci->indicatorDefine(QsciScintilla::SquiggleIndicator, indicatorOf(Severity::Warning));
    m_sci->indicatorDefine(QsciScintilla::DotsIndicator, indicatorOf(Severity::Advice));
    connect(m_sci, &QsciScintilla::SCN_MODIFIED, this,
            [this](int position, int type, const char*, int length) { modified(static_cast<std::size_t>(position), type, static_cast<std::size_t>(length)); });
    // Nothing may be drawn while the text is being modified.
    connect(m_sci, &QsciScintilla::textChanged, this, [this] {
        if (std::exchange(m_touched, false))
            finish();
    });
    connect(&theme, &Theme::changed, this, &ProblemMarks::applyTheme);
    applyTheme();
}

void ProblemMarks::applyTheme()
{
    m_sci->setIndicatorForegroundColor(m_theme.color(ThemeColor::Error), indicatorOf(Severity::Error));
    m_sci->setIndicatorForegroundColor(m_theme.color(ThemeColor::Warning), indicatorOf(Severity::Warning));
    m_sci->setIndicatorForegroundColor(m_theme.color(ThemeColor::Accent), indicatorOf(Severity::Advice));
}

void ProblemMarks::modified(std::size_t at, int type, std::size_t length)
{
    const bool inserted = type & static_cast<int>(QsciScintilla::SC_MOD_INSERTTEXT), deleted = type & static_cast<int>(QsciScintilla::SC_MOD_DELETETEXT);
    if (!inserted && !deleted)
        return;
    const std::size_t until = deleted ? at + length : at;
    const auto gone = std::erase_if(m_problems, [&](const Problem& problem) { return problem.ofRun || (problem.start <= until && at <= problem.end); });
    m_touched = m_touched || gone > 0;
    const auto move = [&](std::size_t& place) {
        if (place >= until)
            place = inserted ? place + length : place - length;
    };
    for (Problem& problem : m_problems) {
        move(problem.start);
        move(problem.end);
        if (problem.fix && problem.fix->span.start >= until)
            move(problem.fix->span.start);
    }
}

void ProblemMarks::add(const Error& error, std::size_t documentOffset, Severity severity, std::optional<kql::services::TextEdit> fix, bool ofRun)
{
    if (!error.span)
        return;
    const auto length = static_cast<std::size_t>(m_sci->SendScintilla(QsciScintilla::SCI_GETLENGTH));
    Problem problem{severity, std::min(length, documentOffset + error.span->start), 0, items::errorText(error), items::errorAdviceText(error), std::move(fix), ofRun};
    problem.end = std::min(length, std::max(problem.start + 1, documentOffset + error.span->end()));
    if (problem.start == problem.end && problem.start > 0)
        --problem.start; // what is missing at the end is shown at the last letter
    const auto same = [&](const Problem& other) { return other.start == problem.start && other.text == problem.text; };
    if (std::none_of(m_problems.begin(), m_problems.end(), same))
        m_problems.push_back(std::move(problem));
}

void ProblemMarks::setChecked(const std::vector<kql::services::Diagnostic>& found)
{
    std::erase_if(m_problems, [](const Problem& problem) { return !problem.ofRun; });
    for (const kql::services::Diagnostic& diagnostic : found)
        add(diagnostic.error, 0, diagnostic.severity, diagnostic.fix, false);
    finish();
}

void ProblemMarks::setRun(const std::vector<Error>& errors, std::size_t documentOffset, Severity severity)
{
    std::erase_if(m_problems, [](const Problem& problem) { return problem.ofRun; });
    for (const Error& error : errors)
        add(error, documentOffset, severity, std::nullopt, true);
    finish();
}

void ProblemMarks::finish()
{
    std::stable_sort(m_problems.begin(), m_problems.end(), [](const Problem& a, const Problem& b) { return a.start < b.start; });
    draw();
    Q_EMIT changed();
}

void ProblemMarks::draw()
{
    const long length = m_sci->SendScintilla(QsciScintilla::SCI_GETLENGTH);
    for (const auto& [severity, indicator] : kIndicators) {
        m_sci->SendScintilla(QsciScintilla::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(indicator));
        m_sci->SendScintilla(QsciScintilla::SCI_INDICATORCLEARRANGE, 0UL, length);
        for (const Problem& problem : m_problems)
            if (problem.severity == severity)
                m_sci->SendScintilla(QsciScintilla::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(problem.start), static_cast<long>(problem.end - problem.start));
    }
}

int ProblemMarks::count(Severity severity) const
{
    return static_cast<int>(std::count_if(m_problems.begin(), m_problems.end(), [&](const Problem& problem) { return problem.severity == severity; }));
}

const ProblemMarks::Problem* ProblemMarks::at(std::size_t byte) const
{
    const Problem* gravest = nullptr;
    for (const Problem& problem : m_problems)
        if (byte >= problem.start && byte <= problem.end && (!gravest || problem.severity < gravest->severity))
            gravest = &problem;
    return gravest;
}

const ProblemMarks::Problem* ProblemMarks::next(std::size_t byte, bool backwards) const
{
    const bool errors = count(Severity::Error) > 0;
    const Problem* first = nullptr;
    const Problem* last = nullptr;
    const Problem* before = nullptr;
    for (const Problem& problem : m_problems) {
        if (errors && problem.severity != Severity::Error)
            continue;
        if (!backwards && problem.start > byte)
            return &problem;
        if (!first)
            first = &problem;
        last = &problem;
        if (problem.start < byte)
            before = &problem;
    }
    return backwards ? (before ? before : last) : first;
}

QString ProblemMarks::severityText(Severity severity)
{
    switch (severity) {
    case Severity::Error: return tr("Error");
    case Severity::Warning: return tr("Warning");
    case Severity::Advice: break;
    }
    return tr("Advice");
}

QString ProblemMarks::tipText(const Problem& problem)
{
    QString text = tr("%1: %2", "severity, what is wrong").arg(severityText(problem.severity), problem.text);
    if (!problem.advice.isEmpty())
        text += QLatin1Char('\n') + problem.advice;
    return text;
}

} // namespace tocsin::widgets
