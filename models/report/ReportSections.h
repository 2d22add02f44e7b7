// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/IncidentPdf.h"
#include "report/PageCanvas.h"

#include <QString>

#include <vector>

namespace tocsin::report {

/// A line of the contents.
struct SectionMark {
    QString title;
    int page = 0;
};

/// Paints the document from front to back on a canvas. It runs once dry and once for real; the contents of the real run come from the
/// dry one.
class ReportSections {
public:
    ReportSections(PageCanvas& canvas, const IncidentReport& report, const PdfOptions& options, std::string digest, std::vector<SectionMark> contents);

    /// False when the user cancelled.
    [[nodiscard]] bool paint();
    const std::vector<SectionMark>& sections() const { return m_sections; }
    std::uint64_t rowsPrinted() const { return m_rowsPrinted; }
    std::uint64_t rowsLeftOut() const { return m_rowsLeftOut; }

private:
    void heading(const QString& title, qreal follows);
    void subheading(const QString& title, qreal follows);
    void front();
    void facts();
    void keyFigures();
    void contents();
    void summary();
    void killChain();
    void alerts();
    void entities();
    void connectivity();
    bool evidence();
    bool evidenceRows(const ReportQuery& query);
    void closing();
    void definition(const QString& term, const QString& text);

    PageCanvas& m_canvas;
    const IncidentReport& m_report;
    const PdfOptions& m_options;
    const ReportStyle& m_style;
    std::string m_digest;
    std::vector<SectionMark> m_contents;
    std::vector<SectionMark> m_sections;
    std::uint64_t m_rowsPrinted = 0;
    std::uint64_t m_rowsLeftOut = 0;
};

} // namespace tocsin::report
