// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <thread>

namespace tocsin {
namespace {

/// Asks for huge pages for the heaps that blocks are in: touching memory for the first time page by page costs more than filling it.
/// The C library would do so too, but only for a process that is started with its tunable glibc.malloc.hugetlb. Advice only: what is told
/// once too often, or of addresses that hold something else, does no harm. Any thread.
class HugeHeaps {
public:
    /// `at`: the address of a block.
    void tell(std::uintptr_t at)
    {
        const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
        if (at < end)
            tellFirstHeap(at, end);
        else
            tellHeapOfThreads(at >> kHeapBits);
    }

private:
    static constexpr unsigned kHeapBits = 26; ///< heaps of arenas begin at multiples of their size, HEAP_MAX_SIZE in glibc's arena.c
    static constexpr std::uintptr_t kHugePage = 2 << 20;
    static constexpr std::uint32_t kUsesUntilToldAgain = 256; ///< an empty heap is given back, and a new one may begin at its address

    struct Told {
        std::atomic<std::uintptr_t> heap{0};
        std::atomic<std::uint32_t> uses{0};
    };

    /// It grows at its end.
    void tellFirstHeap(std::uintptr_t at, std::uintptr_t end)
    {
        std::uintptr_t told = m_firstHeapEnd.load(std::memory_order_relaxed);
        if (told == end || !m_firstHeapEnd.compare_exchange_strong(told, end))
            return;
        const std::uintptr_t from = std::min(told == 0 ? at : told, end) / kHugePage * kHugePage;
        madvise(reinterpret_cast<void*>(from), end - from, MADV_HUGEPAGE);
    }
    void tellHeapOfThreads(std::uintptr_t heap)
    {
        Told& told = m_told[heap % m_told.size()];
        const bool known = told.heap.load(std::memory_order_relaxed) == heap;
        if (known && told.uses.fetch_add(1, std::memory_order_relaxed) % kUsesUntilToldAgain != 0)
            return;
        told.heap.store(heap, std::memory_order_relaxed);
        madvise(reinterpret_cast<void*>(heap << kHeapBits), std::size_t{1} << kHeapBits, MADV_HUGEPAGE);
    }

    std::atomic<std::uintptr_t> m_firstHeapEnd{0}; ///< up to where it was told
    std::array<Told, 64> m_told;
};

constinit HugeHeaps hugeHeaps;

} // namespace

void keepFreedMemory()
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20); // the largest that is allowed
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 64 << 20); // addresses only, until they are used
    // What one arena has freed helps no thread of another, and theirs go back to the system whenever they are empty.
    mallopt(M_ARENA_MAX, static_cast<int>(std::max(2U, std::thread::hardware_concurrency() / 2)));
}

void fillHeap(std::size_t bytes)
{
    constexpr std::uintptr_t kPage = 4096;
    void* block = std::malloc(bytes);
    if (!block)
        return;
    hugeHeaps.tell(reinterpret_cast<std::uintptr_t>(block));
    const auto begin = (reinterpret_cast<std::uintptr_t>(block) + kPage - 1) / kPage * kPage;
    const auto end = (reinterpret_cast<std::uintptr_t>(block) + bytes) / kPage * kPage;
#ifdef MADV_POPULATE_WRITE
    if (begin < end)
        madvise(reinterpret_cast<void*>(begin), end - begin, MADV_POPULATE_WRITE);
#endif
    std::free(block);
}

} // namespace tocsin

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TOCSIN_OWN_NEW 0 // sanitizers bring theirs
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TOCSIN_OWN_NEW 0
#endif
#endif

#ifndef TOCSIN_OWN_NEW

/// Blocks come in huge pages where the system has them. They are ordinary blocks of malloc, so that free() and the other forms of delete take them.
void* operator new(std::size_t size)
{
    constexpr std::size_t kHugePage = 2 << 20, kLarge = 32 << 10;
    for (;;) {
        void* block = nullptr;
        if (size >= kHugePage) {
            const std::size_t whole = (size + kHugePage - 1) / kHugePage * kHugePage;
            block = whole < size ? nullptr : std::aligned_alloc(kHugePage, whole);
            if (block)
                madvise(block, whole, MADV_HUGEPAGE);
        } else {
            block = std::malloc(size ? size : 1);
            if (block && size >= kLarge)
                tocsin::hugeHeaps.tell(reinterpret_cast<std::uintptr_t>(block));
        }
        if (block)
            return block;
        const std::new_handler handler = std::get_new_handler();
        if (!handler)
            throw std::bad_alloc();
        handler();
    }
}

void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

#endif
