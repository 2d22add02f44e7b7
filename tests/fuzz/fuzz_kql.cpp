// SPDX-License-Identifier: GPL-3.0-or-later
// Any text must give a tree, a plan or errors with places; never a crash, a hang or unbounded memory.
#include "fuzz/KqlMutator.h"
#include "fuzz/QueryInvariants.h"
#include "kql/bind/BinderFixture.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maxSize);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t maxSize, unsigned int seed)
{
    std::minstd_rand random(seed);
    if (random() % 4 == 0)
        return LLVMFuzzerMutate(data, size, maxSize);
    const std::string text = tocsin::fuzz::mutateKql({reinterpret_cast<const char*>(data), size}, random);
    const std::size_t length = std::min(text.size(), maxSize);
    std::memcpy(data, text.data(), length);
    return length;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto snapshot = tocsin::kql::test::sampleSnapshot();
    static const tocsin::kql::FunctionRegistry functions = tocsin::kql::builtInFunctions();
    const std::string broken = tocsin::fuzz::brokenInvariant(std::string(reinterpret_cast<const char*>(data), size), *snapshot, functions);
    if (!broken.empty()) {
        std::fprintf(stderr, "%s\n", broken.c_str());
        std::abort();
    }
    return 0;
}
