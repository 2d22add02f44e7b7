// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate: arguments and columns from the plugin's declaration; see ExtensionForms.h for the nodes it makes.
#include "kql/bind/QueryBinder.h"

#include "kql/functions/Plugins.h"
#include "kql/syntax/Suggestion.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>
#include <functional>

namespace tocsin::kql {

namespace {

using ParameterKind = PluginParameter::Kind;

inline constexpr ErrorKind kPluginArgument{"kql.plugin_argument", "The argument {1} of {0} is {2}, but must be {3}", "The plugin's page in the Kusto documentation describes its arguments."};
inline constexpr ErrorKind kPluginOption{"kql.plugin_option", "{0} has no argument named '{1}'{2}", ""};
inline constexpr ErrorKind kPluginArguments{"kql.plugin_arguments", "{0} is called with arguments that do not fit: {1}", "Arguments come in the order given; '~' stands for a default."};
inline constexpr ErrorKind kPluginNotLast{"kql.plugin_not_last", "preview() gives two tables and must be the last operator", "Use take and count on their own."};

bool equalIgnoringCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y)); });
}

/// `pivot(pivotColumn, [aggregationFunction], [column …])`
std::string signatureText(const Plugin& plugin, const PluginSignature& signature)
{
    std::string text(plugin.name);
    text += '(';
    for (const PluginParameter& parameter : signature) {
        if (text.back() != '(')
            text += ", ";
        const std::string name = std::string(parameter.name) + (parameter.repeated ? " …" : "");
        text += parameter.optional ? "[" + name + "]" : name;
    }
    return text + ")";
}

std::string_view kindText(const PluginParameter& parameter)
{
    switch (parameter.kind) {
    case ParameterKind::Column: return "a column";
    case ParameterKind::Constant: return "a value that does not depend on a row";
    case ParameterKind::Condition: return "a condition";
    case ParameterKind::Aggregate: return "an aggregate";
    case ParameterKind::Table: return "a table";
    case ParameterKind::TableColumn: return "a column of the table";
    case ParameterKind::CommonColumn: return "a column of both tables";
    case ParameterKind::Schema: return "typeof(…)";
    case ParameterKind::Value: break;
    }
    return "a value";
}

std::string typesText(TypeSet types)
{
    std::string text;
    for (std::size_t i = 0; i < kDataTypeCount; ++i)
        if (types.contains(static_cast<DataType>(i)))
            text += (text.empty() ? "" : ", ") + std::string(typeName(static_cast<DataType>(i)));
    return text;
}

} // namespace

/// Binds each argument once, as what it can be: a table, a schema, a value, a column of the table argument.
std::vector<QueryBinder::PluginArgument> QueryBinder::bindPluginArguments(const Plugin& plugin, Expr call, const Relation& input, const ScopePtr& scope)
{
    std::vector<PluginArgument> arguments;
    const RowContext row{.rows = &input};
    std::optional<Relation> table;
    const bool takesTable = std::any_of(plugin.signatures.begin(), plugin.signatures.end(), [](const PluginSignature& signature) {
        return std::any_of(signature.begin(), signature.end(), [](const PluginParameter& p) { return p.kind == ParameterKind::Table; });
    });
    for (std::size_t i = 1; i < call.arguments.size(); ++i) {
        if (call.arguments[i]->kind == Kind::Star || call.arguments[i]->kind == Kind::Missing)
            continue;
        PluginArgument argument;
        argument.syntax = call.arguments[i];
        if (argument.syntax->kind == Kind::Assign && !argument.syntax->names.empty()) {
            argument.name = argument.syntax->names[0].text;
            argument.syntax = argument.syntax->arguments[0];
        }
        const ExpressionSyntax& syntax = *argument.syntax;
        const bool name = syntax.kind == Kind::Name;
        if (name && table)
            argument.tableColumn = columnNamed(*table, syntax.name.text, syntax.span);
        const bool inputColumn = name && columnNamed(input, syntax.name.text, syntax.span);
        if (syntax.kind == Kind::TypeOf) {
            argument.schema = true;
        } else if (takesTable && !inputColumn && !argument.tableColumn && isTabular(syntax, scope)) {
            argument.table = bindTable(syntax, scope);
            table = argument.table;
        } else if (argument.tableColumn && !inputColumn) {
            argument.value = argument.tableColumn;
        } else {
            argument.value = foldConstant(bindScalar(syntax, row, scope));
            // A name may be that of a column and of a constant; which one is meant depends on the parameter.
            if (const auto symbol = inputColumn ? scope->find(syntax.name.text) : nullptr; symbol && symbol->kind == Symbol::Kind::Scalar)
                argument.constant = foldConstant(bindScalar(syntax, {}, scope));
            else if (!isBad(argument.value) && isConstant(*argument.value))
                argument.constant = argument.value;
            argument.isDefault = argument.value->kind == Expression::Kind::Literal && argument.value->type == DataType::String && argument.value->value.asText() == "~";
        }
        arguments.push_back(std::move(argument));
    }
    return arguments;
}

