// SPDX-License-Identifier: Apache-2.0
// The sentences of qdo. In: tokens with newlines settled, brackets balanced, declaring words marked
// and a separator after every line and every block on one line (compiler/syntax/layout.cpp).
// Why: almost every decision needs one token, which keeps parsing fast and messages exact.
// Must not: hold target code. The `...Line` rules are where parsing starts again after a mistake.
parser grammar QdoParser;
options { tokenVocab = QdoLexer; }

program : line* EOF ;
block   : LBRACE line* RBRACE ;
line    : stmt? sep ;
sep     : NL | SEMI ;

stmt
  : useStmt | paramStmt | datasetStmt | policyStmt | noiseStmt | deviceStmt | kernelStmt
  | circuitStmt | unitaryStmt | observableStmt | phantomStmt | fnStmt | selectStmt | observeStmt
  | saveStmt | testStmt | withStmt | forStmt | whileStmt | repeatStmt | letStmt | returnStmt
  | breakStmt | continueStmt
  | printStmt | assertStmt | discardStmt | exprStmt
  ;

useStmt        : USE id (DOT anyName)* (DOT LBRACE id (COMMA id)* RBRACE)? (AS id)? ;
paramStmt      : PARAM id COLON type (ASSIGN expr)? ;
datasetStmt    : DATASET id params? ASSIGN expr dsBody? ;
policyStmt     : POLICY id params? (FROM expr)? clauses ;
noiseStmt      : NOISE id params? (FROM expr)? clauses ;
deviceStmt     : DEVICE id ASSIGN expr ;
kernelStmt     : KERNEL id params (VIA unary)? ASSIGN expr ;
circuitStmt    : (ENCODING | CIRCUIT) id params? onClause block ;
unitaryStmt    : UNITARY id params? onClause ASSIGN expr ;
observableStmt : OBSERVABLE id params? ASSIGN expr ;
phantomStmt    : PHANTOM id params? ASSIGN ketSum subject? ;
fnStmt         : FN id params onClause? (ARROW type)? (ASSIGN expr | block) ;
selectStmt     : SELECT id FROM expr clauses ;
observeStmt    : OBSERVE id clauses ;
saveStmt       : SAVE expr AS string ;
testStmt       : TEST string block ;
withStmt       : WITH expr (COMMA expr)* block ;
forStmt        : FOR generator (COMMA generator)* block ;
whileStmt      : WHILE expr block ;
repeatStmt     : REPEAT expr block ;
letStmt        : (LET | VAR) binder (COLON type)? ASSIGN expr ;
returnStmt     : RETURN expr? ;
breakStmt      : BREAK ;
continueStmt   : CONTINUE ;
printStmt      : PRINT (expr (COMMA expr)*)? ;
assertStmt     : ASSERT expr (COMMA string)? ;
discardStmt    : DISCARD expr ;
// h q[i]   p(t) q[i]   ctrl x a, b   |   w -= g   |   f(x)
exprStmt       : expr (operand (COMMA operand)* | (ASSIGN | PLUSEQ | MINUSEQ | STAREQ) expr)? ;

operand   : operandName (DOT anyName)* (LBRACK expr (COMMA expr)* RBRACK)? ;
generator : binder IN expr ;
binder    : id | LPAREN id (COMMA id)+ RPAREN ;
params    : LPAREN (param (COMMA param)* COMMA?)? RPAREN ;
param     : id COLON type (ASSIGN expr)? ;
onClause  : ON onParam (COMMA onParam)* ;
onParam   : id COLON baseType ;                  // no function type: a `->` belongs to the `fn`

type      : baseType (ARROW type)? ;
baseType  : (id | ESTIMATE) (LPAREN type (COMMA type)* RPAREN)? sizes?
          | LPAREN (typeField (COMMA typeField)*)? RPAREN sizes? ;
typeField : (anyName COLON)? type ;
sizes     : LBRACK size (COMMA size)* RBRACK ;
size      : QUEST | expr ;

