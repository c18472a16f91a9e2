#include "CBuildInformation.h"

#ifndef SEMCACHE_COMMIT
#define SEMCACHE_COMMIT "unknown"
#endif

const char *cbi_commit(void) { return SEMCACHE_COMMIT; }
