// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

namespace tocsin::kql {
namespace {

constexpr std::uint32_t kGap = 0xFFFFFFFF;  ///< any one word
constexpr std::size_t kMostSeeds = 300;     ///< words that patterns may begin with: the most frequent
constexpr double kKept = 0.6;               ///< of the difference must be left when a pattern gets a word longer

/// The texts as numbered words, in one list.
struct Texts {
    std::vector<std::uint32_t> words;
    std::vector<std::size_t> ends;     ///< per text
    std::vector<bool> isTrue;
    std::vector<std::string> names;    ///< of words
    std::int64_t trueCount = 0;
    std::int64_t falseCount = 0;

    static Result<Texts> make(PluginCall& call, const Batch& rows)
    {
        Texts texts;
        TOCSIN_TRY_ASSIGN(const Vector column, call.column("TextColumn", rows));
        TOCSIN_TRY_ASSIGN(const Vector condition, call.column("BooleanCondition", rows));
        const VectorReader<std::string_view> text(column);
        const VectorReader<std::uint8_t> holds(condition);
        std::unordered_map<std::string, std::uint32_t> numbers;
        for (std::size_t row = 0; row < rows.storedRows; ++row) {
            TOCSIN_TRY(call.tick());
            if (holds.isNull(row))
                continue;
            const std::size_t before = texts.words.size();
            TOCSIN_TRY(texts.split(text[row], numbers, call));
            TOCSIN_TRY(call.memory.grow((texts.words.size() - before) * sizeof(std::uint32_t) + sizeof(std::size_t)));
            texts.ends.push_back(texts.words.size());
            texts.isTrue.push_back(holds[row] != 0);
            ++(holds[row] ? texts.trueCount : texts.falseCount);
        }
        return texts;
    }

    std::size_t begin(std::size_t text) const { return text == 0 ? 0 : ends[text - 1]; }

private:
    Result<void> split(std::string_view text, std::unordered_map<std::string, std::uint32_t>& numbers, PluginCall& call)
    {
        constexpr std::string_view kSpace = " \t\r\n\f\v";
        for (std::size_t at = text.find_first_not_of(kSpace); at != std::string_view::npos; at = text.find_first_not_of(kSpace, at)) {
            TOCSIN_TRY(call.tick());
            const std::size_t end = std::min(text.find_first_of(kSpace, at), text.size());
            const auto [found, fresh] = numbers.emplace(std::string(text.substr(at, end - at)), static_cast<std::uint32_t>(names.size()));
            if (fresh) {
                TOCSIN_TRY(call.memory.grow(2 * found->first.size() + 96));
                names.push_back(found->first);
            }
            words.push_back(found->second);
            at = end;
        }
        return {};
    }
};

struct Counts {
    std::int64_t yes = 0;
    std::int64_t no = 0;
    std::uint32_t latest = 0xFFFFFFFF; ///< the text counted last: each counts once
    void add(std::uint32_t text, bool isTrue)
    {
        if (latest == text)
            return;
        latest = text;
        ++(isTrue ? yes : no);
    }
};

/// Where a pattern stands: a text and the place of its last word.
struct Place {
    std::uint32_t text;
    std::size_t last;
};

struct TextPattern {
    std::vector<std::uint32_t> words;
    std::vector<Place> places;
    Counts counts;
};

class TextSearch {
public:
    TextSearch(PluginCall& call, const Texts& texts, double threshold, std::size_t mostWords) : m_call(call), m_texts(texts), m_threshold(threshold), m_mostWords(mostWords) {}

    double share(std::int64_t part, std::int64_t whole) const { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }
    double difference(const Counts& counts) const { return std::abs(share(counts.yes, m_texts.trueCount) - share(counts.no, m_texts.falseCount)); }
    double support(const Counts& counts) const { return std::max(share(counts.yes, m_texts.trueCount), share(counts.no, m_texts.falseCount)); }

    /// Each frequent word, made longer as long as the difference stays.
    Result<std::vector<TextPattern>> find(std::size_t leastWords)
    {
        std::vector<TextPattern> found;
        TOCSIN_TRY_ASSIGN(std::vector<TextPattern> seeds, frequentWords());
        for (TextPattern& pattern : seeds) {
            while (pattern.words.size() < m_mostWords) {
                TOCSIN_TRY_ASSIGN(std::optional<TextPattern> longer, extend(pattern));
                if (!longer)
                    break;
                pattern = std::move(*longer);
            }
            const auto words = static_cast<std::size_t>(std::count_if(pattern.words.begin(), pattern.words.end(), [](std::uint32_t word) { return word != kGap; }));
            if (difference(pattern.counts) >= m_threshold && words >= leastWords)
                found.push_back(std::move(pattern));
        }
        return found;
    }

    /// The pattern that differs most in the texts that none before it has, again and again.
    Result<std::vector<TextPattern>> choose(std::vector<TextPattern> found)
    {
        std::vector<TextPattern> chosen;
        std::vector<bool> covered(m_texts.ends.size());
        while (!found.empty()) {
            std::size_t best = 0;
            double most = -1;
            for (std::size_t i = 0; i < found.size(); ++i) {
                TOCSIN_TRY(m_call.run.checkStop());
                Counts fresh;
                for (const Place& place : found[i].places)
                    if (!covered[place.text])
                        fresh.add(place.text, m_texts.isTrue[place.text]);
                const double value = difference(fresh);
                if (value > most + 1e-12 || (value > most - 1e-12 && found[i].words.size() > found[best].words.size())) {
                    most = value;
                    best = i;
                }
            }
            if (most < m_threshold)
                break;
            for (const Place& place : found[best].places)
                covered[place.text] = true;
            chosen.push_back(std::move(found[best]));
            found.erase(found.begin() + static_cast<std::ptrdiff_t>(best));
        }
        return chosen;
    }

