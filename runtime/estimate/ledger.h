// SPDX-License-Identifier: Apache-2.0
// What a run has measured so far, by place of the program: what reports are made of.
// Why numbers and not estimates: code that runs often gives its estimates back.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/estimate/policy.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace qdo::estimate {

class Ledger {
public:
  struct Entry {
    qdo_site site;
    std::string what; ///< "fidelity", "expectation value"
    double value, standardError, low, high, confidence;
    int64_t shots;
    bool approximate = false; ///< the confidence holds about and on average
    bool operator==(const Entry &) const = default;
  };
  static constexpr int64_t mostOfOnePlace = 50; ///< a loop is shown by its first turns

  void note(qdo_site site, std::string what, const Estimate &e) {
    Place &place = places_[site];
    Entry entry{site,   std::move(what),    e.value, e.standardError, e.low,
                e.high, e.claim.confidence, e.shots, e.approximate()};
    for (size_t known : place.entries)
      if (entries_[known] == entry)
        return; // asked for again
    ++place.count;
    if (place.count > mostOfOnePlace)
      return;
    place.entries.push_back(entries_.size());
    entries_.push_back(std::move(entry));
  }

  /// A policy that something was measured under. Policies live as long as the run.
  void note(const Policy &policy) {
    for (const Policy *known : policies_)
      if (known == &policy || (known->name == policy.name && known->budget == policy.budget))
        return;
    policies_.push_back(&policy);
  }
  const std::vector<const Policy *> &policies() const { return policies_; }

  /// In the order in which they were measured.
  const std::vector<Entry> &entries() const { return entries_; }
  /// Estimates of a place that are not listed; repeats of those may count again.
  int64_t leftOut(qdo_site site) const {
    auto place = places_.find(site);
    return place == places_.end() ? 0 : std::max<int64_t>(0, place->second.count - mostOfOnePlace);
  }

private:
  struct Place {
    int64_t count = 0;
    std::vector<size_t> entries;
  };
  std::vector<Entry> entries_;
  std::vector<const Policy *> policies_;
  std::map<qdo_site, Place> places_;
};

} // namespace qdo::estimate
