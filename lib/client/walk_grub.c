#include "client/walk_internal.h"

int
walk_grub(struct walk *w, struct diag *diag)
{
	(void)diag;
	boot_add_event(w->boot, BOOT_EV_NOTE, "%s takes over; its own loading "
	    "is not followed", w->now->title);
	return 0;
}
