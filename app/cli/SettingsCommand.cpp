// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CommandLine.h"
#include "session/SettingStore.h"

#include <fmt/format.h>

#include <algorithm>

namespace tocsin::app::cli {
namespace {

struct SettingsOptions {
    std::string workspace;
    std::vector<std::string> allow;
    std::vector<std::string> forbid;
};

Result<void> changeFolders(session::Session& session, const SettingsOptions& options)
{
    std::vector<std::filesystem::path> folders = session.externalFolders();
    for (const std::string& folder : options.forbid) {
        std::error_code trouble; // a folder that is gone is named as it is listed
        std::filesystem::path named = std::filesystem::weakly_canonical(folder, trouble);
        if (std::erase(folders, trouble ? std::filesystem::path(folder) : named) == 0)
            return fail(session::kNotAllowed, folder);
    }
    TOCSIN_TRY_ASSIGN(const auto added, session::resolvedFolders({options.allow.begin(), options.allow.end()}));
    for (const std::filesystem::path& folder : added)
        if (std::find(folders.begin(), folders.end(), folder) == folders.end())
            folders.push_back(folder);
    return session.setExternalFolders(folders);
}

int runSettings(CommandContext& context, const SettingsOptions& options)
{
    const auto session = openSession(context, options.workspace);
    if (!session)
        return kExitFailed;
    if (!options.allow.empty() || !options.forbid.empty())
        if (const Result<void> changed = changeFolders(*session, options); !changed) {
            printError(changed.error());
            return kExitFailed;
        }
    fmt::print("Setting\tValue\n");
    for (const std::filesystem::path& folder : session->externalFolders())
        fmt::print("allow-external\t{}\n", folder.string());
    return kExitDone;
}

} // namespace

void addSettingsCommand(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<SettingsOptions>();
    CLI::App* settings = parser.add_subcommand("settings", "Show and change the settings of a workspace");
    settings->add_option("--workspace", options->workspace, "Workspace file")->required();
    settings->add_option("--allow-external", options->allow, "Folder whose files queries may read with externaldata; may be given more than once");
    settings->add_option("--forbid-external", options->forbid, "Folder that queries may no longer read");
    settings->callback([options, &invocation] { invocation.command = [options](CommandContext& context) { return runSettings(context, *options); }; });
}

} // namespace tocsin::app::cli
