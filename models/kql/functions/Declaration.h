// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "column/Vector.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// A KQL function is declared once, here in data: name, parameters, result, help, example, kernel. Binder, completion, hover,
/// reference and executor read the same declaration, and its example runs as a test.
namespace tocsin::kql {

/// A set of data types, for parameters that take several.
class TypeSet {
public:
    constexpr TypeSet(DataType type) : m_bits(bit(type)) {}
    constexpr TypeSet(std::initializer_list<DataType> types) { for (const DataType type : types) m_bits |= bit(type); }
    static constexpr TypeSet all() { TypeSet set; set.m_bits = (1U << kDataTypeCount) - 1; return set; }
    constexpr bool contains(DataType type) const { return m_bits & bit(type); }
    constexpr TypeSet operator|(TypeSet other) const { TypeSet set; set.m_bits = static_cast<std::uint16_t>(m_bits | other.m_bits); return set; }
    constexpr bool isSingle() const { return m_bits && (m_bits & (m_bits - 1)) == 0; }
    /// The only type of a single set; the first one otherwise.
    constexpr DataType first() const { unsigned i = 0; while (!((m_bits >> i) & 1)) ++i; return static_cast<DataType>(i); }

private:
    constexpr TypeSet() = default;
    static constexpr std::uint16_t bit(DataType type) { return static_cast<std::uint16_t>(1U << static_cast<unsigned>(type)); }
    std::uint16_t m_bits = 0;
};

namespace types {
inline constexpr TypeSet any = TypeSet::all();
inline constexpr TypeSet integer{DataType::Int, DataType::Long};
inline constexpr TypeSet number{DataType::Int, DataType::Long, DataType::Real, DataType::Decimal};
inline constexpr TypeSet summable{DataType::Int, DataType::Long, DataType::Real, DataType::Decimal, DataType::TimeSpan};
inline constexpr TypeSet text{DataType::String, DataType::Dynamic};
inline constexpr TypeSet orderable{DataType::Bool, DataType::Int, DataType::Long, DataType::Real, DataType::Decimal, DataType::DateTime, DataType::TimeSpan, DataType::Guid, DataType::String};
} // namespace types

struct Parameter {
    std::string_view name;
    TypeSet accepts = types::any;
    bool optional = false;
    bool repeated = false; ///< last parameter(s) may come again; if several are marked they repeat together
    bool constant = false; ///< the argument must not depend on the row
    std::vector<std::string_view> values; ///< when only these texts are allowed (units, kinds)
};

/// What a signature returns: one type, or a rule over the argument types (which are those after conversion) and, where known
/// at bind time, the constant arguments (null entries for the others).
using ReturnRule = std::function<DataType(std::span<const DataType> arguments, std::span<const Value* const> constants)>;

namespace returns {
inline ReturnRule type(DataType t) { return [t](auto, auto) { return t; }; }
inline ReturnRule sameAs(std::size_t argument) { return [argument](std::span<const DataType> a, auto) { return a[argument]; }; }
/// The common type of the arguments from `first` on (every `step`-th): equal types stay, numbers promote int→long→real→decimal, else dynamic.
ReturnRule common(std::size_t first = 0, std::size_t step = 1);
} // namespace returns

/// The type to which two branch or operand types promote; dynamic when nothing closer fits.
DataType commonType(DataType a, DataType b);

/// What a kernel may need beside its arguments. One context per call site and thread.
struct KernelContext {
    Ticks now = 0;                ///< fixed for the query
    std::uint64_t seed = 0;       ///< fixed for the query; kernels of random functions mix in their call site and position
    DataType returnType = DataType::String; ///< as bound
    std::uint64_t firstRow = 0;   ///< ordinal of the batch's first row in the stream, for random functions
    std::stop_token stop;
    /// The kernel's own memory between batches (a compiled expression, say). Empty at first.
    std::shared_ptr<void> state;
    /// For functions of the surroundings (current_database …).
    std::string_view databaseName;
};

/// Computes one batch. `arguments` are vectors of `rows` rows of any kind (read them with VectorReader); the result has `rows` rows of
/// context.returnType. Row-level trouble is a null, never an error; an Error ends the query (a bad regular expression …).
/// The evaluator already handles: all arguments constant (called once with rows = 1), and one dictionary among constants (called
/// over the dictionary's values) for deterministic functions.
using ScalarKernel = std::function<Result<Vector>(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)>;

struct Signature {
    std::vector<Parameter> parameters;
    ReturnRule returnType;
    ScalarKernel kernel;
};

enum class FunctionTrait : std::uint8_t {
    None = 0,
    NonDeterministic = 1, ///< rand, new_guid: never folded, never computed per dictionary value
    Window = 2,           ///< needs a serialized row set (prev, next, row_number, row_cumsum …); the kernel sees all rows in order, and carries over
                          ///< from batch to batch, in its context, what it needs of those before
    NullStrict = 4,       ///< null in any argument gives null: the evaluator may skip null rows
    LooksAhead = 8,       ///< a window function that may need later rows: its kernel sees all rows as one batch
};

struct ScalarFunction {
    std::string_view name;      ///< as written in KQL; operators have their symbol: "==", "has", "!in~", "+", "-" (unary too), "and", "between"
    std::string_view category;  ///< "string", "datetime", "dynamic", …
    std::string_view help;      ///< one line
    std::string_view example;   ///< a `print` query, and its answer behind ` // `; runs as a test
    std::vector<Signature> signatures; ///< tried in order: the first that the arguments fit without conversion, else with the least
    unsigned traits = 0;        ///< FunctionTrait bits

