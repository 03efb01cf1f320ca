// SPDX-License-Identifier: Apache-2.0
// keeping.def, what is saved by name: objects into the registry of a program and back.
#include "qdo/runtime/keeping.h"
#include "runtime/base/guard.h"
#include "runtime/base/host.h"
#include "runtime/registry/codec.h"
#include "runtime/shadow/record.h"

#include <algorithm>
#include <filesystem>

using namespace qdo::base;
using namespace qdo::registry;
using qdo::estimate::Estimate;

namespace {

/// How objects of one kind are kept; `word` is what generated code calls the kind.
struct Keeper {
  std::string_view word;
  std::string_view kind; ///< as messages name it
  Kept (*keep)(Object &object);
  Object *(*load)(Context &context, std::string_view content);
};

using ShadowRecord = qdo::shadow::Record;
constexpr std::string_view shadowKind = "a shadow";

void addBits(Writer &out, const std::vector<uint64_t> &words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (i % 8 == 0)
      out.line("bits");
    out.add(words[i]);
  }
}

std::vector<uint64_t> bitsOf(Reader &in, int64_t count) {
  std::vector<uint64_t> words(static_cast<size_t>(count));
  for (size_t i = 0; i < words.size() && in.ok(); ++i) {
    if (i % 8 == 0)
      in.expect("bits");
    words[i] = in.bits();
  }
  return words;
}

/// Records in Pauli bases without calibration are version 1.
Kept keepShadow(const ShadowRecord &record) {
  const bool clifford = record.bases == ShadowRecord::Bases::Clifford;
  const bool plain = !clifford && !record.calibrated();
  Writer out;
  out.line("shadow").add(plain ? int64_t{1} : int64_t{2});
  out.line("qubits").add(record.qubits());
  out.line("bases").add(static_cast<int64_t>(record.bases));
  out.line("source").add(record.source);
  out.line("within").add(int64_t{record.within.has_value()}).add(record.within.value_or(0));
  out.line("snapshots").add(record.size());
  if (plain) {
    addBits(out, record.snapshots.words());
  } else {
    auto add = [&](const char *what, int64_t count, const std::vector<uint64_t> &words) {
      out.line(what).add(count).add(std::ssize(words));
      addBits(out, words);
    };
    add("words", record.size(),
        clifford ? qdo::shadow::wordsOf(record.cliffords) : record.snapshots.words());
    add("zeros", record.calibration(),
        clifford ? qdo::shadow::wordsOf(record.zeroCliffords) : record.zeros);
  }
  out.line("end");
  return {std::string(shadowKind), out.text};
}

ShadowRecord *shadowOf(Context &context, std::string_view content) {
  Reader in(content);
  in.expect("shadow");
  const int64_t version = in.whole();
  in.expect("qubits");
  const int64_t qubits = in.whole();
  in.expect("bases");
  const int64_t bases = in.whole();
  in.expect("source");
  const uint64_t source = in.bits();
  in.expect("within");
  const bool planned = in.whole() == 1;
  const double within = in.real();
  in.expect("snapshots");
  const int64_t count = in.whole();
  // A word of 64 bits takes two characters at least, and a snapshot three bits a qubit: more than
  // that is damage, not a reason to ask for memory.
  const auto most = static_cast<int64_t>(content.size()) * 32;
  if ((version != 1 && version != 2) || !in.ok() || qubits < 1 || qubits > QDO_MOST_QUBITS ||
      bases < 0 || bases > static_cast<int64_t>(ShadowRecord::Bases::Clifford) || count < 1 ||
      count > most / (3 * qubits))
    return nullptr;
  const bool clifford = bases == static_cast<int64_t>(ShadowRecord::Bases::Clifford);
  if (clifford && qubits > qdo::shadow::mostCliffordQubits)
    return nullptr;
  const int64_t packed = (count * 3 * qubits + 63) / 64;
  struct Part {
    int64_t count = 0;
    std::vector<uint64_t> words;
  };
  auto part = [&](const char *what) {
    in.expect(what);
    Part part{in.whole(), {}};
    const int64_t words = in.whole();
    if (in.ok() && part.count >= 0 && words >= 0 && words <= most / 64)
      part.words = bitsOf(in, words);
    return part;
  };
  Part snapshots, zeros;
  if (version == 1) {
    snapshots = {count, bitsOf(in, packed)};
  } else {
    snapshots = part("words");
    zeros = part("zeros");
  }
  in.expect("end");
  if (!in.ok() || !in.atEnd() || snapshots.count != count || (version == 1 && clifford))
    return nullptr;
  ShadowRecord *record = nullptr;
  if (clifford) {
    auto measured = qdo::shadow::cliffordsFrom(snapshots.words, qubits, count);
    auto zero = qdo::shadow::cliffordsFrom(zeros.words, qubits, zeros.count);
    if (!measured || !zero)
      return nullptr;
    record = context.make<ShadowRecord>(qubits, std::move(*measured), source);
    record->zeroCliffords = std::move(*zero);
  } else {
    const auto masks = static_cast<int64_t>(qdo::shadow::maskWords(qubits));
    if (std::ssize(snapshots.words) != packed || zeros.count > most ||
        std::ssize(zeros.words) != zeros.count * masks)
      return nullptr;
    record = context.make<ShadowRecord>(
        static_cast<ShadowRecord::Bases>(bases),
        qdo::shadow::Snapshots::fromWords(qubits, count, std::move(snapshots.words)), source);
    record->zeros = std::move(zeros.words);
  }
  if (planned)
    record->within = within;
  return record;
}

