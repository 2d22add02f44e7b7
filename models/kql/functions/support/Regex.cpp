// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Regex.h"

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
