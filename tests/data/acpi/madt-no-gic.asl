/*
 * SPDX-License-Identifier: BSD-2-Clause
 * No distributor: an x86 processor.
 */
                   Signature : "APIC"
                Table Length : 00000000
                    Revision : 04
                    Checksum : 00
                      Oem ID : "HYPREL"
                Oem Table ID : "TEST    "
                Oem Revision : 00000001
             Asl Compiler ID : "INTL"
       Asl Compiler Revision : 20200925

          Local Apic Address : 00000000
       Flags (decoded below) : 00000000
         PC-AT Compatibility : 0

                Subtable Type : 00
                       Length : 08
                 Processor ID : 00
                Local Apic ID : 00
       Flags (decoded below) : 00000001
            Processor Enabled : 1
       Runtime Online Capable : 0

