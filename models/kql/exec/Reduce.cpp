// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Reduce.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

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
    Reducer(double threshold, std::string_view separators) : m_threshold(threshold), m_separators(separators) {}

    Result<std::vector<ReducedGroup>> reduce(const std::vector<std::string_view>& texts, const std::function<Result<void>()>& checkStop)
    {
        countTexts(texts);
        TOCSIN_TRY(checkStop());
        countWords();
        std::int64_t others = 0;
        std::vector<Cluster> clusters;
        std::map<std::vector<std::optional<std::string_view>>, std::size_t> known;
        for (std::size_t i = 0; i < m_texts.size(); ++i) {
            if (i % 1024 == 0)
                TOCSIN_TRY(checkStop());
            Cluster candidate = candidateOf(m_texts[i], m_counts[i]);
            candidate.members = {static_cast<std::uint32_t>(i)};
            const auto frequent = static_cast<double>(std::count_if(candidate.pattern.begin(), candidate.pattern.end(), [](const auto& word) { return word.has_value(); }));
            if (frequent == 0) {
                others += candidate.count;
                continue;
            }
            if (frequent / static_cast<double>(candidate.longest) < m_threshold) { // shares too little with its like: stands alone
                clusters.push_back(std::move(candidate));
                continue;
            }
            const auto [place, isNew] = known.emplace(candidate.pattern, clusters.size());
            if (isNew)
                clusters.push_back(std::move(candidate));
            else
                add(clusters[place->second], candidate);
        }
        TOCSIN_TRY_ASSIGN(std::vector<Cluster> merged, mergeSimilar(std::move(clusters), checkStop));
        return resultOf(std::move(merged), others);
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
    void countTexts(const std::vector<std::string_view>& texts)
    {
        std::unordered_map<std::string_view, std::size_t> places;
        for (const std::string_view text : texts) {
            const auto [place, isNew] = places.emplace(text, m_texts.size());
            m_places.push_back(static_cast<std::uint32_t>(place->second));
            if (isNew) {
                m_texts.push_back(text);
                m_counts.push_back(0);
            }
            ++m_counts[place->second];
        }
        m_rows = static_cast<double>(texts.size());
    }
    void countWords()
    {
        for (std::size_t i = 0; i < m_texts.size(); ++i) {
            const Words words = wordsOf(m_texts[i], m_separators);
            if (m_frequency.size() < words.words.size())
                m_frequency.resize(words.words.size());
            for (std::size_t w = 0; w < words.words.size(); ++w)
                m_frequency[w][words.words[w]] += m_counts[i];
        }
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
    Result<std::vector<Cluster>> mergeSimilar(std::vector<Cluster> clusters, const std::function<Result<void>()>& checkStop) const
    {
        std::vector<Cluster> merged;
        for (Cluster& cluster : clusters) {
            TOCSIN_TRY(checkStop());
            double best = 0;
            Cluster* target = nullptr;
            for (Cluster& other : merged)
                if (const double value = similarity(cluster, other); value > best && value >= m_threshold) {
                    best = value;
                    target = &other;
                }
            if (target)
                add(*target, cluster);
            else
                merged.push_back(std::move(cluster));
        }
        return merged;
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
    std::vector<ReducedGroup> resultOf(std::vector<Cluster> clusters, std::int64_t others)
    {
        std::stable_sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) { return a.count > b.count; });
        std::vector<ReducedGroup> groups;
        m_groups.assign(m_texts.size(), static_cast<std::uint32_t>(clusters.size())); // of the others
        for (const Cluster& cluster : clusters) {
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
    double m_rows = 0;
    std::vector<std::string_view> m_texts; ///< each once
    std::vector<std::int64_t> m_counts;
    std::vector<std::uint32_t> m_places; ///< among m_texts, of each text given
    std::vector<std::uint32_t> m_groups; ///< of each of m_texts
    std::vector<std::unordered_map<std::string_view, std::int64_t>> m_frequency; ///< per place
};

} // namespace

Result<std::vector<ReducedGroup>> reduceTexts(const std::vector<std::string_view>& texts, double threshold, std::string_view separators, const std::function<Result<void>()>& checkStop,
                                              std::vector<std::uint32_t>* groupOf)
{
    Reducer reducer(threshold, separators);
    TOCSIN_TRY_ASSIGN(std::vector<ReducedGroup> groups, reducer.reduce(texts, checkStop));
    if (groupOf)
        *groupOf = reducer.groupOfEach();
    return groups;
}

} // namespace tocsin::kql
