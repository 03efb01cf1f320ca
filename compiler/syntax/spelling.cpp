// SPDX-License-Identifier: Apache-2.0
// Habits from other languages and characters that mean nothing.
// In: raw lexemes. Out: what qdo would have written, with one mistake each and an edit that mends
// it. Why: `a && b` is understood perfectly well; refusing it with a list of expected tokens helps
// nobody.
#include "compiler/syntax/literals.h"
#include "compiler/syntax/token_passes.h"

#include <array>
#include <optional>

namespace qdo::syntax {

namespace {

/// Two marks side by side, or one unknown character, that have another spelling here.
struct Spelling {
  std::string_view foreign;
  size_t type; ///< what it becomes
  std::string_view own;
};

constexpr std::array spellings{
    Spelling{"&&", T::AND, "and"},  Spelling{"||", T::OR, "or"},
    Spelling{"**", T::CARET, "^"},  Spelling{":=", T::ASSIGN, "="},
    Spelling{"=>", T::ARROW, "->"}, Spelling{"===", T::EQ, "=="},
    Spelling{"!==", T::NE, "!="},   Spelling{"<>", T::NE, "!="},
    Spelling{"::", T::DOT, "."},    Spelling{"&", T::AND, "and"},
    Spelling{"!", T::NOT, "not "},  Spelling{"%", T::MOD, "mod"},
    Spelling{"−", T::MINUS, "-"},   Spelling{"–", T::MINUS, "-"},
    Spelling{"×", T::STAR, "*"},    Spelling{"·", T::STAR, "*"},
    Spelling{"÷", T::SLASH, "/"},   Spelling{"≤", T::LE, "<="},
    Spelling{"≥", T::GE, ">="},     Spelling{"≠", T::NE, "!="},
    Spelling{"→", T::ARROW, "->"},  Spelling{"⊗", T::TENSOR, "tensor"},
    Spelling{"⟨", T::LT, "<"},      Spelling{"⟩", T::GT, ">"},
    Spelling{"∧", T::AND, "and"},   Spelling{"∨", T::OR, "or"},
    Spelling{"¬", T::NOT, "not "},  Spelling{"（", T::LPAREN, "("},
    Spelling{"）", T::RPAREN, ")"}, Spelling{"，", T::COMMA, ","},
    Spelling{"；", T::SEMI, ";"},
};

/// A statement's first word in another language.
struct Word {
  std::string_view foreign;
  size_t type;
  std::string_view own;
};
constexpr std::array words{
    Word{"def", T::FN, "fn"},          Word{"function", T::FN, "fn"},
    Word{"func", T::FN, "fn"},         Word{"fun", T::FN, "fn"},
    Word{"import", T::USE, "use"},     Word{"include", T::USE, "use"},
    Word{"using", T::USE, "use"},      Word{"const", T::LET, "let"},
    Word{"val", T::LET, "let"},        Word{"auto", T::LET, "let"},
    Word{"elif", T::ELSE, "else if"},  Word{"elseif", T::ELSE, "else if"},
    Word{"elsif", T::ELSE, "else if"},
};

bool isWord(size_t type) { return (type >= T::USE && type <= T::ID); }

class SpellingPass {
public:
  explicit SpellingPass(TokenText &tokens) : tokens(tokens) {}

  void run() {
    out.reserve(tokens.lexemes.size());
    while (at < tokens.lexemes.size())
      step();
    tokens.lexemes = std::move(out);
  }

private:
  TokenText &tokens;
  std::vector<Lexeme> out;
  size_t at = 0;
  bool prose = false; ///< on this line a quote is missing, or it is no program at all

  void startLine() {
    size_t end = at;
    while (end < tokens.lexemes.size() && tokens.typeAt(end) != T::NL)
      ++end;
    if (at < end)
      prose = tokens.mistakes.within(tokens.lexemes[at].begin, tokens.lexemes[end - 1].end);
  }

