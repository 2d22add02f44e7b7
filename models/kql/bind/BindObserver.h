// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/bind/Scope.h"
#include "kql/syntax/SyntaxOperators.h"

namespace tocsin::kql {

/// Is told, while a text is bound, what its parts mean: for editors. Only of the text itself, not of saved functions it calls. The same place may
/// come more than once (a function called twice, a second pass); the last word counts. References hold only during the call.
class BindObserver {
public:
    virtual ~BindObserver() = default;
    /// The rows an operator works on; `input` is null for one that begins a query.
    virtual void operatorBegins(const OperatorSyntax& op, const Relation* input) = 0;
    /// The other side of a join or lookup, before its conditions are bound.
    virtual void otherSide(const OperatorSyntax& op, const Relation& right) = 0;
    /// What comes out of an operator.
    virtual void operatorEnds(const OperatorSyntax& op, const Relation& output) = 0;
    virtual void columnAt(SourceSpan place, const Relation& rows, const PlanColumn& column) = 0;
    virtual void tableAt(SourceSpan place, const catalog::TableSchema& schema) = 0;
    /// A use of a name of let, a parameter, `as`, or a saved function.
    virtual void symbolAt(SourceSpan place, std::string_view name, const Symbol& symbol) = 0;
    /// Where such a name is made.
    virtual void symbolMade(SourceSpan place, std::string_view name, const Symbol& symbol) = 0;
    /// The rows a name of a table stands for, where it is made.
    virtual void tableMade(SourceSpan place, const Relation& rows) = 0;
};

} // namespace tocsin::kql
