// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/sigma/SigmaReader.h"
#include "store/Workspace.h"

#include <string>
#include <vector>

namespace tocsin::detect::sigma {

/// An imported rule or correlation as listed.
struct StoredSigmaRule {
    std::string id;
    std::string title;
    std::string status;
    Level level = Level::Medium;
    std::string logSource; ///< "windows/process_creation/"; empty for a correlation
    std::string source;    ///< file it came from
    bool enabled = true;
};

/// What became of the texts of an import.
struct SigmaImport {
    std::uint64_t added = 0;
    std::uint64_t replaced = 0;
    std::vector<Error> errors;   ///< rules left out, with file, line and reason
    std::vector<Error> warnings;
};

/// The Sigma rules of a workspace, kept as the YAML they came as.
class SigmaRuleStore {
public:
    static Result<SigmaRuleStore> open(store::Workspace& workspace);

    struct Text {
        std::string yaml;
        std::string source;
    };
    /// Adds the rules of some files in one transaction; a rule of a known id replaces it and stays switched as it was. Rules that cannot
    /// be used are reported and left out.
    Result<SigmaImport> add(const std::vector<Text>& files, const Placeholders& placeholders = {});
    /// By title.
    Result<std::vector<StoredSigmaRule>> list() const;
    /// The rules that are switched on, ready for SigmaRunner.
    Result<SigmaFile> load(const Placeholders& placeholders = {}) const;
    /// The YAML of one rule; empty if there is none.
    Result<std::string> text(const std::string& id) const;
    Result<void> setEnabled(const std::string& id, bool enabled);
    Result<void> remove(const std::string& id);

private:
    explicit SigmaRuleStore(store::Workspace& workspace) : m_workspace(&workspace) {}
    store::Workspace* m_workspace;
};

/// The documents of a YAML file, each as text.
std::vector<std::string> splitDocuments(std::string_view yaml);

} // namespace tocsin::detect::sigma
