// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace tocsin::test {

/// The numbers of a dictionary as a store gives them: value i has number `numbers[i]` in the domain; a number's text is its digits.
/// text() is for one thread.
class NumberedDictionary final : public DictionaryNumbers {
public:
    NumberedDictionary(std::shared_ptr<const void> domain, std::vector<std::uint32_t> numbers) : m_domain(std::move(domain)), m_numbers(std::move(numbers)) {}
    std::shared_ptr<const void> domain() const override { return m_domain; }
    std::span<const std::uint32_t> numbers() const override { return m_numbers; }
    std::string_view text(std::uint32_t number) const override { return m_texts.emplace_back(std::to_string(number)); }

private:
    std::shared_ptr<const void> m_domain;
    std::vector<std::uint32_t> m_numbers;
    mutable std::deque<std::string> m_texts; ///< as long as the dictionary
};

} // namespace tocsin::test
