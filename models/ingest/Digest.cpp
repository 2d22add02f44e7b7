// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/Digest.h"

#include "ingest/Errors.h"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <vector>

namespace tocsin::ingest {

Result<std::string> digestOf(ByteSource& source, std::stop_token stop)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
        return fail(kDigestFailed, source.name(), "SHA-256 is not available");
    std::vector<std::byte> piece(1u << 20);
    for (std::uint64_t offset = 0; offset < source.size();) {
        if (stop.stop_requested())
            return fail(kCancelled);
        TOCSIN_TRY_ASSIGN(const std::size_t got, source.read(offset, piece));
        if (got == 0)
            break;
        if (EVP_DigestUpdate(context.get(), piece.data(), got) != 1)
            return fail(kDigestFailed, source.name(), "the computation failed");
        offset += got;
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_DigestFinal_ex(context.get(), bytes.data(), &size) != 1)
        return fail(kDigestFailed, source.name(), "the computation failed");
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += "0123456789abcdef"[bytes[i] >> 4];
        text += "0123456789abcdef"[bytes[i] & 15];
    }
    return text;
}

} // namespace tocsin::ingest
