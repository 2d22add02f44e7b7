// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// How operators and plugins without a plan node of their own are written as PlanNode::Kind::Extension. `columns` always are what the node
/// gives, in order; columns of the input that it passes on keep their ids. Constants are literals after optimize().
///
///   name                 inputs, expressions, assignments, options
///   externaldata         no input; expressions: the addresses; options: `format`, `ignoreFirstRecord`, … as written
///   parse-kv             input; expressions[0]: the text; parseColumns: the keys by name; options: pair_delimiter, kv_delimiter, quote, escape,
///                        greedy, regex
///   sample               input; `count`: how many rows
///   sample-distinct      input; `count`; expressions[0]: the value; columns: that value
///   top-nested           input; assignments[i]: value of level i; sortKeys[i]: what ranks it, over columns of `aggregates` (the columns of the
///                        node are value and rank of each level by turns); expressions[i]: how many (null: all); options "others<i>": the
///                        value that stands for the rest of level i
///   top-hitters          input; `count`; expressions[0]: the value; expressions[1]: its weight, if any; columns: value, estimate
///   partition            inputs[0]; inputs[1]: the subquery, whose leaf is an Extension named "partition-rows" with the input's columns;
///                        expressions[0]: the key; columns: those of the subquery; options: `subquery`, a number that the leaf has too (as
///                        mv-apply has)
///   scan                 input; sortKeys, then leftKeys (partition by), are applied first; parseColumns: the declared columns, assignments: their
///                        initial values; scanSteps; itemIndexColumn: the match id, if wanted; columns: the input's, the declared, the match id
///   reduce               input; expressions[0]: the text; options: threshold, characters; columns: Pattern, Count, Representative;
///                        with the option kind (source): the input's columns, Pattern
///   graph-match, graph-shortest-paths
///                        inputs[0]: the edges; leftKeys[0], rightKeys[0]: ids of source and target over the edges; inputs[1…]: node tables with
///                        expressions[i]: their keys; parseColumns: the columns of a node, by name (without node tables: the id alone, then the
///                        component, if marked); graphPattern, graphPathValues, graphCondition; assignments: the results over the pattern's
///                        columns. Nodes of the pattern also have the columns of graphNodeExtras(). Elements with `least` are
///                        paths: their columns are arrays with one item an edge. options: cycles, output; graphSteps, graphPartition: see there
///   graph-to-table:nodes, graph-to-table:edges
///                        the same graph; columns: the ids asked for, then those of the nodes or edges. with_node_id, with_source_id,
///                        with_target_id in options
///   evaluate:<plugin>    inputs[0]; inputs[1], if any: the table argument; assignments: the arguments by the parameter names of
///                        functions/Plugins.h (column.name; repeated ones come several times, defaults are left out); leftKeys, rightKeys: pairs
///                        of columns of both tables (the lookups); expressions[0]: the condition of a geo lookup over both; options "schema":
///                        true if the query states the output's schema, "open": true if the columns depend on the data and only those known or
///                        named by the query are in `columns`
///     bag_unpack         expressions[0]: the bag; options: prefix, conflict (columnsConflict), ignored (a dynamic array of names).
///                        columns: the input's other columns, then the properties with their prefix, each of the type wanted
///     pivot              expressions[0]: the column whose values become columns; aggregates[0]: what is computed; assignments: the group keys
///     narrow             no arguments; columns Row, Column, Value
