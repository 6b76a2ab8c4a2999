/* SPDX-License-Identifier: BSD-2-Clause */
/* The console, and the two functions that a compiler may call without being asked. */
#include "console.h"

#include "board.h"

#include <stddef.h>
#include <stdint.h>

void* memset(void* to, int value, size_t size) {
  volatile unsigned char* byte = to;
  while (size-- != 0) {
    *byte++ = (unsigned char)value;
  }
  return to;
}

void* memcpy(void* to, const void* from, size_t size) {
  volatile unsigned char* target = to;
  const unsigned char* source = from;
  while (size-- != 0) {
    *target++ = *source++;
  }
  return to;
}

static void put(char letter) {
  volatile uint32_t* data = (volatile uint32_t*)BOARD_UART;
  volatile uint32_t* flags = (volatile uint32_t*)(BOARD_UART + 0x18);
  while ((*flags & 0x20) != 0) {
  }
  *data = (unsigned char)letter;
}

void print(const char* text) {
  for (; *text != '\0'; ++text) {
    if (*text == '\n') {
      put('\r');
    }
    put(*text);
  }
}

void print_hex(unsigned long value) {
  int shift = (int)sizeof value * 8 - 4;
  while (shift > 0 && value >> shift == 0) {
    shift -= 4;
  }
  print("0x");
  for (; shift >= 0; shift -= 4) {
    put("0123456789abcdef"[value >> shift & 15]);
  }
}

void print_number(unsigned value) {
  if (value >= 10) {
    print_number(value / 10);
  }
  put("0123456789"[value % 10]);
}

_Noreturn void stop(const char* why) {
  print("bootloader: ");
  print(why);
  print(", stopped\n");
  for (;;) {
    __asm__ volatile("wfi");
  }
}
