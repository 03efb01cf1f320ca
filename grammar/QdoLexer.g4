// SPDX-License-Identifier: Apache-2.0
// The words and marks of qdo. In: code points. Out: tokens; comments hidden, `///` on DOCS.
// Why: every character becomes some token (UNKNOWN, HASH, QUOTED, ...), so the lexer never fails
// and each mistake can be named. Newlines, brackets and soft words are settled in compiler/syntax.
// Must not: hold target code beyond calls of compiler/syntax/lexer_base.h.
lexer grammar QdoLexer;
options { superClass = LexerBase; }
@header {
#include "compiler/syntax/lexer_base.h"
}
channels { DOCS }

DOC     : '///' ~[\r\n]* -> channel(DOCS) ;
COMMENT : '//' ~[\r\n]* -> channel(HIDDEN) ;
WS      : [ \t\r\uFEFF]+ -> channel(HIDDEN) ;
NL      : '\r'? '\n' {endLine();} ;

// ---- reserved: a word is reserved only if it can start a statement or is an operator
USE:'use'; PARAM:'param'; LET:'let'; VAR:'var'; FN:'fn'; RETURN:'return'; IF:'if'; ELSE:'else';
WHILE:'while'; FOR:'for'; IN:'in'; REPEAT:'repeat'; BREAK:'break'; CONTINUE:'continue'; WITH:'with';
ASSERT:'assert'; PRINT:'print'; PREPARE:'prepare'; MEASURE:'measure'; DISCARD:'discard';
ESTIMATE:'estimate'; THEN:'then'; TENSOR:'tensor'; ADJ:'adj'; CTRL:'ctrl'; AND:'and'; OR:'or';
NOT:'not'; MOD:'mod'; TRUE:'true'; FALSE:'false';

// ---- declaring words: reserved where a statement starts, names everywhere else (arrive as ID)
TEST:'test'; DATASET:'dataset'; POLICY:'policy'; KERNEL:'kernel'; ENCODING:'encoding';
CIRCUIT:'circuit'; UNITARY:'unitary'; OBSERVABLE:'observable'; PHANTOM:'phantom'; SELECT:'select';
NOISE:'noise'; DEVICE:'device'; OBSERVE:'observe'; SAVE:'save';

// ---- joining words: meaningful in one position, names everywhere else (rule `id`)
ON:'on'; AT:'at'; AS:'as'; FROM:'from'; TO:'to'; STEP:'step'; VIA:'via'; WITHIN:'within';
WHEN:'when'; SHOTS:'shots'; SPLIT:'split'; BY:'by'; SCALED:'scaled'; SUBJECT:'subject';

ID      : [\p{L}_] [\p{L}\p{Nd}_]* ;

fragment D : [0-9] ('_'? [0-9])* ;
fragment N : D ('.' D)? ([eE] [+-]? D)? ;
INT     : D ;
REAL    : D '.' D ([eE] [+-]? D)? | D [eE] [+-]? D ;
PERCENT : D ('.' D)? '%' ;
// 25ns 0.8i; any other suffix is one good error, never two tokens
SUFFIXED: N [\p{L}_] [\p{L}\p{Nd}_]* ;

LPAREN:'(' {open('(');}; RPAREN:')' {close('(');};
LBRACK:'[' {open('[');}; RBRACK:']' {close('[');};
LBRACE:'{' {open('{');};
RBRACE:'}' { if (closesInterpolation()) { setType(INTERP_CLOSE); popMode(); } } ;
COLON:':' { if (inInterpolation()) { pushMode(FMTMODE); } } ;
ARROW:'->'; EQ:'=='; NE:'!='; LE:'<=';
GE:'>=' ;                                // in <p|q>==1 the scanner makes GT EQ of GE ASSIGN
LT:'<'; GT:'>'; BAR:'|'; CARET:'^'; PLUSEQ:'+='; MINUSEQ:'-='; STAREQ:'*='; PLUS:'+'; MINUS:'-';
STAR:'*'; SLASH:'/'; ASSIGN:'='; DOTDOT:'..'; DOT:'.'; COMMA:','; SEMI:';'; QUEST:'?';
QUOTE   : '"' -> pushMode(STR) ;

// ---- habits from other languages, each named by one error
HASH    : '#' ~[\r\n]* ;
SLASHED : '/*' .*? '*/' ;
QUOTED  : '\'' ~['\r\n]* '\'' | '`' ~[`\r\n]* '`' | '\u201C' ~[\u201D\r\n]* '\u201D' ;
UNKNOWN : . ;

mode STR;
S_TEXT  : (~["\\{}\r\n] | '\\' ~[\r\n] | '{{' | '}}')+ ;
S_OPEN  : '{' {openInterpolation();} -> pushMode(DEFAULT_MODE) ;
S_CLOSE : '"' -> popMode ;
S_NL    : '\r'? '\n' {endLine();} -> type(NL) ;
S_STRAY : [}\\\r] ;

mode FMTMODE;
F_SPEC  : ~[{}"\r\n]+ ;
INTERP_CLOSE : '}' { closesInterpolation(); popMode(); popMode(); } ;
F_NL    : '\r'? '\n' {endLine();} -> type(NL) ;
F_BAD   : [{"\r] ;
