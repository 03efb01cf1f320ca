// SPDX-License-Identifier: Apache-2.0
// The shape of the tree: one small text for each construct.
#include "parsed.h"

namespace qdo::syntax::test {
namespace {

std::string shapeOf(const std::string &text) {
  Parsed parsed(text);
  EXPECT_EQ(parsed.rendered(), "") << text;
  return parsed.shape();
}

/// The shape of one expression, without the statement around it.
std::string exprShape(const std::string &text) {
  std::string shape = shapeOf("let x_ = " + text + "\n");
  return shape.substr(shape.find("value: ") + 7);
}

TEST(Tree, Numbers) {
  EXPECT_EQ(exprShape("1_000_000"), "Int 1000000\n");
  EXPECT_EQ(exprShape("1e-12"), "Real 1e-12\n");
  EXPECT_EQ(exprShape("95%"), "Percent 0.95\n");
  EXPECT_EQ(exprShape("0.8i"), "Imaginary 0.8i\n");
  EXPECT_EQ(exprShape("25ns"), "Duration 2.5e-08s\n");
  EXPECT_EQ(exprShape("1.5us"), "Duration 1.5e-06s\n");
  EXPECT_EQ(exprShape("3ms"), "Duration 0.003s\n");
  EXPECT_EQ(exprShape("2s"), "Duration 2s\n");
  EXPECT_EQ(exprShape("10min"), "Duration 600s\n");
  EXPECT_EQ(exprShape("2h"), "Duration 7200s\n");
}

TEST(Tree, OperatorsByLevel) {
  EXPECT_EQ(exprShape("1 + 2 * -a ^ 2"),
            "Binary +\n    Int 1\n    Binary *\n      Int 2\n      Unary -\n"
            "        Binary ^\n          Name a\n          Int 2\n");
  EXPECT_EQ(exprShape("a - b - c"),
            "Binary -\n    Binary -\n      Name a\n      Name b\n    Name c\n");
  EXPECT_EQ(exprShape("2 ^ 3 ^ 4"),
            "Binary ^\n    Int 2\n    Binary ^\n      Int 3\n      Int 4\n");
  EXPECT_EQ(
      exprShape("not a and b or c"),
      "Binary or\n    Binary and\n      Unary not\n        Name a\n      Name b\n    Name c\n");
  EXPECT_EQ(exprShape("p then adj r tensor s"), "Binary then\n    Name p\n    Binary tensor\n"
                                                "      Unary adj\n        Name r\n      Name s\n");
  EXPECT_EQ(exprShape("i+1..n"),
            "Binary ..\n    Binary +\n      Name i\n      Int 1\n    Name n\n");
  EXPECT_EQ(exprShape("0us to 200us step 10us"),
            "Interval\n    low: Duration 0s\n"
            "    high: Duration 0.0002s\n    step: Duration 1e-05s\n");
}

TEST(Tree, LooseOperatorsHoldTightOnes) {
  EXPECT_EQ(
      exprShape("a then b tensor c..d + e then f"),
      "Binary then\n    Binary then\n      Name a\n      Binary tensor\n        Name b\n        "
      "Binary ..\n"
      "          Name c\n          Binary +\n            Name d\n            Name e\n    Name f\n");
  EXPECT_EQ(exprShape("a or b and c or d"),
            "Binary or\n    Binary or\n      Name a\n      Binary and\n"
            "        Name b\n        Name c\n    Name d\n");
}

TEST(Tree, Comparisons) {
  EXPECT_EQ(exprShape("e > 0.5 at 95%"),
            "Compare >\n    Name e\n    Real 0.5\n    at: Percent 0.95\n");
  EXPECT_EQ(exprShape("x == 1 within 1e-12"),
            "Compare ==\n    Name x\n    Int 1\n    within: Real 1e-12\n");
  EXPECT_EQ(exprShape("<p|q>==1"),
            "Compare ==\n    Overlap\n      bra: Name p\n      ket: Name q\n    Int 1\n");
  EXPECT_EQ(exprShape("v in -1 to 1"), "Compare in\n    Name v\n    Interval\n      low: Unary -\n"
                                       "        Int 1\n      high: Int 1\n");
}

TEST(Tree, BraKets) {
  EXPECT_EQ(exprShape("<Z[0]>"), "BraExpect\n    Index\n      base: Name Z\n      at: Int 0\n");
  EXPECT_EQ(exprShape("<p|H|q>"),
            "MatrixElement\n    bra: Name p\n    observable: Name H\n    ket: Name q\n");
  EXPECT_EQ(exprShape("|<p|q>|^2"),
            "Binary ^\n    AbsOverlap\n      bra: Name p\n      ket: Name q\n    Int 2\n");
}

TEST(Tree, Brackets) {
  EXPECT_EQ(exprShape("()"), "Tuple\n");
  EXPECT_EQ(exprShape("(a)"), "Paren\n    Name a\n");
  EXPECT_EQ(exprShape("(a,)"), "Tuple\n    arg: Name a\n");
  EXPECT_EQ(exprShape("(label: 1, b)"), "Tuple\n    arg label: Int 1\n    arg: Name b\n");
  EXPECT_EQ(exprShape("[]"), "Array\n");
  EXPECT_EQ(exprShape("[a, b,]"), "Array\n    Name a\n    Name b\n");
  EXPECT_EQ(exprShape("[f(x) for x in xs, (a, b) in ys if a]"),
            "Comprehension\n    element: Call\n      callee: Name f\n      arg: Name x\n    for x: "
            "Name xs\n"
            "    for (a, b): Name ys\n    if: Name a\n");
  EXPECT_EQ(exprShape("zz(_, reps: 1)[0, 1].x"),
            "Member x\n    Index\n      base: Call\n        callee: Name zz\n        arg: Name _\n"
            "        arg reps: Int 1\n      at: Int 0\n      at: Int 1\n");
}

TEST(Tree, Lambdas) {
  EXPECT_EQ(exprShape("w -> loss(w)"),
            "Lambda w\n    body: Call\n      callee: Name loss\n      arg: Name w\n");
  EXPECT_EQ(exprShape("(a, b) -> a"), "Lambda a b\n    body: Name a\n");
  EXPECT_EQ(exprShape("() -> { 1 }"), "Lambda\n    block: Block\n      Expr\n        Int 1\n");
}

TEST(Tree, IfAndElseIf) {
  EXPECT_EQ(
      shapeOf("if a { x } else if b { y } else { z }\n"),
      "Expr\n  If\n    condition: Name a\n    then: Block\n      Expr\n        Name x\n    else: "
      "Block\n"
      "      Expr\n        If\n          condition: Name b\n          then: Block\n            "
      "Expr\n"
      "              Name y\n          else: Block\n            Expr\n              Name z\n");
  Parsed parsed("if a { x }\nelse if b { y }\n");
  const auto &choice = as<IfExpr>(*as<ExprStmt>(*parsed.ast.stmts.at(0)).value);
  EXPECT_TRUE(choice.elseIsIf);
}

TEST(Tree, Strings) {
  EXPECT_EQ(exprShape("\"a\\n{{b}} \\{c\\} \\\"\""), "String \"a\\n{b} {c} \\\"\"\n");
  EXPECT_EQ(
      exprShape("\"{x:>8.3f}|{f(\"in\")}\""),
      "String\n    value \">8.3f\": Name x\n    text \"|\"\n    value: Call\n      callee: Name f\n"
      "      arg: String \"in\"\n");
  EXPECT_EQ(exprShape("\"\""), "String \"\"\n");
}

TEST(Tree, Gates) {
  EXPECT_EQ(shapeOf("h q\n"), "Gate\n  gate: Name h\n  Name q\n");
  EXPECT_EQ(shapeOf("cx q[i - 1], r.a[0]\n"),
            "Gate\n  gate: Name cx\n  Index\n    base: Name q\n    at: Binary -\n      Name i\n    "
            "  Int 1\n"
            "  Index\n    base: Member a\n      Name r\n    at: Int 0\n");
  EXPECT_EQ(shapeOf("ctrl(2) x a, b, c\n"),
            "Gate\n  gate: Ctrl\n    count: Int 2\n    Name x\n  Name a\n  Name b\n  Name c\n");
  EXPECT_EQ(shapeOf("adj state(t) ^3 b\n"),
            "Gate\n  gate: Unary adj\n    Binary ^\n      Call\n        callee: Name state\n"
            "        arg: Name t\n      Int 3\n  Name b\n");
}

TEST(Tree, SimpleStatements) {
  EXPECT_EQ(shapeOf("let (a, b): (qubit, qubit) = bell()\n"),
            "Let (a, b)\n  type: Type (...)\n    field: Type qubit\n    field: Type qubit\n"
            "  value: Call\n    callee: Name bell\n");
  EXPECT_EQ(shapeOf("w -= rate * g\n"),
            "Assign -=\n  target: Name w\n  value: Binary *\n    Name rate\n    Name g\n");
  EXPECT_EQ(shapeOf("print\nprint a, b; return\n"), "Print\nPrint\n  Name a\n  Name b\nReturn\n");
  EXPECT_EQ(shapeOf("assert a, \"why\"\ndiscard q\nbreak; continue\n"),
            "Assert\n  condition: Name a\n  message: String \"why\"\nDiscard\n  Name "
            "q\nBreak\nContinue\n");
  EXPECT_EQ(shapeOf("for i in 0..n, (a, b) in xs { }\nwhile measure f { }\nrepeat 3 { }\nwith p, "
                    "shots(5) { }\n"),
            "For\n  for i: Binary ..\n    Int 0\n    Name n\n  for (a, b): Name xs\n  body: "
            "Block\nWhile\n"
            "  condition: Unary measure\n    Name f\n  body: Block\nRepeat\n  count: Int 3\n  "
            "body: Block\nWith\n"
            "  Name p\n  Call\n    callee: Name shots\n    arg: Int 5\n  body: Block\n");
  EXPECT_EQ(shapeOf("save k as \"x\"\nsave (k) as \"y\"\nsave(k)\ntest \"t\" { }\n"),
            "Save\n  value: Name k\n  label: String \"x\"\nSave\n  value: Paren\n    Name k\n  "
            "label: String \"y\"\n"
            "Expr\n  Call\n    callee: Name save\n    arg: Name k\nTest\n  name: String \"t\"\n  "
            "body: Block\n");
}

TEST(Tree, Declarations) {
  EXPECT_EQ(shapeOf("use std.encodings.zz as f\nuse std.select.{a, b}\n"),
            "Use std.encodings.zz as f\nUse std.select.{a, b}\n");
  EXPECT_EQ(
      shapeOf("fn f(x: real[2^n] = 1, g: (real) -> real) on q: qubit[n] -> real[?, 3] = x\n"),
      "Fn f\n  param: x\n    type: Type real\n      size: Binary ^\n        Int 2\n        Name n\n"
      "    default: Int 1\n  param: g\n    type: Type (...)\n      field: Type real\n      result: "
      "Type real\n"
      "  on: q\n    type: Type qubit\n      size: Name n\n  result: Type real\n    size: ?\n    "
      "size: Int 3\n"
      "  value: Name x\n");
  EXPECT_EQ(shapeOf("kernel k(a: real) via zz(_) = 1\nobservable H = Z[0]\ndevice d = sv()\n"),
            "Kernel k\n  param: a\n    type: Type real\n  via: Call\n    callee: Name zz\n    arg: "
            "Name _\n"
            "  body: Int 1\nObservable H\n  value: Index\n    base: Name Z\n    at: Int 0\nDevice "
            "d\n  value: Call\n"
            "    callee: Name sv\n");
  EXPECT_EQ(
      shapeOf(
          "encoding e(x: real) on q: qubit { rx(x) q }\nunitary u(t: real) on q: qubit = [[t]]\n"),
      "Encoding e\n  param: x\n    type: Type real\n  on: q\n    type: Type qubit\n  body: Block\n "
      "   Gate\n"
      "      gate: Call\n        callee: Name rx\n        arg: Name x\n      Name q\nUnitary u\n  "
      "param: t\n"
      "    type: Type real\n  on: q\n    type: Type qubit\n  matrix: Array\n    Array\n      Name "
      "t\n");
  EXPECT_EQ(
      shapeOf("phantom f(a: real) = -|e(a)> + 0.8i * |e(1)> subject to {\n  <Z[0]> >= 0.1\n}\n"),
      "Phantom f\n  param: a\n    type: Type real\n  Ket -\n    state: Call\n      callee: Name e\n"
      "      arg: Name a\n  Ket\n    factor: Imaginary 0.8i\n    state: Call\n      callee: Name "
      "e\n"
      "      arg: Int 1\n  constraint: Compare >=\n    BraExpect\n      Index\n        base: Name "
      "Z\n"
      "        at: Int 0\n    Real 0.1\n");
}

TEST(Tree, DatasetsAndTheirParts) {
  EXPECT_EQ(
      shapeOf("dataset d = csv(\"a\") { x: [a, b] scaled 0 to 1; split train 60%, test 40% "
              "stratified }\n"),
      "Dataset d\n  source: Call\n    callee: Name csv\n    arg: String \"a\"\n  field: x\n    "
      "value: Array\n"
      "      Name a\n      Name b\n    scaled: Interval\n      low: Int 0\n      high: Int 1\n"
      "  split: train 0.6, test 0.4 stratified\n");
  EXPECT_NE(shapeOf("dataset d = csv(\"a\") { split by part }\n").find("split: by part\n"),
            std::string::npos);
  EXPECT_NE(
      shapeOf("dataset d = csv(\"a\") { split by \"the part\" }\n").find("split: by the part\n"),
      std::string::npos);
  EXPECT_NE(shapeOf("dataset d = csv(\"a\") { split by 50%, rest 50% }\n")
                .find("split: by 0.5, rest 0.5\n"),
            std::string::npos);
}

TEST(Tree, Clauses) {
  EXPECT_EQ(
      shapeOf(
          "policy p(n: int) from q { budget n shots; each 64 to 2048 shots; until low > 0.5 }\n"),
      "Policy p\n  param: n\n    type: Type int\n  from: Name q\n  clause: budget\n    shots: Name "
      "n\n"
      "  clause: each\n    shots: Interval\n      low: Int 64\n      high: Int 2048\n  clause: "
      "until\n"
      "    Compare >\n      Name low\n      Real 0.5\n");
  EXPECT_EQ(
      shapeOf(
          "select s from d { learn m = svm(k); stop when a; each round { print 1 }; with t }\n"),
      "Select s\n  pool: Name d\n  clause: learn m =\n    Call\n      callee: Name svm\n      arg: "
      "Name k\n"
      "  clause: stop when\n    Name a\n  clause: each round\n    block: Block\n      Print\n      "
      "  Int 1\n"
      "  clause: with\n    Name t\n");
  EXPECT_EQ(shapeOf("noise l { t1 50us; depolarizing 0.01 on [cx] }\nobserve z { each 10min }\n"),
            "Noise l\n  clause: t1\n    Duration 5e-05s\n  clause: depolarizing\n    Real 0.01\n   "
            " on: Array\n"
            "      Name cx\nObserve z\n  clause: each\n    Duration 600s\n");
}

TEST(Tree, WordsAreNamesWhereTheyDeclareNothing) {
  EXPECT_EQ(exprShape("f(noise: lab, for: 2, if: 1).let"),
            "Member let\n    Call\n      callee: Name f\n      arg noise: Name lab\n      arg for: "
            "Int 2\n"
            "      arg if: Int 1\n");
  EXPECT_EQ(
      shapeOf("let kernel = 1\nkernel = 2\nkernel(3)\nlet to = at + step\n"),
      "Let kernel\n  value: Int 1\nAssign =\n  target: Name kernel\n  value: Int 2\nExpr\n  Call\n"
      "    callee: Name kernel\n    arg: Int 3\nLet to\n  value: Binary +\n    Name at\n    Name "
      "step\n");
}

TEST(Tree, NewlinesEndStatementsOnlyWhereTheyCan) {
  EXPECT_EQ(shapeOf("let p = a\n  then b\n  .c\nlet q = [1,\n  2]\nlet r = 1 +\n  2\n"),
            "Let p\n  value: Binary then\n    Name a\n    Member c\n      Name b\nLet q\n  value: "
            "Array\n    Int 1\n"
            "    Int 2\nLet r\n  value: Binary +\n    Int 1\n    Int 2\n");
  EXPECT_EQ(shapeOf("b\n- c\n"), "Expr\n  Name b\nExpr\n  Unary -\n    Name c\n");
}

TEST(Tree, IdsAreDense) {
  Parsed parsed("fn f(x: int) { for (i, j) in xs { print i } }\npolicy p { each 1 shots }\n");
  EXPECT_EQ(parsed.rendered(), "");
  EXPECT_GT(parsed.ast.nodeCount, 8u);
  for (const StmtPtr &stmt : parsed.ast.stmts)
    EXPECT_LT(static_cast<uint32_t>(stmt->id), parsed.ast.nodeCount);
}

} // namespace
} // namespace qdo::syntax::test
