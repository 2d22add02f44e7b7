// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/InventoryLoader.h"

#include "base/Utf8.h"
#include "network/ArmTemplate.h"
#include "network/Errors.h"
#include "network/InventoryBuilder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace tocsin::network {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 256ULL << 20;
constexpr std::size_t kMostFiles = 20'000;

Result<std::string> readFile(const fs::path& path)
{
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error)
        return fail(kFileUnreadable, path.string(), error.message());
    if (size > kMostBytes)
        return fail(kFileTooLarge, path.string(), std::to_string(kMostBytes));
    std::ifstream stream(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(size), '\0');
    if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
        return fail(kFileUnreadable, path.string(), "reading failed");
    return text;
}

bool endsIgnoringCase(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && equalsIgnoringCase(text.substr(text.size() - end.size()), end);
}

bool looksLikeResource(const JsonTree& tree)
{
    if (!tree.isObject())
        return false;
    const std::string_view type = tree.get("type").view();
    const std::string_view id = tree.get("id").view();
    const bool typed = type.find('/') != std::string_view::npos && (!id.empty() || !tree.get("name").isNull());
    return typed || (id.find("/providers/") != std::string_view::npos && !tree.get("name").isNull());
}

/// Sorts documents by their shape and gives their resources to the builder.
class DocumentReader {
public:
    DocumentReader(InventoryBuilder& builder, const LoadOptions& options) : m_builder(builder), m_options(options) {}

    void read(const JsonTree& document, const fs::path& file, const std::string& path, const JsonTree& parameters, int depth = 0)
    {
        const std::string source = file.filename().string() + " " + path;
        if (document.isArray())
            return list(document, file, path, depth);
        if (endsIgnoringCase(trimHash(document.get("$schema").view()), "deploymentTemplate.json"))
            return expandTemplate(document, parameters, m_options.place, file.filename().string(), m_builder);
        if (endsIgnoringCase(trimHash(document.get("$schema").view()), "deploymentParameters.json"))
            return;
        if (looksLikeResource(document))
            return m_builder.addResource({document, source, false});
        if (document.get("values").isArray() && !document.get("cloud").isNull())
            return m_builder.addServiceTags(ServiceTagFile::read(document));
        bool known = extras(document, file, source);
        for (const char* member : {"resources", "value", "data"})
            if (const JsonTree& items = document.get(member); items.isArray()) {
                list(items, file, path + "." + member, depth);
                known = true;
            }
        if (document.get("data").get("rows").isArray()) {
            table(document.get("data"), file, path + ".data");
            known = true;
        }
        if (!known)
            unknown(source);
    }

private:
    static std::string_view trimHash(std::string_view schema) { return schema.ends_with('#') ? schema.substr(0, schema.size() - 1) : schema; }

    void unknown(const std::string& source)
    {
        m_builder.addFinding({FindingSeverity::Warning, "unknownShape", {}, source, "This is not an Azure resource or a list of them; it was left out."});
    }

    void list(const JsonTree& items, const fs::path& file, const std::string& path, int depth)
    {
        for (std::size_t i = 0; i < items.items().size(); ++i) {
            const JsonTree& item = items.items()[i];
            const std::string place = path + "[" + std::to_string(i) + "]";
            if (looksLikeResource(item))
                m_builder.addResource({item, file.filename().string() + " " + place, false});
            else if ((item.isObject() || item.isArray()) && depth < 3)
                read(item, file, place, {}, depth + 1); // several answers given together
            else
                unknown(file.filename().string() + " " + place);
        }
    }

