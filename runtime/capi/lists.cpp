// SPDX-License-Identifier: Apache-2.0
// entry_points.def, lists: arrays of anything, filled while the program runs.
#include "runtime/base/guard.h"

#include <algorithm>

using namespace qdo::base;

/// A slot of an element, or a slot of zeros after a failure.
static List::Slot slotOf(qdo_ctx *ctx, qdo_site site, qdo_list list, int64_t element,
                         int64_t slot) {
  return guarded(ctx, site, [&](Context &context) {
    const List &all = *as<List>(list);
    if (element >= 0 && element < all.size)
      return all.slots[static_cast<size_t>(element * all.stride() + slot)];
    context.fail(site, Kind::IndexOutOfRange, element, all.size);
    return List::Slot{};
  });
}

static void add(qdo_ctx *ctx, qdo_list list, List::Slot slot) {
  guarded(ctx, 0, [&](Context &) { as<List>(list)->slots.push_back(slot); });
}

extern "C" {

qdo_list qdo_rt_list_new(qdo_ctx *ctx) {
  return guarded(ctx, 0, [](Context &context) { return handle(context.make<List>()); });
}

void qdo_rt_list_add_int(qdo_ctx *ctx, qdo_list list, int64_t value) {
  add(ctx, list, {.whole = value});
}
void qdo_rt_list_add_real(qdo_ctx *ctx, qdo_list list, double value) {
  add(ctx, list, {.real = value});
}
void qdo_rt_list_add_bool(qdo_ctx *ctx, qdo_list list, bool value) {
  add(ctx, list, {.whole = value});
}
void qdo_rt_list_add_object(qdo_ctx *ctx, qdo_list list, qdo_object value) {
  add(ctx, list, {.object = value});
}
void qdo_rt_list_end_element(qdo_ctx *ctx, qdo_list list) {
  guarded(ctx, 0, [&](Context &) { ++as<List>(list)->size; });
}

int64_t qdo_rt_list_size(qdo_ctx *ctx, qdo_list list) {
  return guarded(ctx, 0, [&](Context &) { return as<List>(list)->size; });
}

int64_t qdo_rt_list_int(qdo_ctx *ctx, qdo_site site, qdo_list list, int64_t element, int64_t slot) {
  return slotOf(ctx, site, list, element, slot).whole;
}
double qdo_rt_list_real(qdo_ctx *ctx, qdo_site site, qdo_list list, int64_t element, int64_t slot) {
  return slotOf(ctx, site, list, element, slot).real;
}
bool qdo_rt_list_bool(qdo_ctx *ctx, qdo_site site, qdo_list list, int64_t element, int64_t slot) {
  return slotOf(ctx, site, list, element, slot).whole != 0;
}
qdo_object qdo_rt_list_object(qdo_ctx *ctx, qdo_site site, qdo_list list, int64_t element,
                              int64_t slot) {
  return slotOf(ctx, site, list, element, slot).object;
}

qdo_list qdo_rt_list_slice(qdo_ctx *ctx, qdo_site site, qdo_list list, int64_t low, int64_t high) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const List &whole = *as<List>(list);
    if (low < 0 || low > high || high > whole.size) {
      context.fail(site, Kind::IndexOutOfRange, low < 0 || low > whole.size ? low : high,
                   whole.size + 1);
      return nullptr;
    }
    List *part = context.make<List>();
    part->slots.assign(whole.slots.begin() + low * whole.stride(),
                       whole.slots.begin() + high * whole.stride());
    part->size = high - low;
    return handle(part);
  });
}

qdo_array qdo_rt_list_reals(qdo_ctx *ctx, qdo_list list, int64_t columns) {
  return guarded(ctx, 0, [&](Context &context) {
    const List &all = *as<List>(list);
    Array *array = context.make<Array>(all.size, columns);
    std::ranges::transform(all.slots, array->data, &List::Slot::real);
    return handle(array);
  });
}

qdo_array qdo_rt_list_stack(qdo_ctx *ctx, qdo_site site, qdo_list list) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const List &all = *as<List>(list);
    const int64_t width = all.size == 0 ? 0 : as<Array>(all.slots[0].object)->size();
    Array *array = context.make<Array>(all.size, width);
    for (int64_t i = 0; i < all.size; ++i) {
      const Array &row = *as<Array>(all.slots[static_cast<size_t>(i)].object);
      if (row.size() != width) {
        context.fail(site, Kind::BadValue, fmt::format("the size of row {}", i), row.size(), width);
        return nullptr;
      }
      std::copy_n(row.data, width, array->data + i * width);
    }
    return handle(array);
  });
}

} // extern "C"
