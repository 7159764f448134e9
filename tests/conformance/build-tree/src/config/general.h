/* Switches, as iPXE's config/general.h has them. */
#define DOWNLOAD_PROTO_TFTP	/* on */
#define DOWNLOAD_PROTO_HTTP	/* on */
#undef	DOWNLOAD_PROTO_HTTPS	/* off */
//#define PING_CMD		/* off */
//#define DOES_NOT_COMPILE	/* what it says */

#ifdef LOCAL
#include LOCAL
#endif
