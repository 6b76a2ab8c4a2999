/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Empty on purpose. The little-endian cross libc of arm64 ships no stubs-lp64_be.h, and its headers
 * ask for one as soon as code is built big endian.
 */