bool QueryBinder::fits(const PluginParameter& parameter, const PluginArgument& argument) const
{
    if (argument.isDefault && parameter.optional)
        return true;
    if (argument.value && isBad(argument.value))
        return true;
    switch (parameter.kind) {
    case ParameterKind::Column: return argument.value && argument.value->kind == Expression::Kind::Column && argument.value != argument.tableColumn;
    case ParameterKind::Constant: return argument.constant != nullptr;
    case ParameterKind::Condition: return argument.value && argument.value->type == DataType::Bool;
    case ParameterKind::Value: return argument.value && !argument.table && argument.value != argument.tableColumn;
    case ParameterKind::Table: return argument.table.has_value();
    case ParameterKind::TableColumn: return argument.tableColumn != nullptr;
    case ParameterKind::CommonColumn: return argument.tableColumn && argument.value && argument.value != argument.tableColumn;
    case ParameterKind::Schema: return argument.schema;
    case ParameterKind::Aggregate: break;
    }
    return false;
}

/// Which parameter each argument is for; `complaint` says why they do not fit.
bool QueryBinder::matchSignature(const PluginSignature& signature, std::vector<PluginArgument>& arguments, std::string& complaint) const
{
    std::size_t at = 0;
    std::set<std::string_view> given;
    for (PluginArgument& argument : arguments) {
        argument.parameter = nullptr;
        if (!argument.name.empty())
            for (std::size_t i = 0; i < signature.size(); ++i)
                if (equalIgnoringCase(signature[i].name, argument.name)) {
                    argument.parameter = &signature[i];
                    at = std::max(at, i + (signature[i].repeated ? 0 : 1));
                }
        while (!argument.parameter && at < signature.size()) {
            const PluginParameter& parameter = signature[at];
            const bool takesNames = parameter.kind == ParameterKind::Condition || parameter.kind == ParameterKind::Value;
            if ((argument.name.empty() || takesNames) && fits(parameter, argument)) {
                argument.parameter = &parameter;
                at += parameter.repeated ? 0 : 1;
            } else if (parameter.optional || given.contains(parameter.name)) {
                ++at;
            } else {
                complaint = std::string(parameter.name) + " must be " + std::string(kindText(parameter));
                return false;
            }
        }
        if (!argument.parameter) {
            complaint = argument.name.empty() ? "one argument is too many" : "there is no argument named " + argument.name;
            return false;
        }
        given.insert(argument.parameter->name);
    }
    for (const PluginParameter& parameter : signature)
        if (!parameter.optional && !given.contains(parameter.name)) {
            complaint = std::string(parameter.name) + " is missing";
            return false;
        }
    return true;
}

