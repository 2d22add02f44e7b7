// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Memory.h"

#include <QtTest>

#include <cstdint>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace tocsin;

namespace {

/// Whether the mapping that holds the address has been told to come in huge pages, as /proc/PID/smaps has it (man 5 proc, VmFlags).
bool isToldToBeHuge(const void* block)
{
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    std::ifstream maps("/proc/self/smaps");
    std::string line;
    bool inside = false;
    while (std::getline(maps, line)) {
        std::istringstream words(line);
        std::uintptr_t begin = 0, end = 0;
        char dash = 0;
        if (words >> std::hex >> begin >> dash >> end && dash == '-')
            inside = address >= begin && address < end;
        else if (inside && line.starts_with("VmFlags:"))
            return line.find(" hg") != std::string::npos;
    }
    return false;
}

bool systemHasHugePages() { return std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled").good(); }

/// More than a heap of the C library holds, in blocks too small for a mapping of their own.
std::vector<std::unique_ptr<char[]>> manyBlocks()
{
    std::vector<std::unique_ptr<char[]>> blocks;
    for (int i = 0; i < 1'200; ++i)
        blocks.push_back(std::make_unique_for_overwrite<char[]>(100'000));
    return blocks;
}

} // namespace

class MemoryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("sanitizers bring their own heap");
#endif
        if (!systemHasHugePages())
            QSKIP("the system has no transparent huge pages");
        keepFreedMemory();
    }

    void blocksOfEveryThreadComeInHugePages()
    {
        std::size_t firstHuge = 0, otherHuge = 0, firstBlocks = 0, otherBlocks = 0;
        const auto count = [](std::size_t& huge, std::size_t& all) {
            const auto blocks = manyBlocks();
            for (std::size_t i = 0; i < blocks.size(); i += 100, ++all)
                huge += isToldToBeHuge(blocks[i].get());
        };
        std::thread([&] { count(otherHuge, otherBlocks); }).join();
        count(firstHuge, firstBlocks);
        QCOMPARE(firstHuge, firstBlocks);
        QCOMPARE(otherHuge, otherBlocks);
    }

    void aFilledHeapIsUsable()
    {
        fillHeap(5 << 20);
        fillHeap(0);
        const auto block = std::make_unique<std::uint8_t[]>(4 << 20);
        QCOMPARE(block[(4 << 20) - 1], std::uint8_t{0});
    }

    void blocksTooLargeForTheSystemAreRefused()
    {
        volatile std::size_t size = ~std::size_t{0} / 2;
        QVERIFY_THROWS_EXCEPTION(std::bad_alloc, std::make_unique<char[]>(size));
    }
};

QTEST_APPLESS_MAIN(MemoryTest)
#include "tst_memory.moc"
