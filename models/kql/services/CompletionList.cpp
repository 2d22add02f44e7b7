// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/CompletionList.h"

namespace tocsin::kql::services {

CompletionItem* CompletionList::add(Kind kind, std::string_view label, int group, std::string_view detail, std::string_view help)
{
    if (m_seen.contains(Key{kind, label}))
        return nullptr;
    CompletionItem& item = m_items.emplace_back();
    item.label = label;
    item.kind = kind;
    item.detail = detail;
    item.help = help;
    item.insert = label;
    item.caret = item.insert.size();
    item.group = group;
    m_seen.insert(m_items.size() - 1);
    return &item;
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