    /// The table form of a Resource Graph answer.
    void table(const JsonTree& data, const fs::path& file, const std::string& path)
    {
        const auto& columns = data.get("columns").items();
        const auto& rows = data.get("rows").items();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            JsonTree resource{JsonTree::Object{}};
            for (std::size_t column = 0; column < columns.size() && column < rows[i].items().size(); ++column)
                resource.set(columns[column].get("name").text(), rows[i].items()[column]);
            m_builder.addResource({std::move(resource), file.filename().string() + " " + path + ".rows[" + std::to_string(i) + "]", false});
        }
    }

    bool extras(const JsonTree& document, const fs::path& file, const std::string& source)
    {
        bool any = false;
        if (const JsonTree& tags = document.get("serviceTags"); tags.isObject()) {
            any = true;
            serviceTags(tags, file, source);
        }
        if (const JsonTree& learned = document.get("learnedRoutes"); learned.isObject()) {
            any = true;
            m_builder.addLearnedRoutes(learned);
        }
        if (const JsonTree& admin = document.get("effectiveSecurityAdminRules"); admin.isObject()) {
            any = true;
            m_builder.addAdminRules(admin, source);
        }
        if (const JsonTree& latencies = document.get("latencies"); latencies.isArray()) {
            any = true;
            m_builder.addLatencies(latencies, source);
        }
        if (const JsonTree& observations = document.get("observations"); observations.isArray()) {
            any = true;
            m_builder.addObservations(observations, source);
        }
        return any;
    }

    void serviceTags(const JsonTree& tags, const fs::path& file, const std::string& source)
    {
        const std::string_view name = tags.get("$file").view();
        if (name.empty())
            return m_builder.addServiceTags(ServiceTagFile::read(tags));
        const fs::path relative{std::string(name)};
        const auto complain = [&](std::string text) { m_builder.addFinding({FindingSeverity::Warning, "serviceTagsUnreadable", {}, source, std::move(text)}); };
        // A file that came from elsewhere must not make us read just anything.
        if (relative.is_absolute() || std::any_of(relative.begin(), relative.end(), [](const fs::path& part) { return part == ".."; }))
            return complain("The service tag file " + std::string(name) + " is outside the folders of the inventory; it was not read.");
        const fs::path found = locate(relative, file);
        if (found.empty())
            return complain("There is no service tag file " + std::string(name) + " in the folder of the inventory or above.");
        const auto text = readFile(found);
        const auto tree = text ? parseJsonTree(*text, found.string()) : Result<JsonTree>(std::unexpected(text.error()));
        if (!tree)
            return complain(errorMessage(tree.error()));
        m_builder.addServiceTags(ServiceTagFile::read(*tree));
    }

    fs::path locate(const fs::path& relative, const fs::path& file) const
    {
        std::vector<fs::path> folders;
        if (!m_options.baseFolder.empty())
            folders.emplace_back(m_options.baseFolder);
        fs::path folder = file.parent_path();
        for (int level = 0; level < 3 && !folder.empty(); ++level, folder = folder.parent_path())
            folders.push_back(folder);
        std::error_code error;
        for (const fs::path& one : folders)
            if (fs::is_regular_file(one / relative, error))
                return one / relative;
        return {};
    }

    InventoryBuilder& m_builder;
    const LoadOptions& m_options;
};

std::vector<fs::path> filesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
        if (walk.depth() > 4)
            walk.disable_recursion_pending();
        std::error_code ignored;
        if (walk->is_regular_file(ignored) && endsIgnoringCase(walk->path().string(), ".json") && files.size() < kMostFiles)
            files.push_back(walk->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// The values beside a template: the file named in the options, else NAME.parameters.json.
JsonTree parametersFor(const fs::path& file, const LoadOptions& options, InventoryBuilder& builder)
{
    fs::path beside = options.parametersFile;
    std::error_code error;
    if (beside.empty()) {
        beside = file;
        beside.replace_extension(".parameters.json");
        if (!fs::is_regular_file(beside, error))
            return {};
    }
    const auto text = readFile(beside);
    const auto tree = text ? parseJsonTree(*text, beside.string()) : Result<JsonTree>(std::unexpected(text.error()));
    if (!tree) {
        builder.addFinding({FindingSeverity::Warning, "parametersUnreadable", {}, beside.string(), errorMessage(tree.error())});
        return {};
    }
    return tree->get("parameters").isObject() ? tree->get("parameters") : *tree;
}

Result<Inventory> loadFiles(const fs::path& root, const std::vector<fs::path>& files, bool isFolder, const LoadOptions& options)
{
    InventoryBuilder builder;
    DocumentReader reader(builder, options);
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (options.stop.stop_requested())
            return fail(kCancelled);
        if (options.progress)
            options.progress(i, files.size());
        const auto text = readFile(files[i]);
        const auto tree = text ? parseJsonTree(*text, files[i].string()) : Result<JsonTree>(std::unexpected(text.error()));
        if (!tree && !isFolder)
            return std::unexpected(tree.error());
        if (!tree) {
            builder.addFinding({FindingSeverity::Error, "unreadableFile", {}, files[i].string(), errorMessage(tree.error())});
            continue;
        }
        reader.read(*tree, files[i], "$", parametersFor(files[i], options, builder));
    }
    if (builder.isEmpty())
        return fail(kEmptyInventory, root.string());
    if (options.progress)
        options.progress(files.size(), files.size());
    return builder.build();
}

} // namespace

Result<Inventory> loadInventory(const std::string& path, const LoadOptions& options)
{
    const fs::path root(path);
    std::error_code error;
    const auto status = fs::status(root, error);
    if (error || !fs::exists(status))
        return fail(kFileUnreadable, path, error ? error.message() : "no such file");
    const bool isFolder = fs::is_directory(status);
    if (!isFolder && !fs::is_regular_file(status))
        return fail(kFileUnreadable, path, "not a regular file");
    return loadFiles(root, isFolder ? filesIn(root) : std::vector<fs::path>{root}, isFolder, options);
}

Result<Inventory> inventoryFromJson(std::string_view json, const std::string& sourceName, const LoadOptions& options)
{
    TOCSIN_TRY_ASSIGN(const JsonTree tree, parseJsonTree(json, sourceName));
    InventoryBuilder builder;
    DocumentReader reader(builder, options);
    reader.read(tree, sourceName, "$", {});
    if (builder.isEmpty())
        return fail(kEmptyInventory, sourceName);
    return builder.build();
}

} // namespace tocsin::network
