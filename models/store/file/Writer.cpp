// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file/Writer.h"

#include "store/sqlite/Transaction.h"

namespace tocsin::store {

Result<void> Writer::transact(Durability durability, const std::function<Result<void>(Connection&)>& change)
{
    const std::lock_guard lock(m_mutex);
    if (durability != m_durability) {
        TOCSIN_TRY(m_connection.execute(durability == Durability::Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"));
        m_durability = durability;
    }
    TOCSIN_TRY_ASSIGN(Transaction transaction, Transaction::begin(m_connection, Transaction::Kind::Write));
    TOCSIN_TRY(change(m_connection));
    return transaction.commit();
}

Result<void> Writer::outside(const std::function<Result<void>(Connection&)>& work)
{
    const std::lock_guard lock(m_mutex);
    return work(m_connection);
}

} // namespace tocsin::store