  void step() {
    const Lexeme &lexeme = tokens.lexemes[at];
    if (tokens.firstOnLine(at))
      startLine();
    switch (lexeme.type) {
    case T::HASH:
    case T::SLASHED:
      return comment(lexeme);
    case T::QUOTED:
      return quotes(lexeme);
    case T::SUFFIXED:
      if (!prose)
        Literals(tokens.mistakes).checkSuffix(tokens.textOf(lexeme), tokens.spanOf(lexeme));
      break;
    case T::ID:
      if (foreignWord(lexeme))
        return;
      break;
    case T::FROM:
      if (importLine(lexeme))
        return;
      break;
    case T::PLUS:
    case T::MINUS:
      if (increment(lexeme))
        return;
      break;
    case T::SLASH:
      if (adjacent(1, T::ASSIGN)) {
        base::Span span = pair();
        tokens.mistakes.report(diag::Kind::ForeignOperator, span, "/=", "= x / y")
            .help("assignments are `=`, `+=`, `-=` and `*=`");
        return replace(T::STAREQ, 2);
      }
      break;
    default:
      break;
    }
    if (lexeme.type >= T::LPAREN && lexeme.type <= T::UNKNOWN && foreignMark(lexeme))
      return;
    if (lexeme.type == T::UNKNOWN)
      return unknown();
    out.push_back(lexeme);
    ++at;
  }

  /// The next lexeme touches this one and has the given type.
  [[nodiscard]] bool adjacent(size_t distance, size_t type) const {
    size_t next = at + distance;
    return tokens.typeAt(next) == type &&
           tokens.lexemes[next].begin == tokens.lexemes[next - 1].end;
  }
  [[nodiscard]] base::Span pair() const {
    return tokens.mistakes.span(tokens.lexemes[at].begin, tokens.lexemes[at + 1].end);
  }
  [[nodiscard]] bool startsStatement() const {
    return out.empty() || out.back().type == T::NL || out.back().type == T::SEMI ||
           out.back().type == T::LBRACE || out.back().type == T::RBRACE;
  }

  /// Puts one lexeme in the place of the next `count`.
  void replace(size_t type, size_t count) {
    out.push_back({type, tokens.lexemes[at].begin, tokens.lexemes[at + count - 1].end});
    at += count;
  }

  bool foreignMark(const Lexeme &lexeme) {
    std::string_view rest = tokens.text.substr(lexeme.begin);
    for (const Spelling &spelling : spellings) {
      if (!rest.starts_with(spelling.foreign))
        continue;
      uint32_t end = lexeme.begin + static_cast<uint32_t>(spelling.foreign.size());
      size_t count = 1;
      while (at + count < tokens.lexemes.size() && tokens.lexemes[at + count].begin < end)
        ++count;
      // `<>=` and the like: the spelling must be whole lexemes.
      if (tokens.lexemes[at + count - 1].end != end)
        continue;
      std::string own(spelling.own);
      while (own.ends_with(' '))
        own.pop_back();
      base::Span span = tokens.mistakes.span(lexeme.begin, end);
      tokens.mistakes.report(diag::Kind::ForeignOperator, span, std::string(spelling.foreign), own)
          .edit(span, std::string(spelling.own), "write `" + own + "`");
      replace(spelling.type, count);
      return true;
    }
    return false;
  }

  void comment(const Lexeme &lexeme) {
    bool isScriptHeader = lexeme.begin == 0 && tokens.text.starts_with("#!");
    if (!isScriptHeader) {
      std::string_view mark = lexeme.type == T::HASH ? "#" : "/*";
      uint32_t end = lexeme.begin + static_cast<uint32_t>(mark.size());
      Mistake &mistake = tokens.mistakes.report(
          diag::Kind::ForeignComment, tokens.mistakes.span(lexeme.begin, end), std::string(mark));
      if (lexeme.type == T::HASH)
        mistake.edit(tokens.mistakes.span(lexeme.begin, end), "//", "write `//`");
    }
    ++at;
  }

  void quotes(const Lexeme &lexeme) {
    uint32_t mark = tokens.text[lexeme.begin] == '\'' || tokens.text[lexeme.begin] == '`' ? 1 : 3;
    std::string_view inner =
        tokens.text.substr(lexeme.begin + mark, lexeme.end - lexeme.begin - 2 * mark);
    Mistake &mistake = tokens.mistakes.report(diag::Kind::ForeignQuotes, tokens.spanOf(lexeme));
    if (inner.find_first_of("\"{}\\") == std::string_view::npos)
      mistake.edit(tokens.spanOf(lexeme), "\"" + std::string(inner) + "\"", "use `\"`");
    out.push_back({T::QUOTE, lexeme.begin, lexeme.begin + mark});
    out.push_back({T::S_CLOSE, lexeme.end - mark, lexeme.end});
    ++at;
  }