/// Reports values of types that the parameters do not take, and converts numbers.
void QueryBinder::checkPluginTypes(const Plugin& plugin, std::vector<PluginArgument>& arguments)
{
    for (PluginArgument& argument : arguments) {
        const PluginParameter& parameter = *argument.parameter;
        ExpressionPtr& value = parameter.kind == ParameterKind::Constant ? argument.constant : parameter.kind == ParameterKind::TableColumn ? argument.tableColumn : argument.value;
        if (argument.isDefault && parameter.optional) {
            value = nullptr;
            continue;
        }
        if (parameter.kind == ParameterKind::CommonColumn && value->type != argument.tableColumn->type)
            error(kPluginArgument, argument.syntax->span, std::string(plugin.name) + "()", argument.syntax->name.text, std::string(typeName(value->type)), std::string(typeName(argument.tableColumn->type)));
        if (!value || isBad(value) || parameter.accepts.contains(value->type))
            continue;
        const bool number = isNumeric(value->type) && isNumeric(parameter.accepts.first());
        const bool nothing = value->kind == Expression::Kind::Literal && value->value.isNull();
        if (number || nothing || (value->type == DataType::Dynamic && parameter.kind == ParameterKind::Constant) || parameter.accepts.first() == DataType::Dynamic)
            value = convertExpression(value, parameter.accepts.first());
        else
            error(kPluginArgument, argument.syntax->span, std::string(plugin.name) + "()", std::string(parameter.name), std::string(typeName(value->type)), typesText(parameter.accepts));
    }
}

std::vector<const QueryBinder::PluginArgument*> QueryBinder::argumentsOf(const std::vector<PluginArgument>& arguments, std::string_view parameter)
{
    std::vector<const PluginArgument*> found;
    for (const PluginArgument& argument : arguments)
        if (argument.parameter->name == parameter)
            found.push_back(&argument);
    return found;
}

/// The columns a declaration says, with the names and types of the arguments put in.
void QueryBinder::addPluginColumns(const Plugin& plugin, const std::vector<PluginArgument>& arguments, NameTable& names, PlanNode& node)
{
    const auto textOf = [](const PluginArgument& argument) {
        if (argument.parameter->kind == ParameterKind::Constant)
            return argument.constant && argument.constant->kind == Expression::Kind::Literal ? argument.constant->value.toString() : std::string("0");
        return argument.name.empty() ? impliedName(*argument.syntax) : argument.name;
    };
    const std::function<void(std::string, DataType, const PluginColumn&)> add = [&](std::string name, DataType type, const PluginColumn& column) {
        const std::size_t open = name.find('{');
        if (open == std::string::npos) {
            if (const auto typed = argumentsOf(arguments, column.typeOf); typed.size() == 1 && typed[0]->value)
                type = typed[0]->value->type;
            node.columns.push_back(newColumn(names.unique(name), type));
            return;
        }
        const std::size_t length = name.find('}', open) - open + 1;
        const bool numbered = name[open + 1] == '#';
        const std::string parameter = name.substr(open + 1 + numbered, length - 2 - numbered);
        int number = 0;
        for (const PluginArgument* argument : argumentsOf(arguments, parameter)) {
            std::string filled = name;
            filled.replace(open, length, numbered ? std::to_string(number++) : textOf(*argument));
            add(std::move(filled), column.typeOf == parameter && argument->value ? argument->value->type : type, column);
        }
    };
    for (const PluginColumn& column : plugin.columns)
        add(std::string(column.name), column.type, column);
}

/// The columns of the table argument, but for keys that the input has already and keys not asked for.
void QueryBinder::addTableColumns(const std::vector<PluginArgument>& arguments, NameTable& names, PlanNode& node)
{
    std::set<ColumnId> left;
    const Relation* table = nullptr;
    bool returnsKey = true;
    const PluginArgument* key = nullptr;
    for (const PluginArgument& argument : arguments) {
        if (argument.table)
            table = &*argument.table;
        if (argument.parameter->kind == ParameterKind::CommonColumn)
            left.insert(argument.tableColumn->column);
        if (argument.parameter->kind == ParameterKind::TableColumn)
            key = &argument;
    }
    if (!table)
        return;
    if (node.name == "evaluate:geo_polygon_lookup" || node.name == "evaluate:geo_line_lookup") {
        const auto asked = argumentsOf(arguments, "return_lookup_key");
        returnsKey = !asked.empty() && asked[0]->constant && asked[0]->constant->kind == Expression::Kind::Literal && asked[0]->constant->value == Value::boolean(true);
    }
    if (!returnsKey && key && key->tableColumn)
        left.insert(key->tableColumn->column);
    for (const PlanColumn& column : visible(*table))
        if (!left.contains(column.id))
            node.columns.push_back({column.id, names.unique(column.name), column.type});
}

