// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Searching texts for one fixed text, many times over. Ignoring case means ASCII case where the wanted text is ASCII
/// (the usual case, searched in place), and simple Unicode case folding where it is not.
namespace tocsin::kql {

bool isAscii(std::string_view text);

/// Finds a fixed text.
class TextFinder {
public:
    TextFinder(std::string_view wanted, bool caseSensitive);

    /// Position of the first occurrence at or after `from`; npos if there is none.
    std::size_t find(std::string_view text, std::size_t from = 0) const;
    bool startsWith(std::string_view text) const;
    bool endsWith(std::string_view text) const;
    bool equals(std::string_view text) const;
    const std::string& wanted() const { return m_wanted; }
    /// The text as find() must be given it: folded if the wanted text needs that, else the text itself.
    std::string_view prepared(std::string_view text, std::string& scratch) const;

private:
    bool matchesAt(const char* at) const;
    std::size_t findFolded(std::string_view text, std::size_t from) const;

    std::string m_wanted;          ///< folded when case does not count
    bool m_caseSensitive;
    bool m_unicode = false;        ///< ignoring case and not ASCII
};

/// Which terms of a text the wanted text may stand for.
enum class TermRule {
    Whole,  ///< has: neither end may cut a term
    Prefix, ///< hasprefix: the start must not
    Suffix, ///< hassuffix: the end must not
};

/// The operators `has`, `hasprefix`, `hassuffix`: a substring whose ends do not cut a run of letters and digits in two.
class TermFinder {
public:
    TermFinder(std::string_view wanted, TermRule rule, bool caseSensitive);
    bool matches(std::string_view text) const;

private:
    TextFinder m_finder;
    bool m_checkStart; ///< the wanted text begins with a letter or digit
    bool m_checkEnd;
};

} // namespace tocsin::kql
