// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "attack/KillChain.h"
#include "detect/sigma/SigmaYaml.h"

#include <algorithm>

namespace tocsin::detect::sigma {
namespace {

void addOnce(std::vector<std::string>& list, std::string item)
{
    if (std::find(list.begin(), list.end(), item) == list.end())
        list.push_back(std::move(item));
}

/// `attack.t1059.001` names a technique, `attack.execution` a tactic; groups and software (`attack.g0016`) are neither.
void readTag(SigmaHeader& header, const std::string& tag)
{
    if (tag.size() <= 7 || !equalsIgnoringCase(std::string_view(tag).substr(0, 7), "attack."))
        return;
    const std::string name = tag.substr(7);
    if ((name[0] == 't' || name[0] == 'T') && name.size() > 1 && name[1] >= '0' && name[1] <= '9') {
        addOnce(header.techniques, toUpper(name));
        return;
    }
    if (const std::string_view tactic = attack::sentinelTactic(name); !tactic.empty())
        addOnce(header.tactics, std::string(tactic));
}

} // namespace

std::vector<std::string> yamlTexts(const YAML::Node& node)
{
    std::vector<std::string> result;
    if (!node.IsDefined())
        return result;
    if (node.IsScalar())
        result.push_back(node.Scalar());
    if (node.IsSequence())
        for (const YAML::Node& item : node)
            if (item.IsScalar())
                result.push_back(item.Scalar());
    return result;
}

std::string yamlPlace(std::string_view source, const YAML::Node& node)
{
    const YAML::Mark mark = node.Mark();
    return mark.is_null() ? std::string(source) : fmt::format("{}:{}:{}", source, mark.line + 1, mark.column + 1);
}

Result<SigmaHeader> readHeader(const YAML::Node& document, std::string_view source, std::vector<Error>& warnings)
{
    SigmaHeader header;
    header.source = source;
    header.title = yamlText(document["title"]);
    if (trimSpaces(header.title).empty())
        return std::unexpected(makeError(kSigmaField, "title", "is missing").in(yamlPlace(source, document)));
    header.id = yamlText(document["id"]);
    header.name = yamlText(document["name"]);
    if (header.id.empty())
        header.id = header.name.empty() ? header.title : header.name;
    header.status = yamlText(document["status"]);
    header.description = trimSpaces(yamlText(document["description"]));
    header.author = yamlText(document["author"]);
    if (const std::string level = yamlText(document["level"]); !level.empty()) {
        if (const auto known = parseLevel(level))
            header.level = *known;
        else
            warnings.push_back(makeError(kSigmaField, "level", "'" + level + "' is not known; medium is taken").in(yamlPlace(source, document["level"])));
    }
    header.tags = yamlTexts(document["tags"]);
    for (const std::string& tag : header.tags)
        readTag(header, tag);
    header.falsePositives = yamlTexts(document["falsepositives"]);
    header.references = yamlTexts(document["references"]);
    return header;
}

} // namespace tocsin::detect::sigma
