#include "general.h"

#ifdef DOES_NOT_COMPILE
#error this does not compile
#endif

int nothing;
