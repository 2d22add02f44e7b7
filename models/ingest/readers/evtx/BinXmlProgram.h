// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/evtx/BinXmlValue.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

struct BinXmlProgram;

/// A value handed to a template: where its bytes stand in the chunk.
struct BinXmlArgument {
    BinXmlType type = BinXmlType::Null;
    bool array = false;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
};

/// One use of a template.
struct BinXmlInstance {
    const BinXmlProgram* body = nullptr;
    std::vector<BinXmlArgument> arguments;
};

struct BinXmlOp {
    enum class Kind : std::uint8_t { Open, Attribute, Text, CData, Substitute, Instruction, Close, Instance };
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    Kind kind = Kind::Text;
    bool optional = false;       ///< Substitute: a null leaves out the element or attribute around it
    std::uint32_t index = 0;     ///< Substitute: number of the argument; Instance: place in `instances`
    std::uint32_t end = 0;       ///< Open: the op behind its Close; Attribute: the op behind its values
    std::uint32_t content = kNone; ///< Open: its first own substitution (not one in an attribute or a child)
    bool only = false;           ///< Open: that substitution is all its content
    std::string_view name;       ///< Open, Attribute, Instruction
    std::string_view text;       ///< Text, CData, Instruction; unescaped
};

/// A fragment of binary XML (a template's body, a record, a value of type 0x21) in a form that is quick to run many times.
struct BinXmlProgram {
    std::vector<BinXmlOp> ops;
    std::vector<BinXmlInstance> instances;
    std::size_t usedInstances = 0;

    BinXmlInstance& addInstance()
    {
        if (usedInstances == instances.size())
            instances.emplace_back();
        instances[usedInstances].arguments.clear();
        return instances[usedInstances++];
    }
    void clear()
    {
        ops.clear();
        usedInstances = 0;
    }
};

} // namespace tocsin::ingest
