/* persona_rows.h - the table behind persona.c, ending with NULL. */
#ifndef PXE_CHAIN_PERSONA_ROWS_H
#define PXE_CHAIN_PERSONA_ROWS_H

#include "chain/persona.h"

extern const struct persona *const persona_table[];

#endif
