/*
 * loader.h - the loaders that a firmware starts and that go on with its
 * lease: shim, PXELINUX, GRUB, the Windows boot manager.
 *
 * They are personas of which only the loading of files matters; their
 * architecture is that of the firmware they run on.
 */
#ifndef PXE_CHAIN_LOADER_H
#define PXE_CHAIN_LOADER_H

#include "chain/persona.h"

/** loader_of() - who runs when that file is started; NULL: none of these. */
const struct persona *loader_of(const struct persona *now,
    const struct bootfile *what);

#endif
