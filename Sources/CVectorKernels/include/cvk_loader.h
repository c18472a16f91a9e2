// Questions to the dynamic linker that Swift cannot ask itself (dladdr hides behind _GNU_SOURCE).
#ifndef CVK_LOADER_H
#define CVK_LOADER_H

#ifdef __cplusplus
extern "C" {
#endif

/// The address of a symbol among all loaded libraries, or NULL.
void *cvk_loader_symbol(const char *name);

/// The file that holds `address`, as the linker knows it, or NULL; owned by the linker.
const char *cvk_loader_file(const void *address);

#ifdef __cplusplus
}
#endif

#endif
