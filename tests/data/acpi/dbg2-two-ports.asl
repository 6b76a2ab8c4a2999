/*
 * SPDX-License-Identifier: BSD-2-Clause
 * A debug port by USB, then a serial one: a 16550 with bytes four bytes apart.
 */
                   Signature : "DBG2"
                Table Length : 00000000
                    Revision : 00
                    Checksum : 00
                      Oem ID : "HYPREL"
                Oem Table ID : "TEST    "
                Oem Revision : 00000001
             Asl Compiler ID : "INTL"
       Asl Compiler Revision : 20200925

                Info Offset : 0000002C
                 Info Count : 00000002

                   Revision : 00
                     Length : 0029
             Register Count : 01
            Namepath Length : 0003
            Namepath Offset : 0026
            OEM Data Length : 0000
            OEM Data Offset : 0000
                  Port Type : 8002
               Port Subtype : 0000
                   Reserved : 0000
        Base Address Offset : 0016
        Address Size Offset : 0022

      Base Address Register : [Generic Address Structure]
                   Space ID : 00
                  Bit Width : 00
                 Bit Offset : 00
       Encoded Access Width : 00
                    Address : 00000000FE980000
               Address Size : 00001000
                   Namepath : "US"

                   Revision : 00
                     Length : 0029
             Register Count : 01
            Namepath Length : 0003
            Namepath Offset : 0026
            OEM Data Length : 0000
            OEM Data Offset : 0000
                  Port Type : 8000
               Port Subtype : 0000
                   Reserved : 0000
        Base Address Offset : 0016
        Address Size Offset : 0022

      Base Address Register : [Generic Address Structure]
                   Space ID : 00
                  Bit Width : 20
                 Bit Offset : 00
       Encoded Access Width : 01
                    Address : 00000000FE201000
               Address Size : 00001000
                   Namepath : "UA"
