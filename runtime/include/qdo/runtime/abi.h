/* SPDX-License-Identifier: Apache-2.0
 * The one C interface between generated code (and hosts) and the runtime.
 * In: handles that the runtime owns, plain numbers, zero-terminated text. Out: the same. Never
 * throws. Why: jitted code, ahead-of-time programs and tests all link exactly this; only C types
 * cross it. Must not: mention LLVM, MLIR or any compiler type. */
#ifndef QDO_RUNTIME_ABI_H
#define QDO_RUNTIME_ABI_H

#include "qdo/runtime/circuit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A run. Its first field is the status that generated code tests after every call that can fail: 0
 * is well. */
typedef struct qdo_ctx {
  int32_t status;
} qdo_ctx;

/* Objects live until their run is closed. */
typedef void *qdo_object;
typedef void *qdo_string, *qdo_array, *qdo_list;
typedef void *qdo_amplitudes, *qdo_prep, *qdo_observable, *qdo_policy, *qdo_estimate, *qdo_counts;
typedef void *qdo_dataset, *qdo_row, *qdo_kernel, *qdo_model, *qdo_selection;
typedef void *qdo_noise, *qdo_device;
typedef void *qdo_optimizer, *qdo_fit;
typedef void *qdo_fn, *qdo_env;
typedef const char *qdo_text;
typedef const double *qdo_data;
typedef const int64_t *qdo_wires;
/* A place in the program: an index into the table of the host. */
typedef uint32_t qdo_site;
/* Entry points of generated code. */
#define QDO_UNWRAP(...) __VA_ARGS__
#define QDO_ENTRY(name, result, parameters) result qdo_rt_##name QDO_PREPEND_CTX parameters;
#define QDO_PREPEND_CTX(...) (qdo_ctx * __VA_OPT__(, ) __VA_ARGS__)
#include "qdo/runtime/entry_points.def"

/* Angles from data, from inside the `angles` of a circuit: `rule` is a row of angles.def. What has
 * no angles is noted in the sink, and the angles are then not numbers. */
void qdo_rt_angles(qdo_sink *sink, int32_t rule, const double *data, int64_t count, double *angles);

/* ---- hosting a run (the driver, ahead-of-time programs, tests) */
typedef struct qdo_failure {
  const char *kind;    /* name of the QDO_DIAG row in status.def, or "Interrupted", "ClosedPipe" */
  qdo_site site;       /* where in the program */
  const char *message; /* the finished sentence */
  const char *place;   /* "data.csv:17:3" or empty: where in a data file */
  const char *note;    /* one more sentence or empty */
  const char *help;    /* the way out or empty */
} qdo_failure;

typedef void (*qdo_write_fn)(void *user, const char *bytes,
                             size_t count); /* false status by qdo_rt_output_closed */
typedef void (*qdo_warning_fn)(void *user, const qdo_failure *warning);

typedef struct qdo_options {
  uint64_t seed;
  int32_t threads; /* 0: all cores */
  qdo_write_fn write;
  void *write_user;
  qdo_warning_fn warn;
  void *warn_user;
  int32_t
      exact; /* not 0: estimates have no sampling error and spend no shots, whatever their policy */
} qdo_options;

qdo_ctx *qdo_rt_open(const qdo_options *options);
void qdo_rt_close(qdo_ctx *);
/* The value of an open parameter, as text that is right for its type. */
void qdo_rt_set_param(qdo_ctx *, qdo_text name, qdo_text value);
/* The failure that ended the run, or null. */
const qdo_failure *qdo_rt_failure(qdo_ctx *);
/* Forgets the failure, so that the next cell of a session can run. */
void qdo_rt_recover(qdo_ctx *);
/* Asks the run to end at the next batch; safe in a signal handler. */
void qdo_rt_interrupt(qdo_ctx *);
/* The receiver of `write` is gone: the run ends quietly with failure kind ClosedPipe. */
void qdo_rt_output_closed(qdo_ctx *);
/* Sentence on what was spent: "1,234 shots on 12 circuits". */
const char *qdo_rt_spent_text(qdo_ctx *);

/* ---- encodings of compiled programs, for hosts (`qdo build --emit=lib` exports them)
 * `rows` has `count` rows of hole_size numbers. Each is false after a failure: see qdo_rt_failure;
 * what is behind the pointers is then not complete. All threads of the run are used. */
/* The states of rows: 2^qubits amplitudes each, as real and imaginary part; wire 0 is the lowest
 * bit. */
bool qdo_rt_encoding_states(qdo_ctx *, const qdo_encoding *, const double *rows, int64_t count,
                            double *amplitudes);
/* |<a|b>|^2 of all pairs: count x count, row-major, 1 on the diagonal. */
bool qdo_rt_encoding_gram(qdo_ctx *, const qdo_encoding *, const double *rows, int64_t count,
                          double *matrix);
/* |<a|b>|^2 of rows a and b: a_count x b_count, row-major. */
bool qdo_rt_encoding_cross(qdo_ctx *, const qdo_encoding *, const double *a, int64_t a_count,
                           const double *b, int64_t b_count, double *matrix);

#ifdef __cplusplus
}
#endif
#endif
