#include "unit.h"

#include <stdio.h>

void *
unit_heap(const void *from, size_t len)
{
	void *p = malloc(len ? len : 1);

	ck_assert_ptr_nonnull(p);
	if (len > 0)
		memcpy(p, from, len);
	return p;
}

int
main(void)
{
	SRunner *sr = srunner_create(unit_suite());
	TestResult **results;
	int n_failed;
	int n;

	srunner_run_all(sr, CK_SILENT);
	n = srunner_ntests_run(sr);
	n_failed = srunner_ntests_failed(sr);
	results = srunner_results(sr);
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		bool failed = tr_rtype(results[i]) != CK_PASS;

		printf("%s %d - %s\n", failed ? "not ok" : "ok", i + 1,
		    tr_tcname(results[i]));
		if (failed)
			printf("# %s:%d: %s\n", tr_lfile(results[i]),
			    tr_lno(results[i]), tr_msg(results[i]));
	}
	free(results);
	srunner_free(sr);
	return n_failed > 0;
}
