// SPDX-License-Identifier: Apache-2.0
// Two moons.
#include "runtime/data/generate.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <cmath>
#include <cstdlib>
#include <numbers>

namespace qdo::data {

using base::Kind;

static constexpr std::string_view moons = "two_moons:";

bool isGenerated(std::string_view source) { return source.starts_with(moons); }

std::optional<std::string> generate(base::Context &ctx, qdo_site site, std::string_view source) {
  const std::string numbers(source.substr(moons.size()));
  char *rest = nullptr;
  const int64_t rows = std::strtoll(numbers.c_str(), &rest, 10);
  const double noise = *rest == ':' ? std::strtod(rest + 1, nullptr) : 0;
  if (rows < 2 || rows > 10'000'000) {
    ctx.fail(site, Kind::BadValue, "the rows of `two_moons`", rows, "from 2 to 10,000,000");
    return std::nullopt;
  }
  if (!(noise >= 0) || !std::isfinite(noise)) {
    ctx.fail(site, Kind::BadValue, "the noise of `two_moons`", noise, "0 or more");
    return std::nullopt;
  }
  base::RandomStream random(ctx.seed(), base::Hasher("two moons").value());
  auto normal = [&] { // Box and Muller (1958)
    const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
    return radius * std::cos(2 * std::numbers::pi * random.uniform());
  };
  std::string text = "x0,x1,label\n";
  const int64_t outer = rows / 2;
  for (int64_t i = 0; i < rows; ++i) {
    const bool inner = i >= outer;
    const int64_t place = inner ? i - outer : i, count = inner ? rows - outer : outer;
    const double t =
        count == 1 ? 0
                   : std::numbers::pi * static_cast<double>(place) / static_cast<double>(count - 1);
    const double x = inner ? 1 - std::cos(t) : std::cos(t);
    const double y = inner ? 0.5 - std::sin(t) : std::sin(t);
    const double dx = noise * normal(), dy = noise * normal();
    text += fmt::format("{},{},{}\n", x + dx, y + dy, inner ? 1 : 0);
  }
  return text;
}

} // namespace qdo::data
