/*
 * SPDX-License-Identifier: BSD-2-Clause
 * A GICv3 whose redistributors are told by CPU: two follow each other, one is far away, one CPU is not enabled.
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

                Subtable Type : 0C
                       Length : 18
                     Reserved : 0000
        Local GIC Hardware ID : 00000000
                 Base Address : 000000002F000000
               Interrupt Base : 00000000
                      Version : 03
                     Reserved : 000000

                Subtable Type : 0B
                       Length : 50
                     Reserved : 0000
         CPU Interface Number : 00000000
                Processor UID : 00000000
        Flags (decoded below) : 00000001
            Processor Enabled : 1
 Performance Interrupt Trigger Mode : 0
 Virtual GIC Interrupt Trigger Mode : 0
     Parking Protocol Version : 00000000
        Performance Interrupt : 00000017
               Parked Address : 0000000000000000
                 Base Address : 0000000000000000
     Virtual GIC Base Address : 0000000000000000
  Hypervisor GIC Base Address : 0000000000000000
        Virtual GIC Interrupt : 00000019
   Redistributor Base Address : 000000002F120000
                    ARM MPIDR : 0000000000000000
             Efficiency Class : 00
                     Reserved : 00
       SPE Overflow Interrupt : 0000

                Subtable Type : 0B
                       Length : 50
                     Reserved : 0000
         CPU Interface Number : 00000001
                Processor UID : 00000001
        Flags (decoded below) : 00000001
            Processor Enabled : 1
 Performance Interrupt Trigger Mode : 0
 Virtual GIC Interrupt Trigger Mode : 0
     Parking Protocol Version : 00000000
        Performance Interrupt : 00000017
               Parked Address : 0000000000000000
                 Base Address : 0000000000000000
     Virtual GIC Base Address : 0000000000000000
  Hypervisor GIC Base Address : 0000000000000000
        Virtual GIC Interrupt : 00000019
   Redistributor Base Address : 000000002F100000
                    ARM MPIDR : 0000000000000001
             Efficiency Class : 00
                     Reserved : 00
       SPE Overflow Interrupt : 0000

                Subtable Type : 0B
                       Length : 50
                     Reserved : 0000
         CPU Interface Number : 00000002
                Processor UID : 00000002
        Flags (decoded below) : 00000001
            Processor Enabled : 1
 Performance Interrupt Trigger Mode : 0
 Virtual GIC Interrupt Trigger Mode : 0
     Parking Protocol Version : 00000000
        Performance Interrupt : 00000017
               Parked Address : 0000000000000000
                 Base Address : 0000000000000000
     Virtual GIC Base Address : 0000000000000000
  Hypervisor GIC Base Address : 0000000000000000
        Virtual GIC Interrupt : 00000019
   Redistributor Base Address : 000400002F100000
                    ARM MPIDR : 0000000000000002
             Efficiency Class : 00
                     Reserved : 00
       SPE Overflow Interrupt : 0000

                Subtable Type : 0B
                       Length : 50
                     Reserved : 0000
         CPU Interface Number : 00000003
                Processor UID : 00000003
        Flags (decoded below) : 00000000
            Processor Enabled : 0
 Performance Interrupt Trigger Mode : 0
 Virtual GIC Interrupt Trigger Mode : 0
     Parking Protocol Version : 00000000
        Performance Interrupt : 00000017
               Parked Address : 0000000000000000
                 Base Address : 0000000000000000
     Virtual GIC Base Address : 0000000000000000
  Hypervisor GIC Base Address : 0000000000000000
        Virtual GIC Interrupt : 00000019
   Redistributor Base Address : 000000002F140000
                    ARM MPIDR : 0000000000000003
             Efficiency Class : 00
                     Reserved : 00
       SPE Overflow Interrupt : 0000

                Subtable Type : 0F
                       Length : 14
                     Reserved : 0000
               Translation ID : 00000000
                 Base Address : 000000002F020000
                     Reserved : 00000000

                Subtable Type : 0F
                       Length : 14
                     Reserved : 0000
               Translation ID : 00000001
                 Base Address : 000000002F040000
                     Reserved : 00000000

