// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

namespace tocsin::kql {

inline constexpr ErrorKind kUnknownTable{"kql.unknown_table", "There is no table or function named '{0}'{1}", "Names are case-sensitive; the schema pane lists the tables of the workspace."};
inline constexpr ErrorKind kUnknownColumn{"kql.unknown_column", "There is no column named '{0}' here{1}", "Names are case-sensitive; only columns that the operators before this one give can be used."};
inline constexpr ErrorKind kUnknownFunction{"kql.unknown_function", "There is no function named '{0}'{1}", "The reference lists all functions."};
inline constexpr ErrorKind kUnknownName{"kql.unknown_name", "The name '{0}' means nothing here{1}", "Declare it with let, or put quotation marks around a text."};
inline constexpr ErrorKind kUnknownEntityGroup{"kql.unknown_entity_group", "There is no entity group '{0}'", "Write entity_group [database('a'), …], or declare one with let."};
inline constexpr ErrorKind kNotAnEntity{"kql.not_an_entity", "An entity is a cluster, a database or a table", "Write for example cluster('a').database('b')."};
inline constexpr ErrorKind kNoPatternMatch{"kql.no_pattern_match", "The pattern {0} has no match for these arguments", "Call it with the texts of one of its matches."};
inline constexpr ErrorKind kUnknownPlugin{"kql.unknown_plugin", "There is no plugin named '{0}'{1}", "evaluate runs plugins such as bag_unpack, pivot and autocluster."};
inline constexpr ErrorKind kBadLiteral{"kql.bad_literal", "'{0}' is not a valid literal", "Check the form and the range of the value."};
inline constexpr ErrorKind kMisplaced{"kql.misplaced", "{0} cannot stand here", ""};
inline constexpr ErrorKind kRenameForm{"kql.rename_form", "'{0}' is no renaming", "Write new = old."};
inline constexpr ErrorKind kNothingToRun{"kql.nothing_to_run", "The text declares names but asks nothing", "Add a query behind the last ';', for example the name of a table."};
inline constexpr ErrorKind kControlCommand{"kql.control_command", "'.{0}' is a management command, not a query", "Only queries can be run here."};
inline constexpr ErrorKind kWrongArguments{"kql.wrong_arguments", "{0} cannot take ({1}); it takes {2}", "Convert the arguments, for example with tostring() or tolong()."};
inline constexpr ErrorKind kWrongOperands{"kql.wrong_operands", "The operator '{0}' is not defined between {1} and {2}", "Convert one side, for example with tostring() or todatetime()."};
inline constexpr ErrorKind kNoCommonType{"kql.no_common_type", "{0}() cannot choose between {1} and {2}", "Convert them to one type, for example with tostring()."};
inline constexpr ErrorKind kWrongArgumentCount{"kql.wrong_argument_count", "{0} takes {1} but got {2}", "Check the arguments in the reference."};
inline constexpr ErrorKind kNotBoolean{"kql.not_boolean", "The condition must be bool, but this is {0}", "Compare it with something, or convert it with tobool()."};
inline constexpr ErrorKind kAssignmentInCondition{"kql.assignment_in_condition", "A condition compares with '==', not with '='", "Write == for equality."};
inline constexpr ErrorKind kScalarExpected{"kql.scalar_expected", "'{0}' is a table, but a single value is needed here", "Use toscalar() for the first value of a table."};
inline constexpr ErrorKind kTableExpected{"kql.table_expected", "A table is needed here, but this is {0}", "Begin with a table, a let name of one, or datatable."};
inline constexpr ErrorKind kConstantExpected{"kql.constant_expected", "{0} must not depend on a row", "Use a literal, a let name or a call without columns."};
inline constexpr ErrorKind kAggregateNotAllowed{"kql.aggregate_not_allowed", "The aggregate {0}() can only be used in summarize and the like", "Compute it with summarize first."};
inline constexpr ErrorKind kAggregateExpected{"kql.aggregate_expected", "The column '{0}' must be inside an aggregate or behind by", "Use it in take_any() or add it behind by."};
inline constexpr ErrorKind kNotSerialized{"kql.not_serialized", "{0}() needs rows in an order", "Put sort or serialize in front."};
inline constexpr ErrorKind kDuplicateColumn{"kql.duplicate_column", "The column '{0}' is given twice", "Choose another name."};
inline constexpr ErrorKind kDynamicKey{"kql.dynamic_key", "{0} cannot use a dynamic value", "Convert it, for example with tostring()."};
inline constexpr ErrorKind kNotSortable{"kql.not_sortable", "Rows cannot be ordered by {0}", "Convert the value to a string or a number."};
inline constexpr ErrorKind kJoinCondition{"kql.join_condition", "A join condition is a column of both sides or $left.a == $right.b", "Compute other conditions with extend first, or filter behind the join."};
inline constexpr ErrorKind kJoinNeedsKeys{"kql.join_needs_keys", "The join does not say which columns must agree", "Add on and a column that both sides have."};
inline constexpr ErrorKind kJoinTypes{"kql.join_types", "The join compares {0} with {1}", "Convert one side with extend before the join."};
inline constexpr ErrorKind kBadOption{"kql.bad_option", "'{0}' cannot be {1}; it can be {2}", ""};
inline constexpr ErrorKind kRowLength{"kql.row_length", "datatable has {0} values, which does not make whole rows of {1} columns", "Give one value for each column of each row."};
inline constexpr ErrorKind kBadValue{"kql.bad_value", "This is not a {0} value", "Write a literal of the column's type."};
inline constexpr ErrorKind kUnsupported{"kql.unsupported", "{0} is not available here", ""};
inline constexpr ErrorKind kRecursion{"kql.recursion", "The function {0} calls itself", "Functions of KQL cannot be recursive."};
inline constexpr ErrorKind kTooLarge{"kql.too_large", "The query grows too large when its names are put in", "Use materialize() for parts that are used several times."};
inline constexpr ErrorKind kParsePattern{"kql.parse_pattern", "{0}", "A pattern is text, columns and stars by turns; a star stands before text."};
inline constexpr ErrorKind kInFunction{"kql.in_function", "The function {0} cannot be used: {1}", "Correct the saved function."};
inline constexpr ErrorKind kMissingParameter{"kql.missing_parameter", "The query parameter '{0}' has no value", "Give it a value before running."};
inline constexpr ErrorKind kReadsRow{"kql.reads_row", "A query inside an expression cannot read the columns of the row around it", "Use join or lookup instead."};
inline constexpr ErrorKind kTableSkipped{"kql.table_skipped", "The table '{0}' does not exist and is left out", ""};
inline constexpr ErrorKind kLackingData{"kql.lacking_data", "{0}() is null: the data it needs is not there", "Name a database of IP locations in the variable TOCSIN_IP_LOCATIONS."};
inline constexpr ErrorKind kBinAutoSize{"kql.bin_auto_size", "bin_auto() needs a size", "Put set query_bin_auto_size = 1h; in front of the query."};
inline constexpr ErrorKind kNoTables{"kql.no_tables", "None of the tables exists", "Check the names, or import data into one of them."};
inline constexpr ErrorKind kSchemaMismatch{"kql.schema_mismatch", "The columns are not those asserted: {0}", ""};


// Warnings: what costs more than it has to, or may mean something else.
inline constexpr ErrorKind kHasWouldDo{"kql.has_would_do", "'{0}' looks into every text; '{1}' finds the word '{2}' by the index of terms", "Use has when whole words are meant."};
inline constexpr ErrorKind kFoldedCompare{"kql.folded_compare", "The comparison converts every value first; {0} ignores case by itself", ""};
inline constexpr ErrorKind kPlainRegex{"kql.plain_regex", "The regular expression is a plain text", "Use contains_cs or has_cs."};
inline constexpr ErrorKind kReadsEverything{"kql.reads_everything", "'{0}' reads every table of the workspace here", "Name the tables with in (…), or begin with one table."};
inline constexpr ErrorKind kJoinWithoutKind{"kql.join_without_kind", "A join without kind keeps one left row of each key (innerunique)", "Write kind=inner to keep them all."};
inline constexpr ErrorKind kJoinWithoutTime{"kql.join_without_time", "The join reads all of {0}, whatever its time", "Add a condition on its time to the right side."};
inline constexpr ErrorKind kOrderLost{"kql.order_lost", "The order is lost in '{0}' right behind", "Sort at the end."};
inline constexpr ErrorKind kTextAsJson{"kql.text_as_json", "'{0}' is a column of text and is read as JSON here", "Write parse_json({0}), which a Kusto cluster takes too."};
inline constexpr ErrorKind kOldName{"kql.old_name", "'{0}' is the old name of {1}", ""};

} // namespace tocsin::kql
