// SPDX-License-Identifier: Apache-2.0
// The command `qdo`: arguments in, exit status out.
// Exit status: 0 ok, 1 errors in the program, 2 usage, 3 data, 4 run-time failure, 5 the budget
// ended a run that needed more, 70 a mistake inside qdo, 130 interrupted.
#pragma once

namespace qdo::driver {

int commandLine(int argc, char **argv);

} // namespace qdo::driver
