// SPDX-License-Identifier: Apache-2.0
// The files of a new project. Why here and not in a folder of files: the binary is all people need.
#pragma once

#include <string>
#include <vector>

namespace qdo::driver {

struct ProjectFile {
  std::string path; ///< in the project's folder
  std::string text;
};

std::vector<ProjectFile> projectTemplate(const std::string &name);

} // namespace qdo::driver
