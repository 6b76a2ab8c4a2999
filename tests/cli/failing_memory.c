/* SPDX-License-Identifier: BSD-2-Clause */
/* For LD_PRELOAD: the allocation of which HR_FAIL_AT=N says the number gives nothing; with N+ none
 * does from it on. With HR_COUNT_TO=FILE their count is appended to it when the process ends. In
 * front of glibc's own, which it names so for that [glibc, malloc/malloc.c, strong_alias
 * (__libc_malloc, malloc)]. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

static unsigned long made;
static unsigned long fails_at;
static int fails_on;

__attribute__((constructor)) static void begin(void) {
  const char* at = getenv("HR_FAIL_AT");
  fails_at = at == NULL ? 0 : strtoul(at, NULL, 10);
  fails_on = at != NULL && strchr(at, '+') != NULL;
  made = 0;
}

__attribute__((destructor)) static void end(void) {
  const char* file = getenv("HR_COUNT_TO");
  const int fd = file == NULL ? -1 : open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd >= 0) {
    dprintf(fd, "%lu\n", made);
  }
}

static int fails(void) {
  ++made;
  if (fails_at == 0 || made < fails_at || (made > fails_at && !fails_on)) {
    return 0;
  }
  errno = ENOMEM;
  return 1;
}

void* malloc(size_t size) {
  return fails() ? NULL : __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  return fails() ? NULL : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  return fails() ? NULL : __libc_realloc(old, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  return fails() ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, size_t alignment, size_t size) {
  *memory = fails() ? NULL : __libc_memalign(alignment, size);
  return *memory == NULL ? ENOMEM : 0;
}
