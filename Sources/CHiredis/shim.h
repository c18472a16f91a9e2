// The part of hiredis that semcache uses, from version 0.14 on (libhiredis-dev): connecting without blocking, and the
// parser of replies. Bytes are sent and received by the Swift side, which bounds them and never raises SIGPIPE.
#ifndef SEMCACHE_CHIREDIS_SHIM_H
#define SEMCACHE_CHIREDIS_SHIM_H

#include <hiredis/hiredis.h>
// For the thread of a connection, which waits for its socket and for us at once.
#include <sys/eventfd.h>

// Bounds what one header of an array may make the parser allocate ahead of its elements; hiredis 0.14 cannot.
static inline void semcache_redis_limit_elements(redisReader *reader, long long elements) {
#if HIREDIS_MAJOR >= 1
    reader->maxelements = elements;
#else
    (void)reader;
    (void)elements;
#endif
}

#endif
