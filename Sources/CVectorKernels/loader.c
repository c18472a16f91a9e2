#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "cvk_loader.h"

#include <dlfcn.h>
#include <stddef.h>

void *cvk_loader_symbol(const char *name) {
    return dlsym(RTLD_DEFAULT, name);
}

const char *cvk_loader_file(const void *address) {
    Dl_info information;
    return dladdr(address, &information) != 0 ? information.dli_fname : NULL;
}
