// SPDX-License-Identifier: Apache-2.0
// Elaboration: a checked program, parameter values and data headers in; a module in the dialects
// qdo and qc out. Why here: this is the only folder that sees both the tree and the IR. Must not:
// run anything, or read files other than through DataReader.
#pragma once

#include "compiler/lower/spending.h"
#include "compiler/lower/value.h"
#include "compiler/sema/program.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <functional>
#include <set>

namespace qdo::lower {

/// A dataset statement as data: what the reader needs, with places for its errors.
struct DatasetRequest {
  struct Field {
    std::string name;
    std::vector<std::string> columns; ///< one for a single column
    bool single = false;
    bool others = false;
    std::optional<std::pair<int64_t, int64_t>> range;
    std::optional<std::pair<double, double>> scaled;
    base::Span span;
  };
  struct Part {
    std::string name;
    double fraction = 0;
  };
  std::string name;
  std::string path; ///< as it is opened; of generated data `two_moons:ROWS:NOISE`
  bool generated = false;
  base::Span span;
  base::Span pathSpan;
  std::vector<Field> fields;
  std::vector<Part> parts;
  bool stratified = false;
  std::optional<std::string> splitBy;
  base::Span splitSpan;
};

/// Reads what elaboration needs; reports problems itself. Not known: a missing file that is only a
/// warning.
using DataReader = std::function<DataShape(const DatasetRequest &)>;

/// What a host hands over for a parameter, or gets.
struct ExportSlot {
  enum class Kind : uint8_t { Int, Real, Bool, Array };
  std::string name;
  Kind kind = Kind::Real;
  int64_t rows = 0, columns = 0; ///< of an array; 0 columns: one dimension
};

/// An encoding, kernel or function of the program that others may call.
struct Export {
  enum class Form : uint8_t {
    Rows, ///< a circuit with a place for a row: an encoding or the fidelities of one
    Code  ///< a function of its own
  };
  std::string name, doc;
  const char *what = ""; ///< encoding, kernel or function
  base::Span span;
  std::string problem; ///< why it is not exported; empty when it is
  Form form = Form::Rows;

  std::string circuit; ///< symbol of the qc.circuit
  int64_t qubits = 0, width = 0;
  std::vector<double> data; ///< the circuit's numbers, with zeros where a row goes
  int64_t hole = 0;         ///< where

  std::string exactSymbol, shotsSymbol; ///< functions; the second, of what measures, takes shots
  std::vector<ExportSlot> parameters;
  ExportSlot result;
  bool hasResult = false;
  bool estimate = false; ///< the result is a value and the two ends of its interval
};

struct Options {
  std::map<std::string, std::string> params; ///< values from the command line, as text
  /// Parameters that get their values when the program starts, not now. What needs such a value
  /// now is an error.
  std::set<std::string> openParams;
  /// When given, filled with the values of the others, as they would be given.
  std::map<std::string, std::string> *fixedParams = nullptr;
  /// When given, filled with what the program offers to others; their circuits and code are made.
  std::vector<Export> *exports = nullptr;
  /// Functions and kernels that cannot be compiled by themselves, and why: by name.
  std::map<std::string, std::string> *unexportable = nullptr;
  std::string directory; ///< of the program's file: paths are relative to it
  DataReader readData;
  /// Instead of the program: one `test` block, and before it the declarations that it needs.
  const syntax::TestStmt *test = nullptr;
  /// When given, filled with what is known of the program's shots.
  Spending *spending = nullptr;
};

/// Null after errors.
mlir::OwningOpRef<mlir::ModuleOp> lower(const sema::Program &program,
                                        const base::SourceMap &sources, const Options &options,
                                        mlir::MLIRContext &context, diag::Engine &diagnostics);

/// Loads the dialects that `lower` builds.
void loadDialects(mlir::MLIRContext &context);

/// Whether an entry point of the runtime trains a model on a kernel and rows.
inline bool isTraining(std::string_view entry) {
  return entry == "svm_train" || entry == "gp_train";
}

/// The place in the program that `lower` attached to an op.
std::optional<base::Span> spanOf(mlir::Location location, const base::SourceMap &sources);

} // namespace qdo::lower
