/*
 * cmd.h - the commands, one function each; command.c has the table.
 */
#ifndef PXE_SCRIPT_CMD_H
#define PXE_SCRIPT_CMD_H

#include "script/args.h"

#define CMD(name) uint32_t cmd_##name(struct script *s, \
    const struct script_args *a)

/* command.c */
CMD(commands);          /* help */

/* cmd_flow.c */
CMD(config);
CMD(echo);
CMD(exit);
CMD(goto);
CMD(iseq);
CMD(isset);
CMD(nothing);           /* succeeds: what shows only on a real console */
CMD(poweroff);
CMD(prompt);
CMD(reboot);
CMD(shell);
CMD(sleep);
CMD(time);

/* cmd_setting.c */
CMD(clear);
CMD(inc);
CMD(read);
CMD(set);
CMD(show);

/* cmd_field.c */
CMD(login);
CMD(present);

/** cmd_store() - put @text into a setting, or say why it cannot be. */
uint32_t cmd_store(struct script *s, const struct setting_ref *ref,
    const char *text);

/* cmd_image.c */
CMD(imgargs);
CMD(imgexec);
CMD(imgfetch);
CMD(imgfree);
CMD(imgselect);
CMD(imgstat);

/** cmd_acquire() - the image that an argument names, loaded if need be. */
uint32_t cmd_acquire(struct script *s, const struct script_args *a,
    const char *name, struct script_image **ret);

/* cmd_trust.c */
CMD(certstore);
CMD(digest);
CMD(imgdecrypt);
CMD(imgextract);
CMD(imgmem);
CMD(imgset);
CMD(imgtrust);
CMD(imgverify);
CMD(shim);

/* cmd_device.c */
CMD(ifcheck);           /* only looks whether the interfaces are there */
CMD(lotest);
CMD(pciscan);
CMD(pxebs);
CMD(usbscan);
CMD(vcreate);
CMD(vdestroy);

/* cmd_net.c */
CMD(cpuid);
CMD(ifclose);
CMD(ifconf);
CMD(iflinkwait);
CMD(ifopen);
CMD(ifstat);
CMD(nslookup);
CMD(ntp);
CMD(ping);
CMD(route);

/* cmd_boot.c */
CMD(autoboot);
CMD(sanboot);
CMD(sanhook);
CMD(sanunhook);

/* cmd_menu.c */
CMD(choose);
CMD(item);
CMD(menu);
CMD(param);
CMD(params);

#undef CMD

#endif
