/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Empty on purpose. The hard-float cross libc ships no stubs-soft.h, and its headers ask for one
 * as soon as code is built without floating-point registers, as all freestanding code here is.
 */
