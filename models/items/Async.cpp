// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/Async.h"

#include <QMetaObject>

namespace tocsin::items {

Mailbox::Mailbox(QObject* parent) : QObject(parent), m_address(std::make_shared<Address>()) { m_address->m_box = this; }

Mailbox::~Mailbox()
{
    const std::lock_guard lock(m_address->m_mutex);
    m_address->m_box = nullptr;
}

void Mailbox::Address::post(std::function<void()> function) const
{
    const std::lock_guard lock(m_mutex);
    // Posted events of a deleted object are dropped by Qt, so the function never runs after the mailbox's end.
    if (m_box)
        QMetaObject::invokeMethod(m_box, std::move(function), Qt::QueuedConnection);
}

} // namespace tocsin::items
