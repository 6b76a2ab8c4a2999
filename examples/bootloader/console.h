/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CONSOLE_H
#define CONSOLE_H

void print(const char* text);
/* 0x and as many digits as the value needs. */
void print_hex(unsigned long value);
void print_number(unsigned value);
/* Says why, and stops. */
_Noreturn void stop(const char* why);

#endif
