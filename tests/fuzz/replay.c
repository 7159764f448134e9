/*
 * replay.c - run a fuzz target over files, without a fuzzer: make check
 * does so with every file of tests/fuzz/corpus/<target>, and with every
 * prefix of each, and with each byte of it flipped.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { REPLAY_MAX = 4 * 1024 * 1024, MUTATE_MAX = 4096 };

static void
run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	if (len > 0)
		memcpy(copy, data, len);
	(void)LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void
replay(uint8_t *data, size_t len)
{
	run(data, len);
	if (len > MUTATE_MAX)
		return;
	for (size_t n = 0; n < len; n++)
		run(data, n);
	for (size_t i = 0; i < len; i++) {
		static const uint8_t flips[] = { 0x01, 0x80, 0xff };

		for (size_t k = 0; k < sizeof(flips); k++) {
			data[i] ^= flips[k];
			run(data, len);
			data[i] ^= flips[k];
		}
	}
}

int
main(int argc, char **argv)
{
	static uint8_t buf[REPLAY_MAX];

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		size_t len = f ? fread(buf, 1, sizeof(buf), f) : 0;

		if (!f) {
			printf("not ok %d - cannot open %s\n", i, argv[i]);
			return 1;
		}
		fclose(f);
		replay(buf, len);
		printf("ok %d - %s\n", i, argv[i]);
		fflush(stdout);
	}
	return 0;
}