dsBody    : LBRACE dsLine* RBRACE ;
dsLine    : dsItem? sep ;
dsItem    : SPLIT BY (anyName | string)
          | SPLIT splitPart (COMMA splitPart)* id*
          | anyName COLON expr (SCALED expr)? ;
splitPart : anyName PERCENT ;

// every clause of every block:  word  [word]  payload        no clause word is reserved
clauses    : LBRACE clauseLine* RBRACE ;
clauseLine : clause? sep ;
clause     : head id? block
           | head WHEN? ((id ASSIGN)? clauseExpr (COMMA clauseExpr)* (ON expr)?)? ;
head       : id | declaring | WITH ;
clauseExpr : expr SHOTS? ;

ketSum     : MINUS? ket ((PLUS | MINUS) ket)* ;
ket        : (prod STAR?)? BAR chain GT ;
subject    : SUBJECT TO LBRACE subjectLine* RBRACE ;
subjectLine: expr? sep ;

// Operators of one level of the grammar are put in order of precedence by the tree builder: fewer
// levels are faster. From loose to tight: or, and | then, tensor, `..`, + - | * / mod.
expr     : lambda | logic ;
lambda   : (id | LPAREN (id (COMMA id)*)? RPAREN) ARROW (block | expr) ;
logic    : notE ((AND | OR) notE)* ;
notE     : NOT notE | cmp ;
cmp      : interval ((EQ | NE | LE | GE | LT | GT | IN) interval (WITHIN chain)? (AT PERCENT)?)? ;
interval : chain (TO chain (STEP chain)?)? ;
// What stands in a bra-ket is a chain: no comparison inside.
chain    : prod ((PLUS | MINUS | DOTDOT | TENSOR | THEN) prod)* ;
prod     : unary ((STAR | SLASH | MOD) unary)* ;
unary    : (MINUS | ADJ | PREPARE | MEASURE) unary
         | CTRL (LPAREN expr RPAREN)? unary
         | postfix (CARET unary)? ;
postfix  : atom (member | call | index)* ;
member   : DOT anyName ;
call     : LPAREN (arg (COMMA arg)* COMMA?)? RPAREN ;
index    : LBRACK expr (COMMA expr)* RBRACK ;
arg      : (anyName COLON)? expr ;
atom
  : INT | REAL | PERCENT | SUFFIXED | TRUE | FALSE | string | id
  | paren | array | braket | absOverlap | ifE | estimate ;
paren      : LPAREN (arg (COMMA arg)* COMMA?)? RPAREN ;               // (e)  (a, b)  (name: e, ..)
array      : LBRACK (expr (comprehended | (COMMA expr)* COMMA?))? RBRACK ;
comprehended : FOR generator (COMMA generator)* (IF expr)? ;
braket     : LT chain (BAR chain (BAR chain)?)? GT ;                          // <A>  <p|q>  <p|A|p>
absOverlap : BAR LT chain BAR chain GT BAR ;                                  // |<p|q>|
ifE        : IF expr block (ELSE (block | ifE))? ;
estimate   : ESTIMATE block ;
string     : QUOTE stringPart* S_CLOSE ;
stringPart : S_TEXT | S_OPEN expr (COLON F_SPEC?)? INTERP_CLOSE ;

id          : operandName | AT | TO | STEP | WITHIN ;
operandName : ID | ON | AS | FROM | VIA | WHEN | SHOTS | SPLIT | BY | SCALED | SUBJECT ;
declaring   : TEST | DATASET | POLICY | KERNEL | ENCODING | CIRCUIT | UNITARY | OBSERVABLE | PHANTOM
            | SELECT | NOISE | DEVICE | OBSERVE | SAVE ;
anyName     : id | declaring | USE | PARAM | LET | VAR | FN | RETURN | IF | ELSE | WHILE | FOR | IN
            | REPEAT | BREAK | CONTINUE | WITH | ASSERT | PRINT | PREPARE | MEASURE | DISCARD
            | ESTIMATE | THEN | TENSOR | ADJ | CTRL | AND | OR | NOT | MOD | TRUE | FALSE ;
