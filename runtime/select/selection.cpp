// SPDX-License-Identifier: Apache-2.0
// The rounds of a selection.
#include "runtime/select/selection.h"

#include "runtime/base/format.h"
#include "runtime/select/race.h"
#include "runtime/sim/backend.h"

#include <algorithm>
#include <cmath>

namespace qdo::select {

using base::Kind;

Selection::Selection(base::Context &ctx, std::string name, data::Dataset *pool)
    : Object(base::ObjectKind::Selection), name(std::move(name)), pool(pool),
      chosen(ctx.make<data::Dataset>(pool->source, std::vector<size_t>{}, this->name)) {}

std::string Selection::format(std::string_view spec) const {
  return base::formatText(spec, fmt::format("{}: {} rows of {} after {} round{}", name,
                                            chosen->rows.size(), pool->name, round,
                                            round == 1 ? "" : "s"));
}

namespace {

/// What has to be put back however the loop ends.
class Surroundings {
public:
  Surroundings(base::Context &ctx, Selection &selection)
      : policies_(ctx.part<estimate::Policies>()), prospects_(ctx.part<learn::Prospects>()),
        devices_(ctx.part<sim::Devices>()), depth_(policies_.depth()),
        deviceDepth_(devices_.depth()), outer_(std::move(prospects_)) {
    prospects_ = {};
    if (selection.policy)
      policies_.push(selection.policy);
  }
  ~Surroundings() {
    policies_.unwindTo(depth_);
    devices_.unwindTo(deviceDepth_);
    prospects_ = std::move(outer_);
  }
  Surroundings(const Surroundings &) = delete;
  Surroundings &operator=(const Surroundings &) = delete;

  void setProspects(std::vector<std::span<const double>> rows) {
    prospects_.rows = std::move(rows);
  }

private:
  estimate::Policies &policies_;
  learn::Prospects &prospects_;
  sim::Devices &devices_;
  size_t depth_, deviceDepth_;
  learn::Prospects outer_;
};

class Loop {
public:
  Loop(base::Context &ctx, qdo_site site, Selection &selection)
      : ctx_(ctx), site_(site), selection_(selection), surroundings_(ctx, selection) {}

  void run() {
    std::vector<size_t> first = startRows(ctx_, selection_);
    if (!ctx_.ok())
      return;
    candidates_.resize(selection_.pool->rows.size());
    for (size_t i = 0; i < candidates_.size(); ++i)
      candidates_[i] = i;
    take(first);
    learn();
    while (ctx_.ok() && !shouldStop() && ctx_.ok() && nextRound())
      ;
    acceptSpentBudget();
  }

private:
  /// Chooses positions of candidates_, in this order.
  void take(const std::vector<size_t> &positions) {
    std::vector<bool> gone(candidates_.size(), false);
    for (size_t position : positions) {
      selection_.chosen->rows.push_back(selection_.pool->rows[candidates_[position]]);
      gone[position] = true;
    }
    std::vector<size_t> left;
    for (size_t i = 0; i < candidates_.size(); ++i)
      if (!gone[i])
        left.push_back(candidates_[i]);
    candidates_ = std::move(left);
  }

  void learn() {
    surroundings_.setProspects({});
    if (!selection_.learn)
      return;
    void *model = selection_.learn.fn(&ctx_, selection_.learn.env);
    if (ctx_.ok() && model)
      selection_.model = base::as<learn::Model>(model);
  }

  bool shouldStop() {
    if (!selection_.stop)
      return false;
    int64_t reason = selection_.stop.fn(&ctx_, selection_.stop.env);
    if (!ctx_.ok() || reason <= 0)
      return false;
    const auto &reasons = selection_.reasons;
    selection_.stopped = static_cast<size_t>(reason) <= reasons.size()
                             ? reasons[static_cast<size_t>(reason) - 1]
                             : "stop";
    return true;
  }