    bool has(FunctionTrait trait) const { return traits & static_cast<unsigned>(trait); }
};

/// Where the rows of an update stand among all rows of the input: row i at `first` + `rows[i]`, or at `first` + i without `rows`; if
/// there are `places`, at the one of that number.
struct RowOrder {
    std::uint64_t first = 0;
    const std::uint32_t* rows = nullptr;
    const std::uint64_t* places = nullptr;
    std::uint64_t operator[](std::size_t row) const
    {
        const std::size_t number = rows ? rows[row] : row;
        return places ? places[number] : first + number;
    }
};

/// A group that a merge leaves out.
inline constexpr std::uint32_t kLeftOut = 0xFFFFFFFF;

/// The running state of one aggregate over all groups of one thread, column-wise. Groups are numbered densely from 0.
class Accumulator {
public:
    virtual ~Accumulator() = default;
    /// False: the result depends on the order of the rows in such a way that one thread must get them all.
    virtual bool canShareRows() const { return true; }
    /// Called before each update if several threads share the rows; places rise from update to update. An aggregate that depends on
    /// the order of its rows keeps what it needs, so that the result is the one that a single thread would get.
    virtual void at(RowOrder places) { (void)places; }
    /// Makes room for groups up to `count`, new ones in their initial state.
    virtual void resize(std::size_t count) = 0;
    /// Adds rows: row i belongs to group `groups[i]`; arguments are vectors of groups.size() rows.
    virtual Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) = 0;
    /// Adds another thread's state of the same aggregate: its group i is this one's `mapping[i]`. The groups that are added are given up;
    /// those whose mapping is kLeftOut stay as they are.
    virtual Result<void> merge(Accumulator& other, std::span<const std::uint32_t> mapping) = 0;
    /// The results of groups [from, from + count): one vector a result column (several for arg_max, arg_min, percentiles …).
    virtual Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) = 0;
    /// Bytes held, for the query's memory budget.
    virtual std::size_t memoryBytes() const = 0;
};

/// How an aggregate call was bound: what the accumulator needs to know before the first row.
struct AggregateBinding {
    std::vector<DataType> argumentTypes;
    std::vector<std::optional<Value>> constants; ///< value of each argument that is constant
    std::vector<DataType> resultTypes;
    std::uint64_t seed = 0;
};

struct AggregateSignature {
    std::vector<Parameter> parameters;
    /// Types of the result columns; usually one.
    std::function<std::vector<DataType>(std::span<const DataType> arguments, std::span<const Value* const> constants)> resultTypes;
    std::function<std::unique_ptr<Accumulator>(const AggregateBinding&)> make;
};

struct AggregateFunction {
    /// How result columns are named when the query does not: `prefix_column` (sum_x, dcount_x …). `arg_max`-like and percentile-like
    /// functions have rules of their own in the binder.
    std::string_view name;
    std::string_view prefix;   ///< "sum", "list" (make_list), "set" (make_set), …
    std::string_view help;
    std::string_view example;
    std::vector<AggregateSignature> signatures;
};

/// All functions of the language. Built once by builtInFunctions() and passed by reference.
class FunctionRegistry {
public:
    void add(ScalarFunction function);
    void add(AggregateFunction function);
    /// Another name for a function (`floor` = `bin`, `todouble` = `toreal`).
    void addAlias(std::string_view alias, std::string_view name);

    const ScalarFunction* findScalar(std::string_view name) const;
    const AggregateFunction* findAggregate(std::string_view name) const;
    std::vector<const ScalarFunction*> scalars() const;
    std::vector<const AggregateFunction*> aggregates() const;
    /// The further names under which functions are found, in order.
    std::vector<std::string_view> aliases() const;

private:
    std::map<std::string, std::shared_ptr<const ScalarFunction>, std::less<>> m_scalars;
    std::map<std::string, std::shared_ptr<const AggregateFunction>, std::less<>> m_aggregates;
};

FunctionRegistry builtInFunctions();

/// Converts a vector to another type as the KQL conversion functions do (tostring, tolong, …): what does not fit is null.
/// From dynamic: the scalar inside. To dynamic: the value as a dynamic scalar.
Result<Vector> convertVector(const Vector& vector, DataType to);

} // namespace tocsin::kql
