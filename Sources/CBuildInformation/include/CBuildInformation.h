#ifndef CBUILDINFORMATION_H
#define CBUILDINFORMATION_H

/// The commit that the program was built from, or "unknown".
///
/// A C function, because Swift cannot take a text from the command line of its compiler. `make build` gives it by
/// $SEMCACHE_COMMIT, which Package.swift makes a definition of.
const char *cbi_commit(void);

#endif
