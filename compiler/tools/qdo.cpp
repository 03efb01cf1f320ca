// SPDX-License-Identifier: Apache-2.0
// The command `qdo`; everything is in compiler/driver.
#include "compiler/driver/command_line.h"

int main(int argc, char **argv) { return qdo::driver::commandLine(argc, argv); }
