// SPDX-License-Identifier: Apache-2.0
// The command line as a whole: the list of commands, and what is said when it makes no sense.
#include "compiler/driver/command_line.h"

#include "compiler/driver/commands/command.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace qdo::driver {

int commandLine(int argc, char **argv) {
  CLI::App app{"qdo: the data layer of quantum machine learning"};
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", "print this and exit");
  Commands commands(app);
  for (auto add : {addRun, addBuild, addCheck, addEmit, addTest, addCost, addFormat, addDoc, addNew,
                   addExplain, addVersion})
    add(commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0) // --help
      return app.exit(error);
    const auto chosen = app.get_subcommands();
    if (chosen.empty() && argc > 1 && argv[1][0] != '-')
      return usage(
          fmt::format("there is no command `{}`\nrun `qdo --help` for what can be said", argv[1]));
    return usage(fmt::format("{}\nrun `qdo{} --help` for what can be said", error.what(),
                             chosen.empty() ? "" : " " + chosen[0]->get_name()));
  }
  try {
    return commands.run();
  } catch (const std::exception &error) {
    say(fmt::format("qdo made a mistake: {}\nplease report it with the program that shows it\n",
                    error.what()));
    return Internal;
  }
}

} // namespace qdo::driver
