/* SPDX-License-Identifier: Apache-2.0
 * The C interface of what a run leaves behind, and what its host says of the program for it.
 * Must not: be included by abi.h; only a few files need it. */
#ifndef QDO_RUNTIME_KEEPING_H
#define QDO_RUNTIME_KEEPING_H

#include "qdo/runtime/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define QDO_ENTRY(name, result, parameters) result qdo_rt_##name QDO_PREPEND_CTX parameters;
#include "qdo/runtime/keeping.def"

/* Where a site stands and what is written there; valid until the next call. */
typedef struct qdo_place {
  const char *at;   /* "flowers.qdo:17:5" */
  const char *text; /* the expression */
} qdo_place;

typedef struct qdo_host {
  const char *program; /* what reports call it */
  qdo_place (*place)(void *user, qdo_site site);
  void *user;
} qdo_host;

/* The strings and the user outlive the run. */
void qdo_rt_set_host(qdo_ctx *, const qdo_host *);

#ifdef __cplusplus
}
#endif
#endif
