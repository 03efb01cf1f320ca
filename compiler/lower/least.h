// SPDX-License-Identifier: Apache-2.0
// The least that a program takes of something that purses pay: shots, or seconds of a device.
// Why it is a true bound: the same measurement is paid once, and of measurements whose data only
// the run knows (those with a `?`) just the dearest counts, for they may all be one.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>

namespace qdo::lower {

template <class Amount> class LeastOf {
public:
  /// Adds a measurement to a purse; returns the purse's least.
  Amount add(const std::string &purse, const std::string &what, Amount amount) {
    Amount &known = known_[purse + "|" + what];
    auto &[sum, dearest] = spent_[purse];
    if (amount > known) {
      if (what.find('?') == std::string::npos)
        sum = std::min(sum + amount - known, std::numeric_limits<Amount>::max() / 4);
      else
        dearest = std::max(dearest, amount);
      known = amount;
    }
    return std::max(sum, dearest);
  }
  [[nodiscard]] Amount of(const std::string &purse) const {
    auto found = spent_.find(purse);
    return found == spent_.end() ? Amount{} : std::max(found->second.first, found->second.second);
  }

private:
  std::map<std::string, std::pair<Amount, Amount>>
      spent_;                           ///< what is known, the dearest that is not
  std::map<std::string, Amount> known_; ///< by purse and measurement
};

} // namespace qdo::lower
