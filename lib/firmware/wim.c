#include "firmware/wim.h"

#include "base/bytes.h"
#include "base/text.h"
#include "base/util.h"
#include "firmware/search.h"

#include <stdio.h>
#include <string.h>

enum {
	XML_RESOURCE = 72,              /* length, offset, length unpacked */
	XML_MAX = 1024 * 1024,
	NUMBER_MAX = 8,
};

/* The digits between <NAME> and </NAME>, in UTF-16. */
static bool
element(struct rd xml, const char *tag, char *buf, size_t cap)
{
	size_t n = 0;

	if (!search_utf16(&xml, tag))
		return false;
	rd_skip(&xml, 2 * strlen(tag));
	while (n + 1 < cap) {
		uint16_t c = rd_le16(&xml);

		if (c < '0' || c > '9')
			break;
		buf[n++] = (char)c;
	}
	buf[n] = '\0';
	return n > 0;
}

/* The list of images is XML and never compressed. */
static void
read_xml(struct rd xml, struct bootfile *f)
{
	static const struct { const char *arch; enum arch_cpu cpu; } cpus[] = {
		{ "0", CPU_X86 }, { "5", CPU_ARM32 }, { "6", CPU_IA64 },
		{ "9", CPU_X64 }, { "12", CPU_ARM64 },
	};
	char major[NUMBER_MAX];
	char minor[NUMBER_MAX];
	char build[NUMBER_MAX];
	char arch[NUMBER_MAX];

	if (element(xml, "<ARCH>", arch, sizeof(arch))) {
		for (size_t i = 0; i < ARRAY_LEN(cpus); i++) {
			if (strcmp(cpus[i].arch, arch) == 0)
				f->cpu = cpus[i].cpu;
		}
	}
	if (element(xml, "<MAJOR>", major, sizeof(major)) &&
	    element(xml, "<MINOR>", minor, sizeof(minor)) &&
	    element(xml, "<BUILD>", build, sizeof(build)))
		(void)snprintf(f->version, sizeof(f->version), "%s.%s.%s",
		    major, minor, build);
}

int
wim_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_init(buf, len);
	size_t xml_len;
	uint32_t at;

	if (!search_starts(&r, "MSWIM\0\0\0", 8))
		return 0;
	ret->kind = BOOTFILE_WIM;
	text_copy(ret->product, sizeof(ret->product), "Windows image");
	rd_skip(&r, XML_RESOURCE);
	xml_len = rd_le32(&r);
	rd_skip(&r, 4);                 /* rest of the length, flags */
	at = rd_le32(&r);
	/* What lies beyond 4 GiB is not in a file that we read. */
	if (rd_le32(&r) == 0 && !r.bad) {
		struct rd xml = rd_at(buf, len, at);

		read_xml(search_head(xml, min_size(xml_len, XML_MAX)), ret);
	}
	return 1;
}
