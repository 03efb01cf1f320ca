// SPDX-License-Identifier: Apache-2.0
// Questions to a classical shadow: `record.expect(observables, within: 0.1)`.
// Why a method and no function: one observable gives an estimate, an array of them an array.
#include "compiler/sema/checker.h"

namespace qdo::sema {

using namespace syntax;

TypeRef Checker::askShadow(const CallExpr &call, const MemberExpr &method) {
  const std::string &name = method.member.text;
  std::vector<std::pair<const Arg *, TypeRef>> given;
  for (const Arg &arg : call.args)
    given.emplace_back(&arg, expr(*arg.value));
  if (name != "expect") {
    auto &d = diagnostics.report(diag::Kind::UnknownMember, method.member.span, "shadow", name);
    d.help("ask it for expectation values: `.expect([Z[0], X[0] * X[1]])`");
    return simple(TypeKind::Error);
  }
  TypeRef asked;
  bool ok = true;
  for (const auto &[arg, type] : given) {
    if (arg->name && arg->name->text == "within") {
      const bool each = type->is(TypeKind::Array) && type->sizes.size() == 1;
      ok &= expectType(each ? arrayOf(simple(TypeKind::Real), {Size::unknown()})
                            : simple(TypeKind::Real),
                       type, arg->value->span, "`within` of `expect`");
    } else if (arg->name) {
      diagnostics.report(diag::Kind::UnknownArgument, arg->name->span, name, arg->name->text)
          .help("it takes observables and how precisely: `.expect([Z[0]], within: 0.1)`");
      ok = false;
    } else if (asked) {
      diagnostics.report(diag::Kind::TooManyArguments, arg->value->span, name, "1 argument")
          .help("ask for several observables in an array: `.expect([Z[0], X[0] * X[1]])`");
      ok = false;
    } else {
      asked = type;
      const bool many = type->is(TypeKind::Array) && type->sizes.size() == 1;
      ok &= expectType(many ? arrayOf(simple(TypeKind::Observable), {Size::unknown()})
                            : simple(TypeKind::Observable),
                       type, arg->value->span, "what a shadow is asked for");
    }
  }
  if (!asked) {
    diagnostics.report(diag::Kind::MissingArgument, call.span, name, "observables");
    return simple(TypeKind::Error);
  }
  if (!ok || asked->isError())
    return simple(TypeKind::Error);
  const TypeRef estimate = simple(TypeKind::Estimate);
  return asked->is(TypeKind::Array) ? arrayOf(estimate, asked->sizes) : estimate;
}

} // namespace qdo::sema
