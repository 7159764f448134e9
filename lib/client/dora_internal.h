/*
 * dora_internal.h - what dora.c, which gets an address, and dora_pxe.c, which
 * then looks for the boot server, share.
 */
#ifndef PXE_CLIENT_DORA_INTERNAL_H
#define PXE_CLIENT_DORA_INTERNAL_H

#include "client/dora.h"

void dora_emit(struct dora *d, enum dora_event_kind kind, struct in_addr peer,
    uint16_t port, const struct dhcp4_msg *msg, const char *note);

/** dora_enter() - the one place where the state changes; sends nothing. */
void dora_enter(struct dora *d, enum dora_state state, uint64_t now_ms);

/** dora_set_state() - the same, and the state's first message is sent. */
void dora_set_state(struct dora *d, enum dora_state state, uint64_t now_ms);

/** dora_fail() - @fault: an id; NULL: a failure of ours. */
void dora_fail(struct dora *d, uint64_t now_ms, const char *fault,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/** dora_may_repeat() - is another send left in this state's table? */
bool dora_may_repeat(const struct dora *d);

/** dora_send_message() - of this state, and arm its timer. */
void dora_send_message(struct dora *d, uint64_t now_ms);

/* ------------------------------------------------ dora_pxe.c */

/** dora_after_ack() - the address is ours: what is to be asked for a file? */
void dora_after_ack(struct dora *d, uint64_t now_ms);

/** dora_fill_pxe_ask() - what a message to port 4011 says. */
void dora_fill_pxe_ask(const struct dora *d, struct persona_ask *ask);
/** dora_address_pxe() - and whom it goes to. */
void dora_address_pxe(const struct dora *d, struct dora_output *out);

/* What comes in, which they own, and what follows when time is up. */
void dora_take_pxe_ack(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg);
void dora_pxe_request_expired(struct dora *d, uint64_t now_ms);
void dora_take_boot_server(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg);
void dora_boot_server_expired(struct dora *d, uint64_t now_ms);
void dora_ignore(struct dora *d, uint64_t now_ms,
    const struct dora_input *in, struct dhcp4_msg *msg);
void dora_prompt_expired(struct dora *d, uint64_t now_ms);

#endif
