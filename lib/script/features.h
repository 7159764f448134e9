/*
 * features.h - what of iPXE's language exists in which version, on which
 * platform and with which build option, and what a command can do to the
 * flow of a script.
 *
 * The versions are the released ones and Debian's build of January 2019,
 * which calls itself 1.0.0. Read from the history of iPXE's sources.
 */
#ifndef PXE_SCRIPT_FEATURES_H
#define PXE_SCRIPT_FEATURES_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

/* In order of time; anything is in HEAD. */
enum ipxe_version {
	IPXE_2019,              /* "1.0.0+": what Debian 10 to 12 have */
	IPXE_1_20_1,
	IPXE_1_21_1,
	IPXE_2_0_0,
	IPXE_HEAD,              /* after 2.0.0 */
};

/* Set of platforms. */
enum ipxe_platform {
	IPXE_PCBIOS = 1 << 0,
	IPXE_EFI = 1 << 1,
	IPXE_SBI = 1 << 2,
	IPXE_LINUX = 1 << 3,
	IPXE_ANYWHERE = 0xf,
};

/* What running a command means to those that come after it. */
enum script_effect {
	EFFECT_SURE = 1 << 0,   /* does not fail if it is written well */
	EFFECT_PAUSE = 1 << 1,  /* waits, for a person or by a clock */
	EFFECT_LOAD = 1 << 2,   /* its first argument is a URI */
	EFFECT_RUN = 1 << 3,    /* starts an image */
	EFFECT_NET = 1 << 4,    /* needs an address */
	EFFECT_TEST = 1 << 5,   /* is there for its status alone */
	EFFECT_LAST = 1 << 6,   /* nothing comes after it if it succeeds */
	EFFECT_STORE = 1 << 7,  /* its first argument is a setting it gives a value */
};

/* A build option that takes a part of the language in. */
struct ipxe_feature {
	const char *macro;      /* as in iPXE's config/general.h */
	const char *tag;        /* as the Features line says it; or NULL */
	unsigned int platforms; /* where it is on by default */
};

struct script_fact {
	const char *command;
	unsigned int effects;
	enum ipxe_version since;
	const char *macro;      /* of the feature; NULL: always there */
};

/* What the build is that a script is checked for. */
struct ipxe_build {
	bool has_version;
	enum ipxe_version version;
	unsigned int platform;          /* one of them; 0: not known */
	const char *const *features;    /* tags, macros and commands; or NULL */
	size_t n_features;
};

/**
 * ipxe_version_parse() - "1.21.1", "2.0.0+ (g0ab22)", "1.0.0+git-2019..."
 *
 * Return: 0; -EINVAL.
 */
int ipxe_version_parse(const char *text, enum ipxe_version *ret,
    struct diag *diag);
const char *ipxe_version_name(enum ipxe_version v);

/** ipxe_platform_parse() - pcbios, efi, sbi or linux. Return: 0; -EINVAL. */
int ipxe_platform_parse(const char *text, unsigned int *ret,
    struct diag *diag);
const char *ipxe_platform_name(unsigned int platform);

/** script_fact_find() - the row of a command; NULL if there is none. */
const struct script_fact *script_fact_find(const char *command);

/** feature_find() - the row of a macro, or NULL. */
const struct ipxe_feature *feature_find(const char *macro);

/** feature_rows() - all of them. */
const struct ipxe_feature *feature_rows(size_t *ret_n);

/** feature_of_scheme() - what a URI of that scheme needs; NULL: nothing. */
const struct ipxe_feature *feature_of_scheme(const char *scheme);

/** scheme_is_known() - does any iPXE have that scheme? */
bool scheme_is_known(const char *scheme);

/** option_since() - when a command learned an option. */
enum ipxe_version option_since(const char *command, const char *option);

/** setting_since() - when a predefined setting or a type came. */
enum ipxe_version setting_since(const char *name);

enum feature_there { FEATURE_YES, FEATURE_NO, FEATURE_BY_DEFAULT_OFF };

/**
 * feature_in() - is it in that build?
 * @command: that needs it; NULL if none does
 *
 * A list of features that names no commands says nothing of commands.
 */
enum feature_there feature_in(const struct ipxe_build *build,
    const struct ipxe_feature *f, const char *command);

#endif
