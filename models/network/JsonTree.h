// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tocsin::network {

struct JsonMember;

/// A JSON value that can be changed, for templates are evaluated and exports are merged before they become a model.
/// Names of members are compared without regard to letter case: the several tools that write exports do not agree on it.
class JsonTree {
public:
    using Array = std::vector<JsonTree>;
    using Object = std::vector<JsonMember>;

    JsonTree() = default;
    JsonTree(bool value) : m_value(value) {}
    JsonTree(std::int64_t value) : m_value(value) {}
    JsonTree(double value) : m_value(value) {}
    JsonTree(std::string value) : m_value(std::move(value)) {}
    JsonTree(const char* value) : m_value(std::string(value)) {}
    JsonTree(Array value) : m_value(std::move(value)) {}
    JsonTree(Object value);

    bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
    bool isBool() const { return std::holds_alternative<bool>(m_value); }
    bool isInteger() const { return std::holds_alternative<std::int64_t>(m_value); }
    bool isNumber() const { return isInteger() || std::holds_alternative<double>(m_value); }
    bool isString() const { return std::holds_alternative<std::string>(m_value); }
    bool isArray() const { return std::holds_alternative<Array>(m_value); }
    bool isObject() const { return std::holds_alternative<Object>(m_value); }

    /// Items of an array, members of an object; an empty list for everything else.
    const Array& items() const;
    const Object& members() const;
    Array& mutableItems();
    Object& mutableMembers();

    /// The member of that name, or a null value.
    const JsonTree& get(std::string_view name) const;
    JsonTree* find(std::string_view name);
    void set(std::string_view name, JsonTree value);
    /// A property of a resource: below `properties` as REST writes it, else beside the name as the command line tools do.
    const JsonTree& property(std::string_view name) const;

    /// The text of a string; numbers and booleans in their JSON form; "" for everything else.
    std::string text() const;
    std::string_view view() const;
    std::optional<std::int64_t> integer() const; ///< a number or a string of digits
    std::optional<double> real() const;
    bool boolean(bool otherwise) const; ///< also "true" and "false"
    bool operator==(const JsonTree&) const;

    void append(std::string& out) const;
    std::string dump() const;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> m_value;
};

struct JsonMember {
    std::string name;
    JsonTree value;
    bool operator==(const JsonMember&) const = default;
};

/// Parses a document; a byte order mark and UTF-16 (as PowerShell writes it) are understood. Errors: kBadJson with line and column.
Result<JsonTree> parseJsonTree(std::string_view text, std::string_view sourceName);

} // namespace tocsin::network
