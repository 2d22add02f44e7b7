// SPDX-License-Identifier: GPL-3.0-or-later
#include "incident/IncidentJson.h"

#include "base/Json.h"

#include <simdjson.h>

#include <cmath>

namespace tocsin::incident {
namespace {

/// Calls `use` for each item of a JSON list; a text that is none gives nothing.
template <typename Use>
void forEachItem(std::string_view json, Use use)
{
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    if (parser.parse(json.data(), json.size()).get(list) == simdjson::SUCCESS)
        for (const simdjson::dom::element item : list)
            use(item);
}

std::string textAt(simdjson::dom::element element, const char* key)
{
    std::string_view text;
    return element[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

} // namespace

std::string textsJson(const std::vector<std::string>& values)
{
    std::string text;
    JsonWriter json(text);
    json.beginArray();
    for (const std::string& value : values)
        json.string(value);
    json.endArray();
    return text;
}

std::vector<std::string> textsFromJson(std::string_view json)
{
    std::vector<std::string> values;
    forEachItem(json, [&](simdjson::dom::element item) {
        if (std::string_view text; item.get(text) == simdjson::SUCCESS)
            values.emplace_back(text);
    });
    return values;
}

std::string labelsJson(const std::vector<std::string>& labels)
{
    std::string text;
    JsonWriter json(text);
    json.beginArray();
    for (const std::string& label : labels)
        json.beginObject().key("labelName").string(label).key("labelType").string("User").endObject();
    json.endArray();
    return text;
}

std::vector<std::string> labelsFromJson(std::string_view json)
{
    std::vector<std::string> labels;
    forEachItem(json, [&](simdjson::dom::element item) { labels.push_back(textAt(item, "labelName")); });
    return labels;
}

std::string ownerJson(std::string_view owner)
{
    std::string text;
    JsonWriter(text).beginObject().key("objectId").null().key("email").null().key("assignedTo").string(owner).key("userPrincipalName").null().endObject();
    return text;
}

std::string ownerFromJson(std::string_view json)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    return parser.parse(json.data(), json.size()).get(root) == simdjson::SUCCESS ? textAt(root, "assignedTo") : std::string();
}

std::string commentsJson(const std::vector<Comment>& comments)
{
    std::string text;
    JsonWriter json(text);
    json.beginArray();
    for (const Comment& comment : comments) {
        json.beginObject().key("message").string(comment.text);
        json.key("author").beginObject().key("name").string(comment.author).endObject();
        json.key("createdTimeUtc").string(formatDateTime(comment.time)).endObject();
    }
    json.endArray();
    return text;
}

std::vector<Comment> commentsFromJson(std::string_view json)
{
    std::vector<Comment> comments;
    forEachItem(json, [&](simdjson::dom::element item) {
        Comment comment{parseDateTime(textAt(item, "createdTimeUtc")).value_or(0), {}, textAt(item, "message")};
        simdjson::dom::element author;
        if (item["author"].get(author) == simdjson::SUCCESS)
            comment.author = textAt(author, "name");
        comments.push_back(std::move(comment));
    });
    return comments;
}

std::string additionalDataJson(const Incident& incident)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject();
    json.key("alertsCount").number(static_cast<std::int64_t>(incident.alertIds.size()));
    json.key("bookmarksCount").number(0);
    json.key("commentsCount").number(static_cast<std::int64_t>(incident.comments.size()));
    json.key("alertProductNames").beginArray().string("Tocsin").endArray();
    json.key("tactics").raw(textsJson(incident.tactics));
    json.key("score").real(std::round(incident.score * 10) / 10);
    json.endObject();
    return text;
}

std::vector<std::string> tacticsFromAdditionalData(std::string_view json)
{
    simdjson::dom::parser parser;
    simdjson::dom::element tactics;
    std::vector<std::string> values;
    if (parser.parse(json.data(), json.size())["tactics"].get(tactics) == simdjson::SUCCESS)
        if (simdjson::dom::array list; tactics.get(list) == simdjson::SUCCESS)
            for (const simdjson::dom::element item : list)
                if (std::string_view text; item.get(text) == simdjson::SUCCESS)
                    values.emplace_back(text);
    return values;
}

double scoreFromAdditionalData(std::string_view json)
{
    simdjson::dom::parser parser;
    double score = 0;
    return parser.parse(json.data(), json.size())["score"].get(score) == simdjson::SUCCESS ? score : 0;
}

} // namespace tocsin::incident
