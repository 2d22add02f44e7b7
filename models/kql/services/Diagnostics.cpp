// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Diagnostics.h"

#include "kql/bind/Advice.h"
#include "kql/bind/BindErrors.h"
#include "kql/bind/Binder.h"
#include "kql/services/Statement.h"
#include "kql/syntax/Literals.h"
#include "kql/syntax/Suggestion.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

using Severity = Diagnostic::Severity;

/// The one obvious way to set it right; `text` is what the error's span counts in.
std::optional<TextEdit> fixOf(const Error& error, std::string_view text)
{
    if (!error.span || error.span->end() > text.size())
        return std::nullopt;
    const std::string_view written = text.substr(error.span->start, error.span->length);
    const auto replaceName = [&](std::string_view name, std::string_view by) -> std::optional<TextEdit> {
        // The place may be that of a larger expression, at whose end the name stands.
        if (name.empty() || !written.ends_with(name))
            return std::nullopt;
        return TextEdit{{error.span->end() - name.size(), name.size()}, std::string(by)};
    };
    if (const auto name = suggestedName(error); name && !error.args.empty())
        return replaceName(error.args[0], error.kind == &kUnknownFunction || error.kind == &kUnknownPlugin ? std::string(*name) : encodeName(*name));
    if (error.kind == &kOldName)
        return replaceName(error.args[0], error.args[1]);
    if (error.kind == &kHasWouldDo && written == error.args[0])
        return TextEdit{*error.span, error.args[1]};
    return std::nullopt;
}

class Check {
public:
    Check(const LanguageServices& language, std::string_view document) : m_language(language), m_document(document) {}

    std::vector<Diagnostic> run()
    {
        for (const QueryBlock& block : runnableBlocks(m_document))
            if (std::any_of(block.pieces.begin(), block.pieces.end(), [](const StatementPiece& piece) { return !piece.comments; }))
                check(block.span);
        std::stable_sort(m_found.begin(), m_found.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.error.span->start < b.error.span->start; });
        return std::move(m_found);
    }

private:
    void check(SourceSpan block)
    {
        const std::string_view text = m_document.substr(block.start, block.length);
        const auto tree = parseQuery(std::string(text));
        const BoundQuery bound = bindTree(tree, m_language.snapshot(), m_language.functions());
        for (const Error& error : bound.errors)
            if (error.kind != &kNothingToRun)
                add(Severity::Error, error, block, text);
        for (const Error& warning : bound.warnings)
            add(Severity::Warning, warning, block, text);
        if (bound.errors.empty())
            for (const Error& hint : advice(*tree, m_language.snapshot()))
                add(Severity::Advice, hint, block, text);
    }

    void add(Severity severity, const Error& error, SourceSpan block, std::string_view text)
    {
        Diagnostic found{severity, error, fixOf(error, text)};
        if (!found.error.span)
            found.error.span = SourceSpan{0, 0};
        found.error.span->start = block.start + std::min(found.error.span->start, text.size());
        found.error.span->length = std::min(found.error.span->length, m_document.size() - found.error.span->start);
        if (found.fix)
            found.fix->span.start += block.start;
        m_found.push_back(std::move(found));
    }

    const LanguageServices& m_language;
    std::string_view m_document;
    std::vector<Diagnostic> m_found;
};

} // namespace

std::vector<Diagnostic> diagnose(const LanguageServices& language, std::string_view document) { return Check(language, document).run(); }

} // namespace tocsin::kql::services