Relation QueryBinder::bindEvaluate(const Relation& input, Op op, const ScopePtr& scope)
{
    const ExpressionSyntax& cast = *op.expressions[0];
    const ExpressionSyntax& call = cast.kind == Kind::SchemaCast ? *cast.arguments[0] : cast;
    if (call.kind != Kind::Call || call.arguments[0]->kind != Kind::Name)
        return broken(op.span);
    m_pluginResults.clear();
    const std::string& name = call.arguments[0]->name.text;
    const Plugin* plugin = findPlugin(name);
    if (!plugin) {
        std::vector<std::string> candidates;
        for (const Plugin& known : builtInPlugins())
            candidates.emplace_back(known.name);
        report(makeError(kUnknownPlugin, name, didYouMean(name, candidates)), call.arguments[0]->span);
        return broken(op.span);
    }
    Node node = newNode(PlanNode::Kind::Extension, op.span, {input.plan});
    node->name = "evaluate:" + name;
    if (name == "pivot")
        return bindPivot(input, op, call, node, scope);
    std::vector<PluginArgument> arguments = bindPluginArguments(*plugin, call, input, scope);
    for (const PluginArgument& argument : arguments)
        if ((argument.value && isBad(argument.value)) || (argument.table && argument.table->broken))
            return broken(op.span);
    std::string complaint;
    bool matched = false;
    for (const PluginSignature& signature : plugin->signatures)
        if (matched = matchSignature(signature, arguments, complaint); matched)
            break;
    if (!matched) {
        report(makeError(kPluginArguments, signatureText(*plugin, plugin->signatures.back()), complaint), call.span);
        return broken(op.span);
    }
    checkPluginTypes(*plugin, arguments);
    if (name == "bag_unpack")
        return bindBagUnpack(input, node, op, call, arguments);
    if (name == "preview")
        return bindPreview(input, op, *arguments[0].constant);
    return bindPluginNode(*plugin, input, op, call, node, arguments);
}

Relation QueryBinder::bindPluginNode(const Plugin& plugin, const Relation& input, Op op, Expr call, const Node& node, const std::vector<PluginArgument>& arguments)
{
    const ExpressionSyntax& cast = *op.expressions[0];
    for (const PluginArgument& argument : arguments) {
        if (argument.table)
            node->inputs.push_back(argument.table->plan);
        const ParameterKind kind = argument.parameter->kind;
        if (kind == ParameterKind::CommonColumn || kind == ParameterKind::TableColumn)
            node->rightKeys.push_back(argument.tableColumn);
        if (kind == ParameterKind::CommonColumn)
            node->leftKeys.push_back(argument.value);
        else if (const ExpressionPtr& value = kind == ParameterKind::Constant ? argument.constant : argument.value; value && kind != ParameterKind::TableColumn)
            node->assignments.push_back({{0, std::string(argument.parameter->name), value->type}, value});
    }
    if (const auto source = argumentsOf(arguments, plugin.name == "ipv4_lookup" ? "SourceIPv4Key" : "SourceIPv6Key"); !source.empty())
        node->leftKeys.insert(node->leftKeys.begin(), source[0]->value);
    NameTable names;
    if (plugin.input == Plugin::Input::Kept)
        for (const PlanColumn& column : visible(input)) {
            names.reserve(column.name);
            node->columns.push_back(column);
        }
    addPluginColumns(plugin, arguments, names, *node);
    if (plugin.input == Plugin::Input::Behind)
        for (const PlanColumn& column : visible(input))
            node->columns.push_back(newColumn(names.unique(column.name), column.type));
    if (plugin.tableColumns)
        addTableColumns(arguments, names, *node);
    if (plugin.name.starts_with("geo_"))
        bindGeoLookup(arguments, call.span, *node);
    for (const PluginArgument& argument : arguments)
        if (argument.schema) {
            if (argument.syntax->star)
                for (const PlanColumn& column : visible(input))
                    node->columns.push_back(newColumn(names.unique(column.name), column.type));
            for (const ColumnDeclaration& declared : argument.syntax->columns)
                node->columns.push_back(newColumn(names.unique(declared.name.text), declared.type));
        }
    node->serialized = plugin.input == Plugin::Input::Kept && !plugin.tableColumns && input.plan->serialized;
    if (plugin.open && cast.kind != Kind::SchemaCast)
        addOpenColumns(*node, call.span.start);
    if (plugin.name == "funnel_sequence")
        return bindFunnelTables(input, op, node);
    if (plugin.open && cast.kind == Kind::SchemaCast)
        bindPluginSchema(node, cast, input);
    Relation result = finish(node, input);
    result.openAt = plugin.open && cast.kind != Kind::SchemaCast ? std::optional(call.span.start) : std::nullopt;
    return cast.kind == Kind::SchemaCast && !plugin.open ? castColumns(result, cast) : result;
}

