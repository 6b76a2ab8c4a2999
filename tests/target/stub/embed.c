/* SPDX-License-Identifier: BSD-2-Clause */
/* hr_stub.h as a bootloader in C uses it: the resident is copied to memory of its own. */
#include "stub/hr_stub.h"

int hr_embed_size(void);
int hr_embed_size(void) {
  return (int)(hr_stub_vectors_end - hr_stub_vectors);
}

int hr_embed_install(unsigned char* reserved);
int hr_embed_install(unsigned char* reserved) {
  for (int i = 0; i < hr_embed_size(); ++i) {
    reserved[i] = hr_stub_vectors[i];
  }
  return hr_stub_install_at(reserved);
}
