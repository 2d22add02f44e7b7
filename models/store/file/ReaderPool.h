// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/file/WorkspaceFile.h"

#include <mutex>
#include <vector>

namespace tocsin::store {

/// Reader connections, one for each thread that reads at the moment. Any thread.
class ReaderPool {
public:
    explicit ReaderPool(ReadAccess access) : m_access(std::move(access)) {}

    /// A connection on loan; goes back when destroyed.
    class Lease {
    public:
        Lease(ReaderPool& pool, Connection connection) : m_pool(&pool), m_connection(std::make_unique<Connection>(std::move(connection))) {}
        ~Lease()
        {
            if (m_connection)
                m_pool->giveBack(std::move(*m_connection));
        }
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) noexcept = default;
        Connection& operator*() const { return *m_connection; }
        Connection* operator->() const { return m_connection.get(); }

    private:
        ReaderPool* m_pool;
        std::unique_ptr<Connection> m_connection;
    };
    Result<Lease> acquire();
    const ReadAccess& access() const { return m_access; }

private:
    void giveBack(Connection connection);

    ReadAccess m_access;
    std::mutex m_mutex;
    std::vector<Connection> m_idle;
};

} // namespace tocsin::store
