#include "CSanitizedLocks.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) && defined(__linux__)
#define CSL_IS_SANITIZED 1
#endif
#endif

#if defined(CSL_IS_SANITIZED)

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// A `Mutex` is taken by an exchange of 0 for the thread's number, and given back by the exchange of that for 0, both within
// the code that the sanitizer watches. Who finds it taken goes into the runtime, which has the kernel hand it over
// (FUTEX_LOCK_PI): there the sanitizer sees nothing, and takes what the lock guards for a race.
//
// The linker prefers a program's own symbols, so these stand in for the runtime's: they wait for the 0, within what is
// watched. As the kernel never hears of anybody who waits, the slow ways back and the slow try have nothing to do.

#define SWIFT_METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) _Atomic(uint32_t) *state

SWIFT_METHOD void csl_lock_slow(uint32_t thread, SELF)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT_METHOD void csl_unlock_slow(SELF) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
SWIFT_METHOD bool csl_try_lock_slow(SELF) __asm__("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");

SWIFT_METHOD void csl_lock_slow(uint32_t thread, SELF) {
    uint32_t expected = 0;
    while (!atomic_compare_exchange_weak_explicit(state, &expected, thread, memory_order_acquire, memory_order_relaxed)) {
        expected = 0;
        sched_yield();
    }
}

SWIFT_METHOD void csl_unlock_slow(SELF) { atomic_store_explicit(state, 0, memory_order_release); }

SWIFT_METHOD bool csl_try_lock_slow(SELF) {
    (void)state;
    return false;
}

int csl_locks_are_visible(void) { return 1; }

#else

int csl_locks_are_visible(void) { return 0; }

#endif