    std::string textOf(const TextPattern& pattern) const
    {
        std::string text;
        for (const std::uint32_t word : pattern.words) {
            if (!text.empty())
                text += ' ';
            text += word == kGap ? "*" : m_texts.names[word];
        }
        return text;
    }

private:
    Result<std::vector<TextPattern>> frequentWords()
    {
        std::vector<Counts> counts(m_texts.names.size());
        for (std::uint32_t text = 0; text < m_texts.ends.size(); ++text)
            for (std::size_t at = m_texts.begin(text); at < m_texts.ends[text]; ++at) {
                TOCSIN_TRY(m_call.tick());
                counts[m_texts.words[at]].add(text, m_texts.isTrue[text]);
            }
        std::vector<std::uint32_t> seeds;
        m_frequent.resize(counts.size());
        for (std::uint32_t word = 0; word < counts.size(); ++word) {
            m_frequent[word] = support(counts[word]) >= m_threshold;
            if (m_frequent[word])
                seeds.push_back(word);
        }
        std::stable_sort(seeds.begin(), seeds.end(), [&](std::uint32_t a, std::uint32_t b) { return support(counts[a]) > support(counts[b]); });
        if (seeds.size() > kMostSeeds)
            seeds.resize(kMostSeeds);
        std::unordered_map<std::uint32_t, std::size_t> placeOf;
        std::vector<TextPattern> patterns;
        for (const std::uint32_t word : seeds) {
            placeOf.emplace(word, patterns.size());
            patterns.push_back({{word}, {}, counts[word]});
        }
        for (std::uint32_t text = 0; text < m_texts.ends.size(); ++text)
            for (std::size_t at = m_texts.begin(text); at < m_texts.ends[text]; ++at) {
                TOCSIN_TRY(m_call.tick());
                if (const auto found = placeOf.find(m_texts.words[at]); found != placeOf.end()) {
                    patterns[found->second].places.push_back({text, at});
                    TOCSIN_TRY(m_call.memory.grow(sizeof(Place)));
                }
            }
        return patterns;
    }

    /// The pattern with the word behind it, after any gap, that leaves the greatest difference.
    Result<std::optional<TextPattern>> extend(const TextPattern& pattern)
    {
        const std::size_t room = m_mostWords - pattern.words.size();
        std::map<std::pair<std::size_t, std::uint32_t>, Counts> next;
        for (std::size_t offset = 1; offset <= room; ++offset)
            for (const Place& place : pattern.places) {
                TOCSIN_TRY(m_call.tick());
                const std::size_t at = place.last + offset;
                if (at < m_texts.ends[place.text] && m_frequent[m_texts.words[at]])
                    next[{offset, m_texts.words[at]}].add(place.text, m_texts.isTrue[place.text]);
            }
        const double least = std::max(m_threshold, kKept * difference(pattern.counts));
        auto best = next.end();
        for (auto candidate = next.begin(); candidate != next.end(); ++candidate)
            if (difference(candidate->second) >= least && (best == next.end() || difference(candidate->second) > difference(best->second) + 1e-12))
                best = candidate;
        if (best == next.end())
            return std::nullopt;
        const auto [offset, word] = best->first;
        TextPattern longer{pattern.words, {}, best->second};
        longer.words.insert(longer.words.end(), offset - 1, kGap);
        longer.words.push_back(word);
        for (const Place& place : pattern.places)
            if (place.last + offset < m_texts.ends[place.text] && m_texts.words[place.last + offset] == word)
                longer.places.push_back({place.text, place.last + offset});
        return longer;
    }

    PluginCall& m_call;
    const Texts& m_texts;
    double m_threshold;
    std::size_t m_mostWords;
    std::vector<bool> m_frequent; ///< per word
};

} // namespace

Result<void> runDiffpatternsText(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const std::int64_t leastWords, call.whole("MinTokens", 1, 0, 200));
    TOCSIN_TRY_ASSIGN(const double threshold, call.real("Threshold", 0.05, 0.015, 1));
    TOCSIN_TRY_ASSIGN(const std::int64_t mostWords, call.whole("MaxTokens", 20, 1, 20));
    TOCSIN_TRY_ASSIGN(const Texts texts, Texts::make(call, rows));
    TextSearch search(call, texts, threshold, static_cast<std::size_t>(mostWords));
    TOCSIN_TRY_ASSIGN(std::vector<TextPattern> found, search.find(static_cast<std::size_t>(leastWords)));
    TOCSIN_TRY_ASSIGN(const std::vector<TextPattern> chosen, search.choose(std::move(found)));
    RowWriter writer(call.node.columns, out);
    for (const TextPattern& pattern : chosen)
        TOCSIN_TRY(writer.add(std::array{Value::int64(pattern.counts.yes), Value::int64(pattern.counts.no), Value::real(100 * search.share(pattern.counts.yes, texts.trueCount)),
                                         Value::real(100 * search.share(pattern.counts.no, texts.falseCount)), Value::string(search.textOf(pattern))}));
    return writer.finish();
}

} // namespace tocsin::kql
