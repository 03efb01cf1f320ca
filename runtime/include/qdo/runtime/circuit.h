/* SPDX-License-Identifier: Apache-2.0
 * A compiled circuit as generated code holds it: its gates are a constant table, its angles a
 * function of the data.
 * Why: the shape of a circuit never depends on data, so a plan made once from the table serves
 * every row, and a new row costs its angles only. Must not: change without compiler and runtime
 * changing together; both write it by hand. */
#ifndef QDO_RUNTIME_CIRCUIT_H
#define QDO_RUNTIME_CIRCUIT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a circuit is applied to: a state, or a recorder. */
typedef struct qdo_sink qdo_sink;

/* In place of a row of gates.def: e^{ia} on the whole state, with one angle and no wires. */
enum { QDO_GLOBAL_PHASE = -1 };

enum {
  QDO_MASK_QUBITS = 62,   /* circuits up to here name controls by a mask */
  QDO_MOST_QUBITS = 4096, /* no circuit has more */
  QDO_MORE_CONTROLS = 0xFFFF
};

/* One gate: 32 bytes without padding. */
typedef struct qdo_gate {
  /* Up to QDO_MASK_QUBITS qubits: a bit mask of wires. Above: up to four wires, each plus 1, in 16
   * bits each from the lowest; 0 for none, and QDO_MORE_CONTROLS last when there are more. */
  uint64_t controls;
  int16_t gate;    /* row of gates.def, or QDO_GLOBAL_PHASE */
  int16_t inverse; /* 1: its adjoint */
  int16_t target0;
  int16_t target1;   /* -1 for one target */
  int32_t angles[4]; /* slots; -1 where the gate has no parameter */
} qdo_gate;

typedef struct qdo_circuit {
  const char *name;
  int64_t content; /* hash of its structure */
  int64_t qubits;  /* at most QDO_MOST_QUBITS */
  const qdo_gate *gates;
  int64_t gate_count;
  /* Slots hold angles in radians: the first are the constants, the others come from `angles`. */
  const double *constants;
  int64_t constant_count;
  int64_t slot_count;
  /* Writes slots[constant_count .. slot_count) for the real parameters `data`, flattened. Data that
   * have no angles (no state, no unitary) are refused to the sink. */
  void (*angles)(qdo_sink *sink, const double *data, double *slots);
  /* Adds to each data_slopes[k] the sum over slots s of slot_slopes[s] * d slot s / d data k. Null
   * where nobody differentiates, and where an angle has no derivative. */
  void (*pull_back)(const double *data, const double *slot_slopes, double *data_slopes);
} qdo_circuit;

/* A circuit with a place for a row of data: the numbers [hole, hole + hole_size) of `data`. */
typedef struct qdo_encoding {
  const qdo_circuit *circuit;
  const double *data;
  int64_t data_count;
  int64_t hole, hole_size;
} qdo_encoding;

#ifdef __cplusplus
}
#endif
#endif
