package main

// #include <malloc.h>
// static long long in_use(void) {
//     struct mallinfo2 all = mallinfo2();
//     return (long long)all.uordblks + (long long)all.hblkhd;
// }
import "C"

// inC is what is in use of the heap of C, which is the library's too. GNU's C library counts it.
func inC() int64 { return int64(C.in_use()) }