/// `: (name: type)` behind a plugin whose columns are known.
Relation QueryBinder::castColumns(const Relation& relation, Expr cast)
{
    std::vector<Assignment> assignments;
    if (cast.star)
        for (const PlanColumn& column : visible(relation))
            if (std::none_of(cast.columns.begin(), cast.columns.end(), [&](const ColumnDeclaration& declared) { return declared.name.text == column.name; }))
                assignments.push_back(keep(column));
    for (const ColumnDeclaration& declared : cast.columns) {
        const ExpressionPtr value = columnNamed(relation, declared.name.text, declared.span);
        if (!value)
            report(makeError(kUnknownColumn, declared.name.text, ""), declared.span);
        else
            assignments.push_back({newColumn(declared.name.text, declared.type), convertExpression(value, declared.type)});
    }
    return assignments.empty() ? relation : project(relation, std::move(assignments), cast.span);
}

/// preview: the first rows and, as a second result, their number.
Relation QueryBinder::bindPreview(const Relation& input, Op op, const Expression& rows)
{
    Node take = newNode(PlanNode::Kind::Take, op.span, {input.plan});
    take->count = std::make_shared<Expression>(rows);
    take->serialized = input.plan->serialized;
    take->options.emplace("last", Value::boolean(true));
    m_pluginResults.push_back(bindCount(input, op));
    return finish(take, input);
}

/// funnel_sequence: tables of what stands on both sides of the sequence, before it, and behind it.
Relation QueryBinder::bindFunnelTables(const Relation& input, Op op, const Node& node)
{
    const Relation rows = share(input, "funnel:" + std::to_string(m_nextShared++), op.span);
    std::map<ColumnId, ColumnId> moved;
    for (const auto& [outer, inner] : static_cast<const PlanNode&>(*rows.plan).sharedColumns)
        moved.emplace(inner, outer);
    for (Assignment& assignment : node->assignments)
        if (assignment.value->kind == Expression::Kind::Column)
            assignment.value = columnRef(moved.at(assignment.value->column), assignment.value->type, assignment.value->span);
    node->inputs[0] = rows.plan;
    for (const std::string_view left : {"next", "prev"}) {
        Node other = std::make_shared<PlanNode>(*node);
        std::erase_if(other->columns, [&](const PlanColumn& column) { return column.name == left; });
        for (PlanColumn& column : other->columns)
            column = newColumn(column.name, column.type);
        m_pluginResults.push_back(finish(other, rows));
    }
    return finish(node, rows);
}

/// What decides whether a point and a shape belong together.
void QueryBinder::bindGeoLookup(const std::vector<PluginArgument>& arguments, SourceSpan span, PlanNode& node)
{
    const bool line = node.name == "evaluate:geo_line_lookup";
    const auto one = [&](std::string_view name) { return argumentsOf(arguments, name); };
    std::vector<ExpressionPtr> point{one("SourceLongitude")[0]->value, one("SourceLatitude")[0]->value, node.rightKeys[0]};
    const auto radius = one("radius");
    if (radius.empty() || !radius[0]->constant) {
        node.expressions = {callFunction("geo_point_in_polygon", std::move(point), span)};
        return;
    }
    const ExpressionPtr distance = callFunction(line ? "geo_distance_point_to_line" : "geo_distance_point_to_polygon", std::move(point), span);
    node.expressions = {isBad(distance) ? distance : callOperator("<=", {distance, radius[0]->constant}, span)};
}

/// Called in front of each operator.
void QueryBinder::checkPluginIsLast(const Relation& input, SourceSpan span)
{
    if (input.plan->options.contains("last"))
        report(makeError(kPluginNotLast), span);
}

} // namespace tocsin::kql
