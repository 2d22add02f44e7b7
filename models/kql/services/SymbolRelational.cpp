// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that bring rows together.
#include "kql/services/SymbolResolver.h"

#include <algorithm>

namespace tocsin::kql::services {

SymbolResolver::Row SymbolResolver::summarize(const OperatorSyntax& op, const Place& place)
{
    Row made;
    named(made, op.by, place);
    scalar(op.step, place);
    for (const Expr e : op.expressions) {
        const Expr value = e->kind == Kind::Assign ? e->arguments[0] : e;
        const bool whole = value->kind == Kind::Call && value->arguments.size() > 1 && value->arguments.back()->kind == Kind::Star && value->arguments[0]->name.text != "count";
        if (whole) { // arg_max(x, *): all columns
            for (const auto& [name, id] : place.rows->columns)
                made.set(name, id);
            made.sources = place.rows->sources;
            made.hidden = place.rows->hidden;
        }
        named(made, {e}, place, true);
    }
    return made;
}

SymbolResolver::Row SymbolResolver::join(const OperatorSyntax& op, const Row& input, const Place& place)
{
    Row right = op.table ? table(op.table, place.scope) : Row();
    Place both = place;
    both.right = &right;
    std::set<std::string> rightKeys;
    for (const Expr condition : op.on) {
        if (condition->kind != Kind::Name) {
            scalar(condition, both);
            if (condition->kind == Kind::Binary && condition->arguments[1]->kind == Kind::Member)
                rightKeys.insert(condition->arguments[1]->name.text);
            continue;
        }
        const NameSyntax& key = condition->name;
        if (key.missing())
            continue;
        rightKeys.insert(key.text);
        if (const auto id = possible(input, key.text))
            use(*id, key.span, place, SymbolUse::Form::JoinKey);
        if (const auto id = possible(right, key.text))
            use(*id, key.span, place, SymbolUse::Form::JoinKey, true);
    }
    scalars(op.expressions, both);
    const std::string kind = nameOption(op, "kind").value_or(NameSyntax{}).text;
    const bool semi = kind.find("semi") != std::string::npos || kind.find("anti") != std::string::npos;
    if (semi)
        return kind.starts_with("right") ? right : input;
    Row out = input;
    for (const auto& [name, id] : right.columns) {
        if (op.kind == Op::Kind::Lookup && rightKeys.contains(name))
            continue;
        if (!known(input, name)) {
            out.set(name, id);
            continue;
        }
        std::string other = name + "1";
        for (int n = 2; known(out, other); ++n)
            other = name + std::to_string(n);
        out.set(other, add(SymbolKind::Column, other, std::nullopt));
    }
    for (const std::size_t s : right.sources)
        if (std::find(out.sources.begin(), out.sources.end(), s) == out.sources.end())
            out.sources.push_back(s);
    return out;
}

void SymbolResolver::mergeInto(Row& out, const Row& other)
{
    for (const auto& [name, id] : other.columns) {
        if (const auto same = known(out, name))
            unify(*same, id);
        else
            out.set(name, id);
    }
    for (const auto& [name, id] : std::vector(out.columns))
        if (const auto same = known(other, name))
            unify(*same, id);
    for (const std::size_t s : other.sources)
        if (std::find(out.sources.begin(), out.sources.end(), s) == out.sources.end())
            out.sources.push_back(s);
    std::erase_if(out.hidden, [&](const std::string& name) { return known(other, name).has_value() || !other.hidden.contains(name); });
}

SymbolResolver::Row SymbolResolver::unite(const OperatorSyntax& op, const Row* input, const Place& place)
{
    Row out = input ? *input : Row();
    bool begun = input;
    for (const Expr e : op.expressions) {
        const Row other = table(e, place.scope);
        if (begun)
            mergeInto(out, other);
        else
            out = other;
        begun = true;
    }
    for (const char* option : {"withsource", "with_source"})
        if (const auto name = nameOption(op, option))
            out.set(name->text, define(SymbolKind::Column, *name));
    return out;
}

} // namespace tocsin::kql::services
