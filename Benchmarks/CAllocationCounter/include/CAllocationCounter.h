#ifndef CALLOCATIONCOUNTER_H
#define CALLOCATIONCOUNTER_H

/// How often the calling thread has allocated memory; -1 where it cannot be counted.
///
/// Why C: a program can only count its allocations by standing in for the allocator's symbols.
long cac_allocations_of_this_thread(void);

/// The bytes that are allocated now, by all threads; -1 where it cannot be told.
long cac_allocated_bytes(void);

/// Whether this is a release build; debug builds box values that release builds keep in registers, and so allocate more.
int cac_is_release_build(void);

#endif
