// SPDX-License-Identifier: Apache-2.0
// Questions to a classical shadow: `record.expect(observables, within: 0.1)`, `.fidelity(r)`,
// `.purity([0])`, `.entropy([0])`.
// Why methods and no functions: one observable gives an estimate, an array of them an array.
#include "compiler/sema/checker.h"

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

namespace {
/// What a shadow can be asked.
struct Question {
  std::string_view name, takes;
  bool within;              ///< takes `within:` too
  std::string_view unknown; ///< help for an argument that it does not take
  std::string_view tooMany;
};
constexpr Question questions[] = {
    {"expect", "observables", true,
     "it takes observables and how precisely: `.expect([Z[0]], within: 0.1)`",
     "ask for several observables in an array: `.expect([Z[0], X[0] * X[1]])`"},
    {"fidelity", "a state", true,
     "it takes a state's recipe and how precisely: `.fidelity(r, within: 0.1)`",
     "ask for one state after the other: `[record.fidelity(r) for r in states]`"},
    {"purity", "qubits", false, "it takes a list of qubits: `.purity([0, 1])`",
     "list the qubits: `.purity([0, 1])`"},
    {"entropy", "qubits", false, "it takes a list of qubits: `.entropy([0, 1])`",
     "list the qubits: `.entropy([0, 1])`"}};
} // namespace

TypeRef Checker::askShadow(const CallExpr &call, const MemberExpr &method) {
  const std::string &name = method.member.text;
  const auto *question = std::ranges::find(questions, name, &Question::name);
  if (question == std::end(questions)) {
    for (const Arg &arg : call.args)
      expr(*arg.value);
    auto &d = diagnostics.report(diag::Kind::UnknownMember, method.member.span, "shadow", name);
    d.help(
        "ask it for expectation values, `.expect([Z[0], X[0] * X[1]])`, or for a `.fidelity(r)`, "
        "a `.purity([0])`, an `.entropy([0])`");
    return simple(TypeKind::Error);
  }
  TypeRef asked;
  bool ok = true;
  for (const Arg &arg : call.args) {
    const bool isWithin = arg.name && arg.name->text == "within" && question->within;
    if (isWithin) {
      const TypeRef type = expr(*arg.value);
      const bool each = name == "expect" && type->is(TypeKind::Array) && type->sizes.size() == 1;
      ok &= expectType(each ? arrayOf(simple(TypeKind::Real), {Size::unknown()})
                            : simple(TypeKind::Real),
                       type, arg.value->span, "`within` of `" + name + "`");
    } else if (arg.name) {
      expr(*arg.value);
      diagnostics.report(diag::Kind::UnknownArgument, arg.name->span, name, arg.name->text)
          .help(std::string(question->unknown));
      ok = false;
    } else if (asked) {
      expr(*arg.value);
      diagnostics.report(diag::Kind::TooManyArguments, arg.value->span, name, "1 argument")
          .help(std::string(question->tooMany));
      ok = false;
    } else if (name == "fidelity") {
      asked = recipe(*arg.value, "what a shadow is compared with");
    } else {
      asked = expr(*arg.value);
      const bool many = asked->is(TypeKind::Array) && asked->sizes.size() == 1;
      const TypeRef element = simple(name == "expect" ? TypeKind::Observable : TypeKind::Int);
      ok &= expectType(many || name != "expect" ? arrayOf(element, {Size::unknown()}) : element,
                       asked, arg.value->span, "what a shadow is asked for");
    }
  }
  if (!asked) {
    diagnostics.report(diag::Kind::MissingArgument, call.span, name, std::string(question->takes));
    return simple(TypeKind::Error);
  }
  if (!ok || asked->isError())
    return simple(TypeKind::Error);
  const TypeRef estimate = simple(TypeKind::Estimate);
  return name == "expect" && asked->is(TypeKind::Array) ? arrayOf(estimate, asked->sizes)
                                                        : estimate;
}

} // namespace qdo::sema
