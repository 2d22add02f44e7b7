// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::entity {

/// Something an alert speaks of: an account, a host, an address. Types and identifiers are those of Sentinel's entity mappings
/// ("Account", "Host", "IP", "URL", "FileHash", "Process", "AzureResource", …).
struct Entity {
    std::string type;
    std::vector<std::pair<std::string, std::string>> fields; ///< identifier, value; no empty values

    const std::string* field(std::string_view identifier) const;
    /// What a person calls it: `user@domain`, `DOMAIN\user`, a host name, an address.
    std::string label() const;
    bool operator==(const Entity&) const = default;
};

/// One way to recognise an entity. Two entities are the same when they share a strong key; a shared weak key only suggests it.
struct EntityKey {
    std::string text; ///< lower case, begins with the type
    bool strong = false;
};

/// Builds an entity from mapped fields: splits FullName into its parts, drops empty values. Nothing for an entity without a required
/// identifier, and for account names that are no one's (SYSTEM, ADMINISTRATOR, …).
std::optional<Entity> makeEntity(std::string_view type, std::vector<std::pair<std::string, std::string>> fields);

/// All keys of an entity, strong ones first.
std::vector<EntityKey> entityKeys(const Entity& entity);

/// The `Entities` column: a JSON list, each with `$id`, `Type` in the service's lower-case spelling, and its fields.
std::string entitiesJson(const std::vector<Entity>& entities);
/// Reads such a list, also one written by others; what is no entity is left out.
std::vector<Entity> entitiesFromJson(std::string_view json);

/// Between the type of an entity and the `Type` the service writes ("AzureResource" and "azure-resource").
std::string_view serviceTypeName(std::string_view type);
/// Empty for a type that is not known.
std::string_view typeFromServiceName(std::string_view name);

/// Adds `entity` unless one with a shared strong key is there; then its further fields are added to that one.
void mergeInto(std::vector<Entity>& entities, Entity entity);

} // namespace tocsin::entity
