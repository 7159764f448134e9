#include "severity.h"

#include <errno.h>
#include <string.h>

int
severity_read(const char *name, enum fault_severity *ret, struct diag *diag)
{
	*ret = FAULT_ERROR;
	for (int s = FAULT_NOTE; name && s <= FAULT_ERROR; s++) {
		*ret = (enum fault_severity)s;
		if (strcmp(name, fault_severity_name(*ret)) == 0)
			return 0;
	}
	if (!name)
		return 0;
	diag_set(diag, "--fail-on: '%s' is not one of note, warning, error",
	    name);
	return -EINVAL;
}