constexpr Keeper keepers[] = {
    {"estimate", estimateKind, [](Object &object) { return keep(*as<Estimate>(&object)); },
     [](Context &context, std::string_view content) -> Object * {
       return estimateOf(context, content);
     }},
    {"array", arrayKind, [](Object &object) { return keep(*as<Array>(&object)); },
     [](Context &context, std::string_view content) -> Object * {
       return arrayOf(context, content);
     }},
    {"real", realKind, [](Object &object) { return keep(*as<Array>(&object), realKind); },
     [](Context &context, std::string_view content) -> Object * {
       Array *array = arrayOf(context, content);
       return array && array->size() == 1 ? array : nullptr;
     }},
    {"shadow", shadowKind, [](Object &object) { return keepShadow(*as<ShadowRecord>(&object)); },
     [](Context &context, std::string_view content) -> Object * {
       return shadowOf(context, content);
     }},
};

const Keeper &keeperOf(std::string_view word) {
  return *std::ranges::find(keepers, word, &Keeper::word);
}

std::string pathOf(qdo_text directory) {
  return (std::filesystem::path(directory) / ".qdo" / "registry.sqlite").string();
}

std::string shown(const Reference &reference) {
  return reference.version ? fmt::format("{}@{}", reference.name, *reference.version)
                           : reference.name;
}

/// Levenshtein distance: what a misspelt name was meant to be.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t swapped = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, swapped});
    }
  }
  return row[b.size()];
}

Failure &notSaved(Context &context, qdo_site site, const std::string &name) {
  return context.fail(site, Kind::BadValue, fmt::format("`{}`", name), "not saved",
                      "a name that is");
}

void unusable(Context &context, qdo_site site, const std::string &path, const std::string &why) {
  context.fail(site, Kind::BadValue, fmt::format("the registry `{}`", path),
               fmt::format("of no use ({})", why), "a file that can be read and written");
}

void notThere(Context &context, qdo_site site, Registry &registry, const Reference &reference) {
  Registry::Problem problem;
  if (const int64_t newest = registry.newest(reference.name, problem); newest > 0) {
    context
        .fail(site, Kind::BadValue, fmt::format("`{}`", shown(reference)), "not saved",
              newest == 1 ? "version 1, the only one"
                          : fmt::format("a version from 1 to {}", newest))
        .help = fmt::format("load the newest with `load(\"{}\")`", reference.name);
    return;
  }
  Failure &failure = notSaved(context, site, reference.name);
  const auto entries = registry.list(problem);
  const Registry::Entry *nearest = nullptr;
  for (const auto &entry : entries)
    if (distance(entry.name, reference.name) <= std::max<size_t>(2, entry.name.size() / 3) &&
        (!nearest ||
         distance(entry.name, reference.name) < distance(nearest->name, reference.name)))
      nearest = &entry;
  if (nearest)
    failure.help = fmt::format("did you mean `{}`?", nearest->name);
  else if (!entries.empty()) {
    std::string names;
    for (size_t i = 0; i < entries.size() && i < 5; ++i)
      names += fmt::format("{}`{}`", i ? ", " : "", entries[i].name);
    failure.help = fmt::format("it has {}{}", names, entries.size() > 5 ? ", .." : "");
  } else {
    failure.help = "save it first: `save x as \"name\"`";
  }
}

