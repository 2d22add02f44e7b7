// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/services/Completion.h"
#include "kql/services/LanguageWords.h"

#include <unordered_set>

namespace tocsin::kql::services {

/// Items in the order they are thought of, each label of a kind once.
class CompletionList {
public:
    using Kind = CompletionKind;

    CompletionList() = default;
    CompletionList(const CompletionList&) = delete; // what was seen refers to the items of this list
    CompletionList& operator=(const CompletionList&) = delete;

    /// Null if that label of that kind is there already. The item holds until the next call.
    CompletionItem* add(Kind kind, std::string_view label, int group, std::string_view detail = {}, std::string_view help = {});
    void addWords(std::span<const WordHelp> words, Kind kind, int group);
    /// With parentheses; the cursor goes between them if there are arguments.
    CompletionItem* addCall(Kind kind, std::string_view name, int group, std::string_view detail, std::string_view help, bool arguments = true);
    /// A name that `=` and a value follow.
    void addAssigned(std::string_view name, int group, std::string_view detail, std::string_view help);
    void addNewName(std::string_view what, int group);
    std::vector<CompletionItem> take() { return std::move(m_items); }

private:
    struct Key {
        Kind kind;
        std::string_view label;
    };
    struct Hash {
        using is_transparent = void;
        const std::vector<CompletionItem>* items;
        std::size_t operator()(const Key& key) const { return std::hash<std::string_view>()(key.label) * 31 + static_cast<std::size_t>(key.kind); }
        std::size_t operator()(std::size_t index) const { return (*this)(Key{(*items)[index].kind, (*items)[index].label}); }
    };
    struct Equal {
        using is_transparent = void;
        const std::vector<CompletionItem>* items;
        bool operator()(std::size_t a, std::size_t b) const { return a == b; }
        bool operator()(const Key& key, std::size_t index) const { return (*items)[index].kind == key.kind && (*items)[index].label == key.label; }
        bool operator()(std::size_t index, const Key& key) const { return (*this)(key, index); }
    };

    std::vector<CompletionItem> m_items;
    std::unordered_set<std::size_t, Hash, Equal> m_seen{1024, Hash{&m_items}, Equal{&m_items}}; ///< places in m_items
};

} // namespace tocsin::kql::services
