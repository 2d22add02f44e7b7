// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/DemoCase.h"

#include "base/EmbeddedFile.h"
#include "base/TemporaryFolder.h"
#include "samplecase/SampleCase.h"

#include <fmt/format.h>

#include <fstream>

namespace tocsin::session {

std::span<const EmbeddedFile> demoInventory(); // resources/samplecase/inventory.json, compiled in

Result<DemoResult> fillWithDemoCase(Session& session, const std::function<void(const std::string&)>& step, std::stop_token stop)
{
    TOCSIN_TRY_ASSIGN(const TemporaryFolder folder, TemporaryFolder::make());
    step("Making the sample case");
    TOCSIN_TRY_ASSIGN(const samplecase::CaseSummary made, samplecase::writeSampleCase(folder.path() / "logs", {}));
    std::vector<std::filesystem::path> logs;
    for (const samplecase::CaseFile& file : made.files)
        if (file.format != "Text" && !file.path.starts_with("watchlists/"))
            logs.push_back(made.folder / file.path);

    DemoResult result;
    result.import = session.import(logs, {}, [&](const ingest::ImportProgress& progress) {
        step(fmt::format("Importing {} of {}: {}", progress.index + 1, progress.files, std::filesystem::path(progress.file).filename().string()));
    }, stop);
    if (result.import.cancelled)
        return fail(kCancelled);

    const std::filesystem::path inventory = folder.path() / "inventory.json";
    const EmbeddedFile embedded = demoInventory().front();
    std::ofstream(inventory, std::ios::binary).write(embedded.bytes.data(), static_cast<std::streamsize>(embedded.bytes.size()));
    TOCSIN_TRY(session.loadInventory(inventory));

    TOCSIN_TRY_ASSIGN(const std::vector<detect::QueryRule> rules, session.rules().all());
    TOCSIN_TRY_ASSIGN(result.detection, session.detect(rules, engine::TimeRange{made.begin, made.end}, false, stop, [&](const detect::RunProgress& progress) {
        step(fmt::format("Running rule {} of {}: {}", progress.rule + 1, progress.rules, progress.ruleName));
    }));
    if (result.detection.cancelled)
        return fail(kCancelled);
    return result;
}

} // namespace tocsin::session
