// SPDX-License-Identifier: Apache-2.0
// What the host of a run says of the program: its name, and where its sites stand.
#pragma once

#include "qdo/runtime/keeping.h"

#include <string>

namespace qdo::base {

/// One a run (Context::part); empty when the host says nothing.
class Host {
public:
  struct Place {
    std::string at, text;
  };
  void set(const qdo_host &host) {
    program_ = host.program ? host.program : "";
    host_ = host;
  }
  const std::string &program() const { return program_; }
  Place placeOf(qdo_site site) const {
    if (!host_.place)
      return {};
    const qdo_place place = host_.place(host_.user, site);
    return {place.at ? place.at : "", place.text ? place.text : ""};
  }

private:
  std::string program_;
  qdo_host host_{};
};

} // namespace qdo::base
