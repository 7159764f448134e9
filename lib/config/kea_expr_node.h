/*
 * kea_expr_node.h - what kea_expr_parse() makes and kea_expr_eval() walks.
 */
#ifndef PXE_CONFIG_KEA_EXPR_NODE_H
#define PXE_CONFIG_KEA_EXPR_NODE_H

#include "config/kea_expr.h"

enum kea_op {
	/* values */
	KEA_X_CONST, KEA_X_OPTION, KEA_X_SUBOPTION, KEA_X_RELAY4, KEA_X_PKT,
	KEA_X_PKT4, KEA_X_V6, KEA_X_VENDOR, KEA_X_VENDOR_CLASS,
	KEA_X_SUBSTRING, KEA_X_SPLIT, KEA_X_CONCAT, KEA_X_IFELSE,
	KEA_X_HEXSTRING, KEA_X_ADDRTOTEXT, KEA_X_INTTOTEXT,
	/* conditions; and those above with .exists */
	KEA_X_EQUAL, KEA_X_NOT, KEA_X_AND, KEA_X_OR, KEA_X_MEMBER,
};

enum kea_repr { KEA_AS_HEX, KEA_AS_TEXT, KEA_AS_EXISTS };

enum kea_pkt_field {
	KEA_PKT_IFACE, KEA_PKT_SRC, KEA_PKT_DST, KEA_PKT_LEN,
	KEA_PKT4_MAC, KEA_PKT4_HLEN, KEA_PKT4_HTYPE, KEA_PKT4_CIADDR,
	KEA_PKT4_GIADDR, KEA_PKT4_YIADDR, KEA_PKT4_SIADDR, KEA_PKT4_MSGTYPE,
	KEA_PKT4_TRANSID,
};

/* Of vendor and vendor-class. */
enum kea_vendor_field {
	KEA_VENDOR_EXISTS, KEA_VENDOR_ENTERPRISE, KEA_VENDOR_OPTION,
	KEA_VENDOR_DATA,
};

struct kea_expr {
	enum kea_op op;
	bool is_bool;
	enum kea_repr repr;
	uint16_t code;                  /* of an option */
	uint16_t sub;                   /* in it; the tuple of vendor-class */
	enum kea_pkt_field field;
	enum kea_vendor_field vendor;
	uint32_t enterprise;            /* 0: any */
	const uint8_t *bytes;           /* of CONST */
	size_t len;
	const char *name;               /* of MEMBER */
	/* SUBSTRING: start and length; SPLIT: which; INTTOTEXT: width */
	const char *start;
	const char *count;              /* "all" */
	unsigned int width;
	bool is_signed;
	struct kea_expr *args;          /* joined by next */
	struct kea_expr *next;
	struct config_pos pos;
};

#endif
