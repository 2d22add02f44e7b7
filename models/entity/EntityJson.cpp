// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "entity/Entity.h"

#include <simdjson.h>

namespace tocsin::entity {

std::string entitiesJson(const std::vector<Entity>& entities)
{
    std::string text;
    JsonWriter json(text);
    json.beginArray();
    std::int64_t id = 2; // the service begins at 2: 1 is the alert itself
    for (const Entity& entity : entities) {
        json.beginObject();
        json.key("$id").string(std::to_string(id++));
        for (const auto& [name, value] : entity.fields)
            json.key(name).string(value);
        json.key("Type").string(serviceTypeName(entity.type));
        json.endObject();
    }
    json.endArray();
    return text;
}

std::vector<Entity> entitiesFromJson(std::string_view json)
{
    std::vector<Entity> entities;
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    if (parser.parse(json.data(), json.size()).get(list) != simdjson::SUCCESS)
        return entities;
    for (const simdjson::dom::element item : list) {
        simdjson::dom::object object;
        if (item.get(object) != simdjson::SUCCESS)
            continue;
        std::string type;
        std::vector<std::pair<std::string, std::string>> fields;
        for (const auto& [key, value] : object) {
            std::string_view text;
            if (value.get(text) != simdjson::SUCCESS)
                continue;
            if (key == "Type")
                type = typeFromServiceName(text);
            else if (!key.starts_with('$'))
                fields.emplace_back(key, text);
        }
        if (auto entity = makeEntity(type, std::move(fields)))
            entities.push_back(std::move(*entity));
    }
    return entities;
}

} // namespace tocsin::entity
