/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiled callers of call(function, arguments...), for hyp_call_test.cpp to look where the
 * compiler puts each word. Function: 0xf0. Words: 0x20, 0x21, 0x22. The 64-bit argument: low 0x10,
 * high 0x11. */
unsigned call_wide(unsigned function, unsigned long long wide);
unsigned call_word_wide(unsigned function, unsigned word, unsigned long long wide);
unsigned call_words(unsigned function, unsigned a, unsigned b, unsigned c);
unsigned one_wide(void);
unsigned word_wide(void);
unsigned three_words(void);

unsigned one_wide(void) {
  return call_wide(0xf0, 0x1100000010ull);
}
unsigned word_wide(void) {
  return call_word_wide(0xf0, 0x20, 0x1100000010ull);
}
unsigned three_words(void) {
  return call_words(0xf0, 0x20, 0x21, 0x22);
}
