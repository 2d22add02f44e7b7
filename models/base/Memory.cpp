// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Memory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <thread>

namespace tocsin {

void keepFreedMemory()
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20); // the largest that is allowed
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 4 << 20);
    // What one arena has freed helps no thread of another, and theirs go back to the system whenever they are empty.
    mallopt(M_ARENA_MAX, static_cast<int>(std::max(2U, std::thread::hardware_concurrency() / 2)));
}

void fillHeap(std::size_t bytes)
{
    constexpr std::uintptr_t kPage = 4096;
    void* block = std::malloc(bytes);
    if (!block)
        return;
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

/// Large blocks come in huge pages where the system has them: touching a table of hundreds of megabytes for the first time otherwise costs
/// more than filling it. They are ordinary blocks of malloc, so that free() and the other forms of delete take them.
void* operator new(std::size_t size)
{
    constexpr std::size_t kHugePage = 2 << 20;
    for (;;) {
        void* block = nullptr;
        if (size >= kHugePage) {
            const std::size_t whole = (size + kHugePage - 1) / kHugePage * kHugePage;
            block = whole < size ? nullptr : std::aligned_alloc(kHugePage, whole);
            if (block)
                madvise(block, whole, MADV_HUGEPAGE);
        } else {
            block = std::malloc(size ? size : 1);
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
