// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/Declaration.h"

#include <string_view>
#include <vector>

/// The plugins of `evaluate`, declared once: what they take, the columns they give, and, for those that reach outside of the workspace,
/// why they do not run here. The binder, the executors and the coverage page read these declarations.
/// Facts: the Kusto documentation's page of each plugin; names and types of columns as Microsoft's binder gives them.
namespace tocsin::kql {

struct PluginParameter {
    enum class Kind : std::uint8_t {
        Column,      ///< a column of the input
        Constant,    ///< a value that does not depend on a row
        Condition,   ///< true or false for each row; may be named
        Value,       ///< any expression over a row; may be named
        Aggregate,   ///< an aggregate call
        Table,       ///< a tabular expression
        TableColumn, ///< a column of the table argument
        CommonColumn,///< a column that both the input and the table argument have
        Schema,      ///< typeof(…)
    };
    std::string_view name;
    Kind kind = Kind::Column;
    TypeSet accepts = types::any;
    bool optional = false;
    bool repeated = false; ///< comes any number of times; at least once unless optional
};
using PluginSignature = std::vector<PluginParameter>;

/// Columns of the result. `{p}` in a name stands for the name of the column (or the value of the constant) given as argument p; with a
/// repeated argument there is one column for each. `typeOf` names the argument whose type it has.
struct PluginColumn {
    std::string_view name;
    DataType type = DataType::Long;
    std::string_view typeOf = {};
};

struct Plugin {
    /// Where the columns of the input stand in the result.
    enum class Input : std::uint8_t {
        Dropped, ///< not there
        Kept,    ///< passed on, in front
        Behind,  ///< behind, holding values of their own
    };
    std::string_view name;
    std::string_view help;                   ///< one line
    std::vector<PluginSignature> signatures; ///< the first that fits counts
    std::vector<PluginColumn> columns;
    Input input = Input::Dropped;
    bool tableColumns = false;    ///< the columns of the table argument come last
    bool open = false;            ///< more columns, which only the data tells
    std::string_view needs = {};  ///< what of the outside it would need; such a plugin binds and fails when it runs
};

/// In alphabetical order.
const std::vector<Plugin>& builtInPlugins();
const Plugin* findPlugin(std::string_view name);

} // namespace tocsin::kql