  bool foreignWord(const Lexeme &lexeme) {
    if (!startsStatement() || !isWord(tokens.typeAt(at + 1)))
      return false;
    std::string_view text = tokens.textOf(lexeme);
    for (const Word &word : words) {
      if (text != word.foreign)
        continue;
      tokens.mistakes
          .report(diag::Kind::ForeignWord, tokens.spanOf(lexeme), std::string(text),
                  std::string(word.own))
          .edit(tokens.spanOf(lexeme), std::string(word.own),
                "write `" + std::string(word.own) + "`");
      replace(word.type, 1);
      if (word.type == T::ELSE)
        out.push_back({T::IF, lexeme.end, lexeme.end});
      return true;
    }
    return false;
  }

  /// `from module import name`
  bool importLine(const Lexeme &lexeme) {
    if (!startsStatement() || !isWord(tokens.typeAt(at + 1)))
      return false;
    size_t end = at, import = 0;
    for (; end < tokens.lexemes.size() && tokens.typeAt(end) != T::NL &&
           tokens.typeAt(end) != T::SEMI;
         ++end)
      if (tokens.textOf(tokens.lexemes[end]) == "import")
        import = end;
    if (import == 0)
      return false;
    tokens.mistakes.report(diag::Kind::ForeignWord, tokens.spanOf(lexeme), "from", "use")
        .help("write `use module.{name, name}`");
    // Read as `use module.{names}`, so that the names are known below.
    const auto empty = [&](size_t type, uint32_t place) { out.push_back({type, place, place}); };
    out.push_back({T::USE, lexeme.begin, lexeme.end});
    for (size_t i = at + 1; i < import; ++i)
      out.push_back(tokens.lexemes[i]);
    empty(T::DOT, tokens.lexemes[import].begin);
    empty(T::LBRACE, tokens.lexemes[import].end);
    for (size_t i = import + 1; i < end; ++i)
      out.push_back(tokens.lexemes[i]);
    empty(T::RBRACE, tokens.lexemes[end - 1].end);
    at = end;
    return true;
  }

  /// `i++` where a statement ends.
  bool increment(const Lexeme &lexeme) {
    size_t after = tokens.typeAt(at + 2);
    if (!adjacent(1, lexeme.type) ||
        (after != T::NL && after != T::SEMI && after != T::RBRACE && after != EndOfFile))
      return false;
    if (out.empty() || (out.back().type != T::ID && out.back().type != T::RBRACK))
      return false;
    bool plus = lexeme.type == T::PLUS;
    base::Span span = pair();
    tokens.mistakes
        .report(diag::Kind::ForeignOperator, span, plus ? "++" : "--", plus ? "+= 1" : "-= 1")
        .edit(span, plus ? " += 1" : " -= 1", "write the assignment");
    // An empty name stands for the 1; a statement with a mistake is never run.
    out.push_back({plus ? T::PLUSEQ : T::MINUSEQ, span.begin, span.end});
    out.push_back({T::ID, span.end, span.end});
    at += 2;
    return true;
  }

  /// A run of characters that mean nothing, reported once.
  void unknown() {
    const Lexeme first = tokens.lexemes[at];
    uint32_t end = first.end;
    for (++at; tokens.typeAt(at) == T::UNKNOWN && tokens.lexemes[at].begin == end; ++at)
      end = tokens.lexemes[at].end;
    if (prose)
      return;
    prose = true; // once a line
    std::string shown(tokens.textOf(first));
    if (auto byte = static_cast<unsigned char>(shown[0]); byte < 0x20 || byte == 0x7F)
      shown = fmt::format("\\x{:02x}", byte);
    Mistake &mistake = tokens.mistakes.report(diag::Kind::UnknownCharacter,
                                              tokens.mistakes.span(first.begin, end), shown);
    if (shown == "'" || shown == "“" || shown == "”" || shown == "‘" || shown == "’")
      mistake.help("strings stand in double quotes: `\"text\"`");
    else if (shown == "$")
      mistake.help("a value in a string is written `{value}`; names have no mark");
    else if (shown == "@")
      mistake.help("a confidence is written `at 95%`");
  }
};

} // namespace

void mendSpelling(TokenText &tokens) { SpellingPass(tokens).run(); }

} // namespace qdo::syntax