  /// False when the loop is over.
  bool nextRound() {
    if (candidates_.empty()) {
      selection_.stopped = "pool is dry";
      return false;
    }
    ++selection_.round;
    std::vector<double> scores = scoreAll();
    if (!ctx_.ok())
      return false;
    take(best(scores, static_cast<size_t>(selection_.takeCount)));
    learn();
    if (ctx_.ok() && selection_.each)
      selection_.each.fn(&ctx_, selection_.each.env);
    return ctx_.ok();
  }

  /// Under `allocate race` candidates get shots look by look, and leave when it is decided whether
  /// they are taken; without it all of them get what the policy gives.
  std::vector<double> scoreAll() {
    std::vector<std::span<const double>> rows;
    const data::Dataset &pool = *selection_.pool;
    if (const data::Field *features = pool.source->features())
      for (size_t candidate : candidates_)
        rows.push_back(features->row(pool.rows[candidate]));
    surroundings_.setProspects(std::move(rows));

    Race race(candidates_.size(), static_cast<size_t>(selection_.takeCount));
    const estimate::Policy *policy = ctx_.part<estimate::Policies>().innermost();
    if (policy && policy->allocation == estimate::Allocation::Race)
      run(race, *policy);
    else
      for (size_t i = 0; i < candidates_.size() && ctx_.ok(); ++i)
        race.set(i, scoreOf(i), nullptr, 0);
    if (!ctx_.ok())
      return {};
    std::vector<double> scores = race.scores();
    const auto dropped = static_cast<size_t>(
        std::ranges::count_if(scores, [](double score) { return std::isnan(score); }));
    if (dropped == scores.size())
      ctx_.fail(site_, Kind::ScoreAllNan);
    else if (dropped > 0)
      ctx_.warn(site_, Kind::ScoreNanDropped, dropped);
    return scores;
  }

  double scoreOf(size_t position) {
    if (ctx_.stopHere(site_) || !selection_.score)
      return 0;
    data::Row *row = selection_.pool->row(ctx_, site_, static_cast<int64_t>(candidates_[position]));
    return selection_.score.fn(&ctx_, selection_.score.env, base::handle(row));
  }

  void run(Race &race, const estimate::Policy &policy) {
    const estimate::LookPlan plan(policy);
    auto &level = ctx_.part<estimate::RaceLevel>();
    auto &scored = ctx_.part<Scored>();
    // The claims about all candidates hold together.
    const double confidence =
        1 - (1 - policy.confidence) / static_cast<double>(std::max<size_t>(candidates_.size(), 1));
    for (int64_t look = plan.first(); look != 0 && ctx_.ok(); look = plan.next(look)) {
      level.cap = look;
      for (size_t i : race.undecided()) {
        scored.estimate = nullptr;
        const double score = scoreOf(i);
        if (!ctx_.ok())
          break;
        race.set(i, score, scored.estimate, confidence);
      }
      race.decide();
      if (race.undecided().empty())
        break;
      // Nothing will ever be decided about scores without error bars.
      if (!race.anyBars() && look < plan.last())
        look = std::max(look, plan.last() - 1);
    }
    level.cap = INT64_MAX;
  }

  /// A selection that ran out of shots or time has still chosen rows and learned: that is a normal
  /// end.
  void acceptSpentBudget() {
    if (ctx_.ok() || ctx_.failure()->kind != Kind::BudgetExhausted)
      return;
    if (selection_.learn && !selection_.model)
      return;
    ctx_.takeFailure();
    selection_.stopped = ctx_.part<estimate::Policies>().deadlinePassed() ? "deadline" : "budget";
  }

  base::Context &ctx_;
  qdo_site site_;
  Selection &selection_;
  Surroundings surroundings_;
  std::vector<size_t> candidates_; ///< positions in the pool, ascending
};

} // namespace

void Selection::run(base::Context &ctx, qdo_site site) {
  if (takeCount < 1) {
    ctx.fail(takeSite, Kind::BadValue, "the number of rows to take", takeCount, "1 or more");
    return;
  }
  chosen->rows.clear();
  model = nullptr;
  round = 0;
  stopped.clear();
  Loop(ctx, site, *this).run();
}

} // namespace qdo::select
