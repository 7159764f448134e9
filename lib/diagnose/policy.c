/*
 * The capture held against a configuration: what it should have answered.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <string.h>

void
hold_against_policy(struct diagnose *d, struct client *m)
{
	(void)d;
	(void)m;
}