/// The contents, or null after a failure.
std::optional<Kept> find(Context &context, qdo_site site, const std::string &path,
                         const Reference &reference) {
  Registry::Problem problem;
  auto registry = Registry::open(path, false, problem);
  std::optional<Registry::Found> found;
  if (registry)
    found = registry->find(reference, problem);
  if (problem) {
    unusable(context, site, path, problem.text);
    return std::nullopt;
  }
  if (found)
    return std::move(found->kept);
  if (registry)
    notThere(context, site, *registry, reference);
  else
    notSaved(context, site, reference.name).help =
        fmt::format("there is no registry yet at `{}`: `save x as \"name\"` makes one", path);
  return std::nullopt;
}

} // namespace

extern "C" {

void qdo_rt_registry_save(qdo_ctx *ctx, qdo_site site, qdo_text directory, qdo_string name,
                          qdo_text kind, qdo_object object) {
  guarded(ctx, site, [&](Context &context) {
    const std::string &label = as<String>(name)->text;
    if (!isName(label)) {
      context
          .fail(site, Kind::BadValue, "the name", fmt::format("`{}`", label), "one to save under")
          .help = "letters, digits and `-_./+`; versions are counted by the registry";
      return;
    }
    const std::string path = pathOf(directory);
    Registry::Problem problem;
    auto registry = Registry::open(path, true, problem);
    if (registry)
      registry->save(label, keeperOf(kind).keep(*static_cast<Object *>(object)),
                     {context.part<Host>().program(), context.seed()}, problem);
    if (problem)
      unusable(context, site, path, problem.text);
  });
}

qdo_object qdo_rt_registry_load(qdo_ctx *ctx, qdo_site site, qdo_text directory, qdo_string name,
                                qdo_text kind) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const std::string &label = as<String>(name)->text;
    const auto reference = parseReference(label);
    if (!reference) {
      context
          .fail(site, Kind::BadValue, "the name", fmt::format("`{}`", label),
                "that of something saved")
          .help = "write `name`, or `name@2` for a version";
      return nullptr;
    }
    const std::string path = pathOf(directory);
    const auto kept = find(context, site, path, *reference);
    if (!kept)
      return nullptr;
    const Keeper &keeper = keeperOf(kind);
    if (kept->kind != keeper.kind) {
      context.fail(site, Kind::BadValue, fmt::format("`{}`", shown(*reference)), kept->kind,
                   keeper.kind);
      return nullptr;
    }
    Object *object = keeper.load(context, kept->content);
    if (!object)
      unusable(context, site, path,
               fmt::format("the contents of `{}` are damaged", shown(*reference)));
    return object ? handle(object) : nullptr;
  });
}

void qdo_rt_registry_shape(qdo_ctx *ctx, qdo_site site, qdo_array array, int64_t rows,
                           int64_t columns) {
  guarded(ctx, site, [&](Context &context) {
    const Array &a = *as<Array>(array);
    auto shape = [](int64_t r, int64_t c) {
      auto one = [](int64_t n) { return n < 0 ? std::string("?") : std::to_string(n); };
      return c == 0 ? fmt::format("real[{}]", one(r)) : fmt::format("real[{}, {}]", one(r), one(c));
    };
    const bool fits = (rows < 0 || rows == a.rows) && (columns == 0) == (a.columns == 0) &&
                      (columns < 0 || columns == a.columns);
    if (!fits)
      context.fail(site, Kind::BadValue, "what was saved", shape(a.rows, a.columns),
                   shape(rows, columns));
  });
}

} // extern "C"
