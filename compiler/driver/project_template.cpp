// SPDX-License-Identifier: Apache-2.0
// A first project: points of two kinds, a kernel that is measured, and tests of what must hold.
// tests/e2e runs, tests and formats it as it is.
#include "compiler/driver/project_template.h"

#include <fmt/format.h>

namespace qdo::driver {

namespace {

constexpr const char *Program =
    R"qdo(// {0}: which of two kinds a point is, decided by a kernel that is measured.
use std.encodings.zz

param C: real = 1.0    /// weight of mistakes in training

dataset points = csv("data/points.csv") {{
    x: [height, weight]
    y: kind
    split train 60%, test 40% stratified
}}

policy thrifty {{
    budget     2_000_000 shots    // a hard cap: nothing exceeds it
    each       64 to 1024 shots   // per circuit
    until      halfwidth <= 0.05
    confidence 95%
}}

kernel similar(a: real[2], b: real[2]) via zz(_, reps: 1) = |<a|b>|^2

with thrifty {{
    let model = svm(similar, points.train, C: C)
    print "test accuracy {{accuracy(model, points.test):.2f}} for {{spent.shots}} shots"
}}

test "a point is like itself" {{
    with exact {{ assert similar([0.3, 0.7], [0.3, 0.7]) > 0.999 }}
}}

test "likeness has no direction" {{
    with exact {{
        let there = similar([0.1, 0.9], [1.2, 0.4])
        let back = similar([1.2, 0.4], [0.1, 0.9])
        assert abs(there - back) < 0.000001
    }}
}}

test "the two kinds can be told apart" {{
    with exact {{
        let model = svm(similar, points.train, C: C)
        assert accuracy(model, points.test) >= 0.9
    }}
}}
)qdo";

constexpr const char *Data = R"csv(height,weight,kind
0.12,0.31,small
0.25,0.22,small
0.18,0.44,small
0.33,0.19,small
0.41,0.35,small
0.08,0.14,small
0.29,0.40,small
0.37,0.11,small
0.15,0.26,small
0.22,0.38,small
0.91,0.83,large
0.78,0.95,large
0.86,0.72,large
0.97,0.88,large
0.74,0.79,large
0.82,0.99,large
0.93,0.69,large
0.71,0.91,large
0.88,0.77,large
0.79,0.85,large
)csv";

constexpr const char *Readme = R"md(# {0}

`main.qdo` learns which of two kinds a point of `data/points.csv` is, from a kernel whose every
entry is measured with as many shots as the policy allows.

```sh
qdo run main.qdo           # --help lists its parameters, --seed 7 gives another run
qdo test main.qdo          # the `test` blocks at its end
qdo cost main.qdo          # what it will take, without running it
qdo fmt main.qdo           # the house style
```
)md";

} // namespace

std::vector<ProjectFile> projectTemplate(const std::string &name) {
  return {{"main.qdo", fmt::format(fmt::runtime(Program), name)},
          {"data/points.csv", Data},
          {"README.md", fmt::format(fmt::runtime(Readme), name)}};
}

} // namespace qdo::driver
