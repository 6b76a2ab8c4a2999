// SPDX-License-Identifier: BSD-2-Clause
// Empty: what the header of gtest is precompiled with, for the programs of hr_unit_test.
