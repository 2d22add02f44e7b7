// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/Completion.h"
#include "kql/services/LanguageWords.h"

#include <cstdint>
#include <optional>

namespace tocsin::kql::services {

/// How well a label goes on from what is typed, 0 best; nothing if it does not.
std::optional<int> matchQuality(std::string_view label, std::string_view typed);

/// Items in the order they are thought of, each label of a kind once.
class CompletionList {
public:
    using Kind = CompletionKind;

    /// Null if that label of that kind is there already. The item holds until the next call.
    CompletionItem* add(Kind kind, std::string_view label, int group, std::string_view detail = {}, std::string_view help = {});
    void addWords(std::span<const WordHelp> words, Kind kind, int group);
    /// With parentheses; the cursor goes between them if there are arguments.
    CompletionItem* addCall(Kind kind, std::string_view name, int group, std::string_view detail, std::string_view help, bool arguments = true);
    /// A name that `=` and a value follow.
    void addAssigned(std::string_view name, int group, std::string_view detail, std::string_view help);
    void addNewName(std::string_view what, int group);
    /// Makes room for so many more items.
    void expect(std::size_t count);
    std::vector<CompletionItem> take() { return std::move(m_items); }

private:
    bool isNew(Kind kind, std::string_view label);
    void grow(std::size_t places);

    std::vector<CompletionItem> m_items;
    /// Places in m_items by kind and label, one behind another where they meet; 0 is none, else the place and one. Of a power of two of entries.
    std::vector<std::uint32_t> m_seen;
};

} // namespace tocsin::kql::services
