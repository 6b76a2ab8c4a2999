/* SPDX-License-Identifier: BSD-2-Clause
 * zstd_alone FILE [THREADS]: the whole file, mapped but for its headers, compressed MiB by MiB at
 * level 1 by that many threads and thrown away: no capture that compresses all of it is faster.
 * Prints the bytes read and made.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum { kPiece = 1 << 20 };
static int file;
static off_t end;
static unsigned long long next_piece;
static unsigned long long made;

static void* work(void* unused) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  char* piece = malloc(kPiece);
  const size_t room = ZSTD_compressBound(kPiece);
  char* out = malloc(room);
  (void)unused;
  for (;;) {
    const off_t at = (off_t)__atomic_fetch_add(&next_piece, 1, __ATOMIC_RELAXED) * kPiece;
    if (at >= end) {
      return NULL;
    }
    const size_t size = end - at < kPiece ? (size_t)(end - at) : kPiece;
    /* Headers and notes are not to be mapped (capture/linux/file_source.hpp). */
    char* mapped = at == 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, at);
    if (mapped != MAP_FAILED) {
      memcpy(piece, mapped, size);
      munmap(mapped, size);
    } else if (pread(file, piece, size, at) != (ssize_t)size) {
      exit(1);
    }
    __atomic_fetch_add(&made, ZSTD_compressCCtx(context, out, room, piece, size, 1),
                       __ATOMIC_RELAXED);
  }
}

int main(int argc, char** argv) {
  struct stat facts;
  pthread_t threads[8];
  const int count = argc > 2 ? atoi(argv[2]) : 1;
  file = open(argv[1], O_RDONLY);
  if (fstat(file, &facts) != 0 || count > 8) {
    return 2;
  }
  end = facts.st_size;
  for (int i = 0; i < count; ++i) {
    pthread_create(&threads[i], NULL, work, NULL);
  }
  for (int i = 0; i < count; ++i) {
    pthread_join(threads[i], NULL);
  }
  printf("zstd alone: %llu of %llu bytes\n", made, (unsigned long long)end);
  return 0;
}
