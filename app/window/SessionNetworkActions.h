// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/Async.h"
#include "items/NetworkActions.h"
#include "session/Session.h"

namespace tocsin::app {

/// Answers the network tools from the workspace's inventory, off the window's thread.
class SessionNetworkActions final : public items::NetworkActions {
public:
    explicit SessionNetworkActions(session::Session& session) : m_session(session) {}

    void loadTopology(std::function<void(Result<std::shared_ptr<const items::TopologyGraph>>)> done) override;
    void loadMachines(std::function<void(Result<QList<items::NetworkMachine>>)> done) override;
    std::function<void()> checkConnectivity(const items::ConnectivityRequest& request, std::function<void(Result<items::ConnectivityResult>)> done) override;

private:
    session::Session& m_session;
    items::Mailbox m_mailbox;
};

} // namespace tocsin::app
