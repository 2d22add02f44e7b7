// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/CompletionList.h"

#include "base/Utf8.h"

#include <algorithm>
#include <bit>

namespace tocsin::kql::services {

namespace {

std::size_t hashOf(CompletionKind kind, std::string_view label) { return std::hash<std::string_view>()(label) + static_cast<std::size_t>(kind); }

} // namespace

std::optional<int> matchQuality(std::string_view label, std::string_view typed)
{
    if (typed.empty() || label.starts_with(typed))
        return 0;
    if (label.size() >= typed.size() && equalsIgnoringCase(label.substr(0, typed.size()), typed))
        return 1;
    if (typed.size() < 2)
        return std::nullopt;
    for (std::size_t i = 1; i + typed.size() <= label.size(); ++i) {
        if (!equalsIgnoringCase(label.substr(i, typed.size()), typed))
            continue;
        const char before = label[i - 1], first = label[i];
        const bool wordStart = before == '_' || before == '-' || before == '.' || before == '\'' || before == '"' || (first >= 'A' && first <= 'Z' && !(before >= 'A' && before <= 'Z'));
        if (wordStart)
            return 2;
        if (typed.size() >= 3)
            return 3;
    }
    return std::nullopt;
}

CompletionItem* CompletionList::add(Kind kind, std::string_view label, int group, std::string_view detail, std::string_view help)
{
    if (!isNew(kind, label))
        return nullptr;
    CompletionItem& item = m_items.emplace_back();
    item.label = label;
    item.kind = kind;
    item.detail = detail;
    item.help = help;
    item.insert = label;
    item.caret = item.insert.size();
    item.group = group;
    return &item;
}

void CompletionList::expect(std::size_t count)
{
    static constexpr std::size_t kOthers = 1024; // functions and words that go with them
    m_items.reserve(m_items.size() + count + kOthers);
    grow(2 * m_items.capacity());
}

/// Notes the next item, unless it is there.
bool CompletionList::isNew(Kind kind, std::string_view label)
{
    if (m_seen.size() < 2 * (m_items.size() + 1))
        grow(std::max<std::size_t>(2048, 4 * m_items.size()));
    std::size_t at = hashOf(kind, label) & (m_seen.size() - 1);
    for (; m_seen[at] != 0; at = (at + 1) & (m_seen.size() - 1))
        if (const CompletionItem& item = m_items[m_seen[at] - 1]; item.kind == kind && item.label == label)
            return false;
    m_seen[at] = static_cast<std::uint32_t>(m_items.size() + 1);
    return true;
}

void CompletionList::grow(std::size_t places)
{
    if (places <= m_seen.size())
        return;
    m_seen.assign(std::bit_ceil(places), 0);
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        std::size_t at = hashOf(m_items[i].kind, m_items[i].label) & (m_seen.size() - 1);
        while (m_seen[at] != 0)
            at = (at + 1) & (m_seen.size() - 1);
        m_seen[at] = static_cast<std::uint32_t>(i + 1);
    }
}

void CompletionList::addWords(std::span<const WordHelp> words, Kind kind, int group)
{
    for (const WordHelp& word : words)
        if (CompletionItem* item = add(kind, word.word, group, word.form, word.help))
            item->example = word.example;
}

CompletionItem* CompletionList::addCall(Kind kind, std::string_view name, int group, std::string_view detail, std::string_view help, bool arguments)
{
    CompletionItem* item = add(kind, name, group, detail, help);
    if (!item)
        return nullptr;
    item->insert += "()";
    item->caret = item->insert.size() - (arguments ? 1 : 0);
    return item;
}

void CompletionList::addNewName(std::string_view what, int group) { add(Kind::Name, what, group, "a new name"); }

void CompletionList::addAssigned(std::string_view name, int group, std::string_view detail, std::string_view help)
{
    if (CompletionItem* item = add(Kind::Option, name, group, detail, help)) {
        item->insert += '=';
        item->caret = item->insert.size();
    }
}

} // namespace tocsin::kql::services
