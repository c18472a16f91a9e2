#ifndef CSANITIZEDLOCKS_H
#define CSANITIZEDLOCKS_H

/// Whether locks of `Synchronization.Mutex` show the thread sanitizer the order that they make: in its builds alone.
///
/// Why C: only a symbol of its name can stand in for a function of the Swift runtime.
int csl_locks_are_visible(void);

#endif
