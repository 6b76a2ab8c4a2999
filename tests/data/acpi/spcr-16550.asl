/*
 * SPDX-License-Identifier: BSD-2-Clause
 * A 16550 with registers of 32 bits, as a DesignWare block has them.
 */
                   Signature : "SPCR"
                Table Length : 00000000
                    Revision : 02
                    Checksum : 00
                      Oem ID : "HYPREL"
                Oem Table ID : "TEST    "
                Oem Revision : 00000001
             Asl Compiler ID : "INTL"
       Asl Compiler Revision : 20200925

              Interface Type : 12
                    Reserved : 000000

        Serial Port Register : [Generic Address Structure]
                    Space ID : 00
                   Bit Width : 20
                  Bit Offset : 00
        Encoded Access Width : 03
                     Address : 000000001C020000

              Interrupt Type : 08
         PCAT-compatible IRQ : 00
                   Interrupt : 00000021
                   Baud Rate : 07
                      Parity : 00
                   Stop Bits : 01
                Flow Control : 00
               Terminal Type : 03
                    Reserved : 00
               PCI Device ID : FFFF
               PCI Vendor ID : FFFF
                     PCI Bus : 00
                  PCI Device : 00
                PCI Function : 00
                   PCI Flags : 00000000
                 PCI Segment : 00
                    Reserved : 00000000
