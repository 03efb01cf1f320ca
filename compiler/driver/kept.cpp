// SPDX-License-Identifier: Apache-2.0
// Numbers are four bytes, little end first; texts and lists begin with their length.
#include "compiler/driver/kept.h"

#include "llvm/Support/Endian.h"

namespace qdo::driver {

namespace {

class Writer {
public:
  std::string bytes;
  void number(size_t value) {
    char little[4];
    llvm::support::endian::write32le(little, static_cast<uint32_t>(value));
    bytes.append(little, 4);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes += value;
  }
  template <class List, class Each> void list(const List &items, Each each) {
    number(items.size());
    for (const auto &item : items)
      each(item);
  }
  void texts(const auto &items) {
    list(items, [&](const std::string &item) { text(item); });
  }
  void span(base::Span span) {
    number(static_cast<uint32_t>(span.file));
    number(span.begin);
    number(span.end);
  }
};

class Reader {
public:
  explicit Reader(std::string_view bytes) : rest(bytes) {}
  std::string_view rest;
  bool good = true;
  uint32_t number() {
    const std::string_view four = bytes(4);
    return good ? llvm::support::endian::read32le(four.data()) : 0;
  }
  std::string text() { return std::string(bytes(number())); }
  template <class Each> void list(Each each) {
    for (uint32_t left = number(); left > 0 && good; --left)
      each();
  }
  std::vector<std::string> texts() {
    std::vector<std::string> items;
    list([&] { items.push_back(text()); });
    return items;
  }
  base::Span span() {
    const uint32_t file = number(), begin = number(), end = number();
    return {static_cast<base::FileId>(file), begin, end};
  }
  [[nodiscard]] bool finished() const { return good && rest.empty(); }

private:
  std::string_view bytes(size_t count) {
    good = good && count <= rest.size();
    const std::string_view taken = rest.substr(0, good ? count : 0);
    rest.remove_prefix(taken.size());
    return taken;
  }
};

void write(Writer &w, const diag::Diagnostic &d) {
  w.number(static_cast<size_t>(d.kind));
  w.number(d.located);
  w.text(d.message);
  auto label = [&](const diag::Label &label) {
    w.span(label.span);
    w.text(label.text);
  };
  label(d.primary);
  w.list(d.places, label);
  w.texts(d.notes);
  w.texts(d.helps);
  w.list(d.edits, [&](const diag::Edit &edit) {
    w.span(edit.span);
    w.text(edit.replacement);
    w.text(edit.label);
  });
}

diag::Diagnostic readDiagnostic(Reader &r) {
  diag::Diagnostic d{};
  d.kind = static_cast<diag::Kind>(r.number());
  d.located = r.number() != 0;
  d.message = r.text();
  auto label = [&] {
    const base::Span span = r.span();
    return diag::Label{span, r.text()};
  };
  d.primary = label();
  r.list([&] { d.places.push_back(label()); });
  d.notes = r.texts();
  d.helps = r.texts();
  r.list([&] {
    const base::Span span = r.span();
    std::string replacement = r.text();
    d.edits.push_back({span, std::move(replacement), r.text()});
  });
  return d;
}

} // namespace

std::string codeEntry(const Code &code, std::string_view object) {
  Writer w;
  w.texts(code.open);
  w.list(code.sites, [&](const Code::Site &site) {
    w.text(site.file);
    for (uint32_t each : {site.beginLine, site.beginColumn, site.endLine, site.endColumn})
      w.number(each);
  });
  w.bytes += object;
  return w.bytes;
}

std::optional<Code> loadCode(std::string_view entry) {
  Reader r(entry);
  Code code;
  for (std::string &name : r.texts())
    code.open.insert(std::move(name));
  r.list([&] {
    Code::Site site;
    site.file = r.text();
    for (uint32_t *each : {&site.beginLine, &site.beginColumn, &site.endLine, &site.endColumn})
      *each = r.number();
    code.sites.push_back(std::move(site));
  });
  if (!r.good)
    return std::nullopt;
  auto loaded = codegen::load(r.rest);
  if (!loaded)
    return std::nullopt;
  code.program = loaded.take();
  return code;
}

std::string bytesOf(const KnownText &known) {
  Writer w;
  w.list(known.parameters, [&](const ProgramParameter &p) {
    for (const std::string *part : {&p.name, &p.type, &p.defaultText, &p.doc})
      w.text(*part);
  });
  w.list(known.inputs, [&](const Input &input) {
    w.number(static_cast<size_t>(input.kind));
    w.text(input.path);
  });
  return w.bytes;
}

std::optional<KnownText> knownText(std::string_view bytes) {
  Reader r(bytes);
  KnownText known;
  r.list([&] {
    ProgramParameter p;
    for (std::string *part : {&p.name, &p.type, &p.defaultText, &p.doc})
      *part = r.text();
    known.parameters.push_back(std::move(p));
  });
  r.list([&] {
    const auto kind = static_cast<Input::Kind>(r.number());
    known.inputs.push_back({kind, r.text()});
  });
  return r.finished() ? std::optional(std::move(known)) : std::nullopt;
}

std::string bytesOf(const Ready &ready) {
  Writer w;
  w.text(ready.code);
  w.texts(ready.sources);
  w.list(ready.fixedParams, [&](const auto &item) {
    w.text(item.first);
    w.text(item.second);
  });
  w.list(ready.warnings, [&](const diag::Diagnostic &d) { write(w, d); });
  return w.bytes;
}

std::optional<Ready> readyOf(std::string_view bytes) {
  Reader r(bytes);
  Ready ready;
  ready.code = r.text();
  ready.sources = r.texts();
  r.list([&] {
    std::string name = r.text();
    ready.fixedParams[std::move(name)] = r.text();
  });
  r.list([&] { ready.warnings.push_back(readDiagnostic(r)); });
  return r.finished() ? std::optional(std::move(ready)) : std::nullopt;
}

} // namespace qdo::driver
