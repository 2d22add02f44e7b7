// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace tocsin::kql {

/// What a run leaves to be freed, with this, once its query has answered: to free millions of blocks takes longer than an answer may. It
/// must not refer to the run, which is gone by then. Any thread.
class Leftovers {
public:
    template <typename T>
    void add(T&& value) noexcept
    {
        try {
            auto kept = std::make_shared<std::remove_cvref_t<T>>(std::forward<T>(value));
            const std::lock_guard lock(m_mutex);
            m_kept.push_back(std::move(kept));
        } catch (const std::bad_alloc&) { // then it is freed now
        }
    }

private:
    std::mutex m_mutex;
    std::vector<std::shared_ptr<void>> m_kept;
};

} // namespace tocsin::kql
