// SPDX-License-Identifier: Apache-2.0
// How SQLite would load its extensions, for programs that are linked statically: not at all.
// Why: a static program that loads libraries depends on the libc it was linked with, and linkers
// warn about it. The archive's references to dlopen and its kin are renamed to these.

extern "C" {

void *qdo_no_dlopen(const char *, int) { return nullptr; }
void *qdo_no_dlsym(void *, const char *) { return nullptr; }
int qdo_no_dlclose(void *) { return 0; }
char *qdo_no_dlerror() {
  static char text[] = "extensions cannot be loaded";
  return text;
}

} // extern "C"
