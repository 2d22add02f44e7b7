// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Regex.h"

#include <re2/filtered_re2.h>

namespace tocsin::kql {
namespace {

constexpr std::size_t kMaxCached = 256;

/// RE2 of this generation writes named groups `(?P<name>…)` only.
std::string translated(std::string_view pattern)
{
    std::string out;
    out.reserve(pattern.size() + 8);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) {
            out += pattern.substr(i, 2);
            ++i;
        } else if (pattern.substr(i).starts_with("(?<") && i + 3 < pattern.size() && pattern[i + 3] != '=' && pattern[i + 3] != '!') {
            out += "(?P<";
            i += 2;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

} // namespace

Result<std::shared_ptr<const re2::RE2>> compileRegex(std::string_view pattern, bool matchLongest)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_longest_match(matchLongest);
    auto compiled = std::make_shared<const re2::RE2>(translated(pattern), options);
    if (!compiled->ok())
        return fail(kBadRegex, pattern, compiled->error());
    return compiled;
}

std::string requiredText(std::string_view pattern)
{
    constexpr int kShortest = 3;
    constexpr std::size_t kMostTexts = 32;
    re2::RE2::Options options;
    options.set_log_errors(false);
    re2::FilteredRE2 filter(kShortest);
    int id = 0;
    std::vector<std::string> texts;
    if (filter.Add(translated(pattern), options, &id) != re2::RE2::NoError)
        return {};
    filter.Compile(&texts);
    if (texts.size() > kMostTexts)
        return {};
    std::string longest;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::vector<int> others, possible;
        for (std::size_t other = 0; other < texts.size(); ++other)
            if (other != i)
                others.push_back(static_cast<int>(other));
        filter.AllPotentials(others, &possible);
        if (possible.empty() && texts[i].size() > longest.size()) // without it nothing matches
            longest = texts[i];
    }
    return longest;
}

Result<const re2::RE2*> RegexCache::get(std::string_view pattern)
{
    if (m_last && m_lastPattern == pattern)
        return m_last;
    auto found = m_compiled.find(pattern);
    if (found == m_compiled.end()) {
        if (m_compiled.size() >= kMaxCached)
            m_compiled.clear();
        TOCSIN_TRY_ASSIGN(auto compiled, compileRegex(pattern));
        found = m_compiled.emplace(std::string(pattern), std::move(compiled)).first;
    }
    m_lastPattern = pattern;
    m_last = found->second.get();
    return m_last;
}

} // namespace tocsin::kql
