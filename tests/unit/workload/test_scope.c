/* Which pods and volumes can run on the nodes that are asked for. */
#include "base/io.h"
#include "tests/unit/support/test.h"
#include "workload/object_source.h"
#include "workload/workload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char NODES[] =
	"kind: Node\n"
	"metadata: {name: web1, labels: {pool: web, zone: a}}\n"
	"---\n"
	"kind: Node\n"
	"metadata: {name: web2, labels: {pool: web, zone: b}}\n"
	"---\n"
	"kind: Node\n"
	"metadata: {name: gpu1, labels: {pool: gpu}}\n"
	"spec: {taints: [{key: sku, value: gpu, effect: NoSchedule},\n"
	"  {key: node.kubernetes.io/not-ready, effect: NoExecute}]}\n"
	"---\n";

struct scope_case {
	const char *selector, *object;
	bool counts;
};

#define OWNED "ownerReferences: [{kind: ReplicaSet}]"
#define AFFINITY(terms)                                                                  \
	"kind: Pod\nmetadata: {name: p, " OWNED "}\n"                                    \
	"spec: {hostPID: true, affinity: {nodeAffinity: "                                \
	"{requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [" terms   \
	"]}}}}\n"
#define POD(metadata, spec)                                                              \
	"kind: Pod\nmetadata: {name: p, " metadata "}\nspec: {hostPID: true, " spec "}"  \
	"\n"
#define IN(key, operator, values)                                                        \
	"{matchExpressions: [{key: " key ", operator: " operator", values: [" values     \
								"]}]}"

static const struct scope_case CASES[] = {
	{ "pool=web", POD(OWNED, ""), true },
	{ "pool=web", POD(OWNED, "nodeName: gpu1"), true }, /* may come anew */
	{ "pool=web", POD("", "nodeName: gpu1"), false },
	{ "pool=web", POD("", "nodeName: web2"), true },
	{ "pool=web", POD("", "nodeName: elsewhere"), true }, /* nobody knows it */
	{ "pool=web", POD("ownerReferences: [{kind: Node}]", "nodeName: gpu1"), false },
	{ "pool=web", POD(OWNED, "nodeSelector: {pool: web}"), true },
	{ "pool=web", POD(OWNED, "nodeSelector: {pool: gpu}"), false },
	{ "pool=web", POD(OWNED, "nodeSelector: {zone: b}"), true },
	{ "web1", POD(OWNED, "nodeSelector: {zone: b}"), false },
	{ "web1", POD(OWNED, "nodeSelector: {zone: a, no: x}"), false },
	{ "zone in (a,b)", POD(OWNED, "nodeSelector: {zone: b}"), true },
	{ "zone notin (b), pool=web", POD(OWNED, "nodeSelector: {zone: b}"), false },
	{ "zone!=b,pool", POD(OWNED, "nodeSelector: {zone: b}"), false },
	{ "!zone", POD(OWNED, "nodeSelector: {pool: web}"), false },
	{ "pool=web", AFFINITY(IN("pool", "In", "web, x")), true },
	{ "pool=web", AFFINITY(IN("pool", "In", "gpu")), false },
	{ "pool=web", AFFINITY(IN("pool", "NotIn", "web")), false },
	{ "pool=web", AFFINITY(IN("zone", "Exists", "")), true },
	{ "pool=web", AFFINITY(IN("zone", "DoesNotExist", "")), false },
	{ "pool=web", AFFINITY(IN("zone", "Gt", "3")), true },	    /* in doubt */
	{ "pool=web", AFFINITY(IN("zone", "Strange", "3")), true }, /* in doubt */
	{ "pool=web", AFFINITY(IN("pool", "In", "gpu") ", " IN("zone", "In", "a")),
	  true },
	{ "web1",
	  AFFINITY("{matchFields: [{key: metadata.name, operator: In, values: "
		   "[web2]}]}"),
	  false },
	{ "web1",
	  AFFINITY("{matchFields: [{key: metadata.name, operator: In, values: "
		   "[web1]}]}"),
	  true },
	{ "gpu1", POD(OWNED, ""), false }, /* its taint is not tolerated */
	{ "gpu1", POD(OWNED, "tolerations: [{operator: Exists}]"), true },
	{ "gpu1", POD(OWNED, "tolerations: [{key: sku, value: gpu}]"), true },
	{ "gpu1", POD(OWNED, "tolerations: [{key: sku, value: cpu}]"), false },
	{ "gpu1",
	  POD(OWNED, "tolerations: [{key: sku, operator: Exists, effect: "
		     "NoExecute}]"),
	  false },
	{ "gpu1", POD(OWNED, "nodeName: gpu1"), true },		     /* it is there */
	{ "nobody", POD(OWNED, "nodeSelector: {pool: web}"), true }, /* no such node */
	{ "pool=web",
	  "kind: PersistentVolume\nmetadata: {name: d}\nspec: {nfs: {}, nodeAffinity: "
	  "{required: {nodeSelectorTerms: [" IN("pool", "In", "gpu") "]}}}\n",
	  false },
	{ "pool=web", "kind: PersistentVolume\nmetadata: {name: d}\nspec: {nfs: {}}\n",
	  true },
	{ "pool=web",
	  "kind: DaemonSet\nmetadata: {name: d}\nspec: {template: {spec: {hostPID: true, "
	  "nodeSelector: {pool: gpu}}}}\n",
	  false },
};

static bool object_counts(const struct scope_case *one, struct error *err)
{
	char path[] = "/tmp/tare-scope-XXXXXX";
	const char *paths[] = { path };
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(closep) int fd = mkstemp(path);
	struct workload w;
	bool counts;

	strbuf_puts(&text, one->object);
	strbuf_puts(&text, "---\n");
	strbuf_puts(&text, NODES); /* behind the object, as kubectl may print them */
	assert_int_equal(io_write_all(fd, text.data, text.len), 0);
	workload_init(&w);
	assert_int_equal(workload_narrow(&w, one->selector, paths, 1, err), 0);
	assert_int_equal(workload_read_file(&w, path, err), 0);
	assert_int_equal(workload_finish(&w, err), 0);
	counts = needs_find(&w.needs, ROW_HOST_PID) ||
		 needs_find(&w.needs, ROW_VOLUME_NFS);
	workload_release(&w);
	unlink(path);
	return counts;
}

static void an_object_is_left_out_only_when_it_cannot_run_there(void **state)
{
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		if (object_counts(&CASES[i], &err) != CASES[i].counts)
			fail_msg("case %zu, --node '%s': %s\n%s", i, CASES[i].selector,
				 CASES[i].counts ? "must count" : "must not count",
				 CASES[i].object);
}

static void selectors_that_nobody_can_read_are_errors(void **state)
{
	static const char *const WRONG[] = { "",	"a=b c",      "a in b",
					     "a in ()", "a in (b",    "=b",
					     "a==b!",	"!a=b",	      "a=b,,c=d",
					     "a notin", "a=\x1b[31m", "a b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		struct scope *scope = NULL;
		struct error err = { 0 };

		if (scope_new(WRONG[i], &scope, &err) != -EINVAL)
			fail_msg("'%s' was taken", WRONG[i]);
		assert_non_null(strstr(err.text, "--node takes"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_is_left_out_only_when_it_cannot_run_there),
		cmocka_unit_test(selectors_that_nobody_can_read_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
