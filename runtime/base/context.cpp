// SPDX-License-Identifier: Apache-2.0
// The life of a run: failing, stopping, objects, output.
#include "runtime/base/context.h"

#include "runtime/base/hash.h"

#include <algorithm>
#include <cstdio>

namespace qdo::base {

static void writeToStdout(void *, const char *bytes, size_t count) {
  std::fwrite(bytes, 1, count, stdout);
}

Context::Context(const qdo_options &options)
    : qdo_ctx{0}, seed_(options.seed), exact_(options.exact != 0),
      write_(options.write ? options.write : writeToStdout), writeUser_(options.write_user),
      warn_(options.warn), warnUser_(options.warn_user), pool_(options.threads) {}

Context::~Context() {
  // Newest first: later objects may point into earlier ones.
  while (!objects_.empty())
    objects_.pop_back();
}

Failure &Context::record(Failure failure) {
  if (failure_) {
    forgotten_ = std::move(failure);
    return forgotten_;
  }
  failure_ = std::move(failure);
  // 0 is well, so kinds count from 1 here.
  status = static_cast<int32_t>(failure_->kind) + 1;
  return *failure_;
}

static qdo_failure viewOf(const Failure &failure) {
  return {info(failure.kind).name, failure.site,         failure.message.c_str(),
          failure.place.c_str(),   failure.note.c_str(), failure.help.c_str()};
}

void Context::tell(const Failure &warning) const {
  if (!warn_)
    return;
  qdo_failure view = viewOf(warning);
  warn_(warnUser_, &view);
}

std::optional<Failure> Context::takeFailure() {
  std::optional<Failure> taken;
  taken.swap(failure_);
  status = 0;
  return taken;
}

const qdo_failure *Context::failureView() {
  if (!failure_)
    return nullptr;
  view_ = viewOf(*failure_);
  return &view_;
}

bool Context::stopHere(qdo_site site) {
  if (ok() && interrupt_.exchange(false, std::memory_order_relaxed))
    fail(site, Kind::Interrupted);
  return !ok();
}

void Context::releaseValuesSince(size_t count) {
  auto isValue = [](const std::unique_ptr<Object> &object) {
    switch (object->kind) {
    case ObjectKind::String:
    case ObjectKind::List:
    case ObjectKind::Observable:
    case ObjectKind::Amplitudes:
    case ObjectKind::Counts:
    case ObjectKind::Estimate:
      return true;
    default:
      return false;
    }
  };
  const auto first = objects_.begin() + static_cast<std::ptrdiff_t>(count);
  for (auto object = first; object != objects_.end(); ++object)
    if (!isValue(*object) && (*object)->kind != ObjectKind::Array &&
        (*object)->kind != ObjectKind::Recipe)
      return;
  objects_.erase(std::remove_if(first, objects_.end(), isValue), objects_.end());
}

void *Context::makeEnv(int64_t slots) {
  std::vector<uint64_t> memory(static_cast<size_t>(std::max<int64_t>(slots, 1)));
  void *address = memory.data(); // stays: moving a vector keeps its memory
  envs_.emplace(address, std::move(memory));
  return address;
}

uint64_t Context::envHash(const void *env) const {
  Hasher hasher("env");
  auto found = envs_.find(env);
  if (found == envs_.end())
    return hasher.add(static_cast<uint64_t>(reinterpret_cast<uintptr_t>(env))).value();
  for (uint64_t slot : found->second)
    hasher.add(slot);
  return hasher.value();
}

void Context::write(std::string_view bytes) { write_(writeUser_, bytes.data(), bytes.size()); }

const char *Context::spentText() {
  auto counted = [](int64_t count, const char *noun) {
    std::string digits = std::to_string(count);
    for (size_t at = digits.size(); at > 3; at -= 3)
      digits.insert(at - 3, ",");
    return digits + " " + noun + (count == 1 ? "" : "s");
  };
  spentText_ = counted(spent.shots, "shot") + " on " + counted(spent.circuits, "circuit");
  return spentText_.c_str();
}

} // namespace qdo::base
