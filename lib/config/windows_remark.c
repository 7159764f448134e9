#include "config/windows_tree.h"
int
windows_remarks(struct windows_tree *t)
{
	(void)t;
	return 0;
}
