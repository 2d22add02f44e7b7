// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/IpAddress.h"
#include "base/Ticks.h"
#include "detect/Rule.h"
#include "detect/sigma/SigmaPattern.h"

#include <optional>
#include <string>
#include <vector>

namespace tocsin::detect::sigma {

enum class Level { Informational, Low, Medium, High, Critical };
std::string_view levelName(Level level);
std::optional<Level> parseLevel(std::string_view name);
Severity severityOf(Level level); ///< critical is High, as Sentinel knows no higher one

/// Which log a rule is about. Empty parts are not given.
struct LogSource {
    std::string product;    ///< "windows", "azure", "linux", …
    std::string category;   ///< "process_creation", …
    std::string service;    ///< "security", "signinlogs", …
    std::string definition; ///< what must be set up for the log to exist; for the reader
    auto operator<=>(const LogSource&) const = default;
};

enum class Compare { Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual };

/// One question about an event.
struct Test {
    enum class Kind {
        Text,    ///< a value of the field is like the pattern
        Regex,   ///< a value of the field holds a match of the expression (RE2 syntax)
        Network, ///< a value of the field is an address in the network
        Number,  ///< a value of the field is a number that compares so
        Null,    ///< the field is absent or empty
        Exists,  ///< the field is there (or not, if not `wanted`)
        SameAs,  ///< a value of the field is, holds, begins or ends with one of the other field
    };
    enum class Place { Whole, Inside, Start, End };

    Kind kind = Kind::Text;
    std::string field; ///< empty: any field of the event (a keyword)
    TextPattern pattern;
    bool cased = false;
    std::string expression; ///< with its flags in front
    IpPrefix network;
    Compare compare = Compare::Equal;
    double number = 0;
    bool wanted = true;
    std::string otherField;
    Place place = Place::Whole;
};

/// The condition of a rule as a tree over its tests.
struct Condition {
    enum class Kind { All, Any, Not, Test };
    Kind kind = Kind::All;
    std::vector<Condition> children; ///< All of none is true, Any of none is false
    std::size_t test = 0;            ///< index into the rule's tests

    static Condition of(std::size_t test) { return {Kind::Test, {}, test}; }
    static Condition negated(Condition condition);
    /// Drops the layer when there is only one child.
    static Condition join(Kind kind, std::vector<Condition> children);
};

/// What rules and correlations have in common.
struct SigmaHeader {
    std::string id;
    std::string name; ///< by which a correlation may call the rule
    std::string title;
    std::string status;
    std::string description;
    std::string author;
    Level level = Level::Medium;
    std::vector<std::string> tags;
    std::vector<std::string> tactics;    ///< Sentinel's names
    std::vector<std::string> techniques; ///< "T1059.001"
    std::vector<std::string> falsePositives;
    std::vector<std::string> references;
    std::string source; ///< file it came from
};

struct SigmaRule {
    SigmaHeader header;
    LogSource logSource;
    std::vector<Test> tests;
    Condition condition;
};

/// A rule over the hits of other rules.
struct SigmaCorrelation {
    enum class Type { EventCount, ValueCount, Temporal, TemporalOrdered };
    SigmaHeader header;
    Type type = Type::EventCount;
    std::vector<std::string> rules; ///< ids or names
    std::vector<std::string> groupBy;
    Ticks timespan = 0;
    /// All must hold for the count.
    std::vector<std::pair<Compare, std::int64_t>> bounds;
    std::string field;     ///< of value_count: the field whose different values count
    bool generate = false; ///< the rules it refers to raise alerts of their own too
};

} // namespace tocsin::detect::sigma
