// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Reduce.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

namespace tocsin::kql {
namespace {

bool isWordCharacter(unsigned char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// A text taken apart: words, and what stands before each of them and behind the last.
struct Words {
    std::vector<std::string_view> words;
    std::vector<std::string_view> gaps; ///< one more than words
};

Words wordsOf(std::string_view text, std::string_view separators)
{
    const auto separates = [&](char c) { return separators.empty() ? !isWordCharacter(static_cast<unsigned char>(c)) : separators.find(c) != std::string_view::npos; };
    Words result;
    std::size_t gap = 0, at = 0;
    while (at < text.size()) {
        while (at < text.size() && separates(text[at]))
            ++at;
        if (at == text.size())
            break;
        const std::size_t start = at;
        while (at < text.size() && !separates(text[at]))
            ++at;
        result.gaps.push_back(text.substr(gap, start - gap));
        result.words.push_back(text.substr(start, at - start));
        gap = at;
    }
    result.gaps.push_back(text.substr(gap));
    return result;
}

/// Texts that share frequent words. A word that is not frequent, or not shared, is absent.
struct Cluster {
    std::vector<std::optional<std::string_view>> pattern;
    std::size_t longest = 0; ///< words of the longest text
    std::int64_t count = 0;
    std::string_view representative;
    std::vector<std::uint32_t> members; ///< among the different texts
};

class Reducer {
public:
    Reducer(double threshold, std::string_view separators, const Run& run) : m_threshold(threshold), m_separators(separators), m_run(run) {}
    ~Reducer()
    {
        m_run.leave(std::move(m_frequency));
        m_run.leave(std::move(m_clusters));
        m_run.leave(std::move(m_known));
    }

    Result<std::vector<ReducedGroup>> reduce(const std::vector<std::string_view>& texts)
    {
        TOCSIN_TRY(countTexts(texts));
        TOCSIN_TRY(countWords());
        std::int64_t others = 0;
        for (std::size_t i = 0; i < m_texts.size(); ++i) {
            TOCSIN_TRY(tick(i));
            Cluster candidate = candidateOf(m_texts[i], m_counts[i]);
            candidate.members = {static_cast<std::uint32_t>(i)};
            const auto frequent = static_cast<double>(std::count_if(candidate.pattern.begin(), candidate.pattern.end(), [](const auto& word) { return word.has_value(); }));
            if (frequent == 0) {
                others += candidate.count;
                continue;
            }
            if (frequent / static_cast<double>(candidate.longest) < m_threshold) { // shares too little with its like: stands alone
                m_clusters.push_back(std::move(candidate));
                continue;
            }
            const auto [place, isNew] = m_known.emplace(candidate.pattern, m_clusters.size());
            if (isNew)
                m_clusters.push_back(std::move(candidate));
            else
                add(m_clusters[place->second], candidate);
        }
        TOCSIN_TRY(mergeSimilar());
        return resultOf(others);
    }
    /// After reduce(): the group of each text given.
    std::vector<std::uint32_t> groupOfEach() const
    {
        std::vector<std::uint32_t> groups;
        for (const std::uint32_t place : m_places)
            groups.push_back(m_groups[place]);
        return groups;
    }

private:
    /// Asks whether to stop, now and then.
    Result<void> tick(std::size_t step) const { return step % 1024 == 0 ? m_run.checkStop() : Result<void>(); }

    Result<void> countTexts(const std::vector<std::string_view>& texts)
    {
        std::unordered_map<std::string_view, std::size_t> places;
        for (const std::string_view text : texts) {
            TOCSIN_TRY(tick(m_places.size()));
            const auto [place, isNew] = places.emplace(text, m_texts.size());
            m_places.push_back(static_cast<std::uint32_t>(place->second));
            if (isNew) {
                m_texts.push_back(text);
                m_counts.push_back(0);
            }
            ++m_counts[place->second];
        }
        m_rows = static_cast<double>(texts.size());
        return {};
    }
    Result<void> countWords()
    {
        for (std::size_t i = 0; i < m_texts.size(); ++i) {
            TOCSIN_TRY(tick(i));
            const Words words = wordsOf(m_texts[i], m_separators);
            if (m_frequency.size() < words.words.size())
                m_frequency.resize(words.words.size());
            for (std::size_t w = 0; w < words.words.size(); ++w)
                m_frequency[w][words.words[w]] += m_counts[i];
        }
        return {};
    }
    Cluster candidateOf(std::string_view text, std::int64_t count) const
    {
        const Words words = wordsOf(text, m_separators);
        Cluster cluster;
        cluster.longest = words.words.size();
        cluster.count = count;
        cluster.representative = text;
        for (std::size_t w = 0; w < words.words.size(); ++w) {
            const bool frequent = static_cast<double>(m_frequency[w].find(words.words[w])->second) > m_threshold * m_rows;
            cluster.pattern.push_back(frequent ? std::optional(words.words[w]) : std::nullopt);
        }
        return cluster;
    }
    static void add(Cluster& to, const Cluster& from)
    {
        to.count += from.count;
        to.members.insert(to.members.end(), from.members.begin(), from.members.end());
        to.longest = std::max(to.longest, from.longest);
        to.pattern.resize(std::min(to.pattern.size(), from.pattern.size()));
        for (std::size_t w = 0; w < to.pattern.size(); ++w)
            if (to.pattern[w] != from.pattern[w])
                to.pattern[w].reset();
    }
    double similarity(const Cluster& a, const Cluster& b) const
    {
        std::size_t same = 0;
        for (std::size_t w = 0; w < std::min(a.pattern.size(), b.pattern.size()); ++w)
            same += a.pattern[w] && a.pattern[w] == b.pattern[w];
        return static_cast<double>(same) / static_cast<double>(std::max(a.longest, b.longest));
    }
    /// Each cluster joins the most similar one before it, if any is similar enough.
    Result<void> mergeSimilar()
    {
        std::size_t merged = 0; // how many stay; they move to the front
        for (std::size_t i = 0; i < m_clusters.size(); ++i) {
            TOCSIN_TRY(m_run.checkStop());
            double best = 0;
            Cluster* target = nullptr;
            for (Cluster& other : std::span(m_clusters).first(merged))
                if (const double value = similarity(m_clusters[i], other); value > best && value >= m_threshold) {
                    best = value;
                    target = &other;
                }
            if (target)
                add(*target, m_clusters[i]);
            else if (const std::size_t place = merged++; place != i)
                m_clusters[place] = std::move(m_clusters[i]);
        }
        m_clusters.erase(m_clusters.begin() + static_cast<std::ptrdiff_t>(merged), m_clusters.end());
        return {};
    }

    std::string patternText(const Cluster& cluster) const
    {
        const Words words = wordsOf(cluster.representative, m_separators);
        const auto keeps = [&](std::string_view gap) { // a letter that separates goes with the words it separates
            return std::none_of(gap.begin(), gap.end(), [](char c) { return isWordCharacter(static_cast<unsigned char>(c)); });
        };
        std::string text(words.gaps.front());
        bool star = false;
        for (std::size_t w = 0; w < words.words.size(); ++w) {
            const bool wild = w >= cluster.pattern.size() || !cluster.pattern[w];
            if (wild && star)
                continue;
            if (w > 0 && ((!wild && !star) || keeps(words.gaps[w])))
                text += words.gaps[w];
            text += wild ? std::string_view("*") : words.words[w];
            star = wild;
        }
        if (cluster.longest > words.words.size() && !star)
            text += '*';
        else if (!star)
            text += words.gaps.back();
        return text;
    }
    Result<std::vector<ReducedGroup>> resultOf(std::int64_t others)
    {
        std::stable_sort(m_clusters.begin(), m_clusters.end(), [](const Cluster& a, const Cluster& b) { return a.count > b.count; });
        std::vector<ReducedGroup> groups;
        m_groups.assign(m_texts.size(), static_cast<std::uint32_t>(m_clusters.size())); // of the others
        for (const Cluster& cluster : m_clusters) {
            TOCSIN_TRY(tick(groups.size()));
            for (const std::uint32_t text : cluster.members)
                m_groups[text] = static_cast<std::uint32_t>(groups.size());
            groups.push_back({patternText(cluster), cluster.count, std::string(cluster.representative)});
        }
        if (others > 0)
            groups.push_back({"others", others, ""});
        return groups;
    }

    double m_threshold;
    std::string_view m_separators;
    const Run& m_run;
    double m_rows = 0;
    std::vector<std::string_view> m_texts; ///< each once
    std::vector<std::int64_t> m_counts;
    std::vector<std::uint32_t> m_places; ///< among m_texts, of each text given
    std::vector<std::uint32_t> m_groups; ///< of each of m_texts
    std::vector<std::unordered_map<std::string_view, std::int64_t>> m_frequency; ///< per place
    std::vector<Cluster> m_clusters;
    std::map<std::vector<std::optional<std::string_view>>, std::size_t> m_known; ///< cluster by pattern
};

} // namespace

Result<std::vector<ReducedGroup>> reduceTexts(const std::vector<std::string_view>& texts, double threshold, std::string_view separators, const Run& run, std::vector<std::uint32_t>* groupOf)
{
    Reducer reducer(threshold, separators, run);
    TOCSIN_TRY_ASSIGN(std::vector<ReducedGroup> groups, reducer.reduce(texts));
    if (groupOf)
        *groupOf = reducer.groupOfEach();
    return groups;
}

} // namespace tocsin::kql
