// CBLAS and LAPACKE under the reference ABI.
//
// Debian builds against libblas-dev and liblapacke-dev (headers and link stubs only); which code runs is decided at
// load time by the alternatives system: libblas.so.3 and liblapack.so.3 point to OpenBLAS as soon as
// libopenblas0-serial is installed. `BLASProvider.current` names what was really loaded.
#ifndef SEMCACHE_CBLAS_SHIM_H
#define SEMCACHE_CBLAS_SHIM_H

#include <cblas.h>
#include <lapacke.h>

#endif
