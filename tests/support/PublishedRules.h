// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

#include <QByteArray>

#include <simdjson.h>
#include <string>
#include <vector>
#include <yaml-cpp/yaml.h>

namespace tocsin::test {

struct PublishedQuery {
    std::string name;
    std::string text;
};

inline std::string sharedFolder()
{
    const QByteArray shared = qgetenv("TOCSIN_SHARED");
    return shared.isEmpty() ? std::string(TOCSIN_SOURCE_DIR "/../shared") : shared.toStdString();
}

/// The published detection rules that another binder accepts; none if they are not here.
inline std::vector<PublishedQuery> publishedRules()
{
    const std::string folder = sharedFolder() + "/rules/sentinel/";
    std::vector<PublishedQuery> queries;
    simdjson::dom::parser parser;
    simdjson::dom::document_stream lines;
    if (parser.load_many(folder + "expected.jsonl", 4'000'000).get(lines))
        return queries;
    for (auto line : lines) {
        if (!bool(line["binds"]))
            continue;
        const std::string file{std::string_view(line["file"])};
        queries.push_back({file, YAML::LoadFile(folder + file)["query"].as<std::string>()});
    }
    return queries;
}

/// Whether a query failed for want of something that is not on this machine: the network is never read, and no folder is allowed.
inline bool needsAService(const Error& error)
{
    return error.code() == "query.no_external_data" || error.code() == "query.external_network" || error.code() == "query.plugin_needs";
}

} // namespace tocsin::test
