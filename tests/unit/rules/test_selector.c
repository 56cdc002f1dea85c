#include "rules/condition.h"

#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <errno.h>
#include <string.h>

static const char GRAPH[] =
	"os azurelinux\n"
	"pkg util-linux\n"
	"pkg kernel-core\n"
	"pkg kernel-drivers-gpu\n"
	"pkg dash\n"
	"pkg bash\n"
	"pkg glibc\n"
	"provide dash sh\n"
	"provide bash sh\n"
	"provide bash bash\n"
	"link /bin usr/bin\n"
	"link /sbin /usr/sbin\n"
	"link /lib usr/lib\n"
	"link /usr/lib64 lib\n"
	"dir /usr\n"
	"dir /usr/bin\n"
	"file /usr/bin/mount executable util-linux\n"
	"file /usr/bin/umount executable util-linux\n"
	"gone /usr/bin/nsenter executable util-linux\n"
	"file /usr/bin/README documentation util-linux\n"
	"link /usr/bin/sh dash dash\n"
	"file /usr/local/bin/mount script\n"
	"link /usr/sbin/mkfs.ext2 mke2fs util-linux\n"
	"file /usr/sbin/mkfs.xfs executable util-linux\n"
	"file /usr/lib/systemd/system/getty@.service unit util-linux\n"
	"link /etc/systemd/system/getty@tty1.service x\n"
	"file /usr/lib/systemd/system/a.socket unit util-linux\n"
	"link /usr/lib/libseccomp.so.2 libseccomp.so.2.5\n"
	"file /usr/lib/libseccomp.so.2.5 library\n"
	"file /usr/lib/odd/impl.so library\n"
	"soname /usr/lib/odd/impl.so libodd.so.1\n"
	"file /opt/lib/libopt.so.1 library\n"
	"file /usr/lib/modules/6/net/br_netfilter.ko.xz kernel-module "
	"kernel-core\n"
	"file /usr/lib/modules/6/xen-blkfront.ko kernel-module "
	"kernel-core\n"
	"file /usr/share/vim/tutor/tutor.ko data\n"
	"file /usr/lib/modules/6/gpu.ko.zst kernel-module "
	"kernel-drivers-gpu\n"
	"file /boot/vmlinuz-6 kernel kernel-core\n"
	"go /opt/bin/kubelet k8s.io/kubernetes v1.30.4\n"
	"file /opt/bin/kubelet executable\n";

static struct graph *graph;
static struct matcher *matcher;

static int setup(void **state)
{
	(void)state;
	graph = tiny_graph(GRAPH);
	matcher = matcher_new(graph);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	matcher_free(matcher);
	graph_free(graph);
	return 0;
}

static struct rule_doc *parse(const char *text)
{
	struct rule_doc *doc = NULL;
	struct error err = { 0 };

	if (rule_doc_parse("x.yaml", text, strlen(text), NULL, &doc, &err) < 0)
		fail_msg("%s", err.text);
	return doc;
}

/* The nodes that `key: value` selects, as one text in the order of nodes. */
static char *selected(const char *text)
{
	_cleanup_(rule_doc_freep) struct rule_doc *doc = parse(text);
	_cleanup_(selector_freep) struct selector *sel = NULL;
	struct strbuf out = { 0 };
	struct error err = { 0 };
	struct idset nodes;
	size_t count;

	if (selector_new(rule_doc_root(doc, 0)->first, &sel, &err) < 0)
		fail_msg("%s", err.text);
	idset_init(&nodes, graph->node_count + 1);
	count = selector_match(sel, matcher, &nodes);
	assert_int_equal(count, idset_count(&nodes));
	idset_each (&nodes, node) {
		bool file = graph_node_is_file(graph, (uint32_t)node);
		str_id name = file ? graph->files[node].path
				   : graph->packages[node - graph->file_count].name;

		strbuf_printf(&out, "%s%s", out.len ? " " : "", graph_text(graph, name));
	}
	idset_release(&nodes);
	return strbuf_detach(&out);
}

static void each_kind_finds_its_nodes(void **state)
{
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "command: mount", "/usr/bin/mount /usr/local/bin/mount" },
		{ "command: umount", "/usr/bin/umount" },
		{ "command: sh", "/usr/bin/sh" },
		{ "command: nsenter", "" }, /* missing on the disk */
		{ "command: README", "" },  /* no execute bit */
		{ "command: mkfs.*", "/usr/sbin/mkfs.ext2 /usr/sbin/mkfs.xfs" },
		{ "command: kubelet", "" }, /* /opt/bin is in no PATH */
		{ "command: [mount, umount]",
		  "/usr/bin/mount /usr/bin/umount /usr/local/bin/mount" },
		{ "path: /bin/mount", "/usr/bin/mount" },
		{ "path: /sbin/mkfs.*", "/usr/sbin/mkfs.ext2 /usr/sbin/mkfs.xfs" },
		{ "path: /sbin", "/sbin" },
		{ "path: /bin/nsenter", "" },
		{ "path: /usr/lib64/modules/*/gpu.ko*", "/usr/lib/modules/6/gpu.ko.zst" },
		{ "path: /lib/**/*.xz", "/usr/lib/modules/6/net/br_netfilter.ko.xz" },
		{ "path: /usr/bin/moun?", "/usr/bin/mount" },
		{ "path: /usr/bin", "/usr/bin" },
		{ "path: /usr/bi*", "" },
		{ "path: /usr/bin/**", "/usr/bin/README /usr/bin/mount /usr/bin/sh "
				       "/usr/bin/umount" },
		{ "unit: a.socket", "/usr/lib/systemd/system/a.socket" },
		{ "unit: getty@tty1.service", "/etc/systemd/system/getty@tty1.service "
					      "/usr/lib/systemd/system/getty@.service" },
		{ "unit: getty@tty9.service", "/usr/lib/systemd/system/getty@.service" },
		{ "unit: getty@.service", "/usr/lib/systemd/system/getty@.service" },
		{ "unit: b.socket", "" },
		{ "soname: libseccomp.so.2", "/usr/lib/libseccomp.so.2" },
		{ "soname: libseccomp.so*",
		  "/usr/lib/libseccomp.so.2 /usr/lib/libseccomp.so.2.5" },
		{ "soname: libodd.so.1", "/usr/lib/odd/impl.so" },
		{ "soname: libopt.so.1", "" },
		{ "module: br_netfilter", "/usr/lib/modules/6/net/br_netfilter.ko.xz" },
		{ "module: br-netfilter", "/usr/lib/modules/6/net/br_netfilter.ko.xz" },
		{ "module: xen_blkfront", "/usr/lib/modules/6/xen-blkfront.ko" },
		{ "module: xen*", "/usr/lib/modules/6/xen-blkfront.ko" },
		{ "module: overlay", "" },
		{ "module: tutor", "" }, /* a Korean text */
		{ "capability: sh", "bash dash" },
		{ "capability: ba*", "bash" },
		{ "capability: zsh", "" },
		{ "package: kernel*", "kernel-core kernel-drivers-gpu" },
		{ "package: kernel", "" },
		{ "category: kernel", "/boot/vmlinuz-6" },
		{ "category: kernel-module", "/usr/lib/modules/6/gpu.ko.zst "
					     "/usr/lib/modules/6/net/br_netfilter.ko.xz "
					     "/usr/lib/modules/6/xen-blkfront.ko" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(freep) char *found = selected(CASES[i].text);

		if (strcmp(found, CASES[i].wanted) != 0)
			fail_msg("%s: '%s', not '%s'", CASES[i].text, found,
				 CASES[i].wanted);
	}
}

static void selectors_are_joined(void **state)
{
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "any: [{command: umount}, {package: dash}, {command: no}]",
		  "/usr/bin/umount dash" },
		{ "first: [{command: no}, {command: umount}, {command: mount}]",
		  "/usr/bin/umount" },
		{ "first: [{command: no}, {command: none}]", "" },
		{ "first: [{command: [no, umount]}, {command: mount}]",
		  "/usr/bin/umount" },
		{ "all: [{category: kernel-module}, {package: kernel-drivers-*}]",
		  "/usr/lib/modules/6/gpu.ko.zst" },
		{ "all: [{package: kernel*}, {not: {package: kernel-core}}]",
		  "kernel-drivers-gpu" },
		{ "all: [{category: kernel-module}, {not: {package: kernel-core}}]",
		  "/usr/lib/modules/6/gpu.ko.zst" },
		{ "all: [{package: util-linux}, {path: /usr/bin/*}, "
		  "{not: {category: documentation}}]",
		  "/usr/bin/mount /usr/bin/umount" },
		{ "all: [{not: {path: /usr/bin/u*}}, {package: util-linux}, "
		  "{category: executable}]",
		  "/usr/bin/mount /usr/sbin/mkfs.xfs" },
		{ "all: [{capability: sh}, {package: d*}]", "dash" },
		{ "all: [{any: [{command: mount}, {command: umount}]}, "
		  "{path: /usr/local/**}]",
		  "/usr/local/bin/mount" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(freep) char *found = selected(CASES[i].text);

		if (strcmp(found, CASES[i].wanted) != 0)
			fail_msg("%s: '%s', not '%s'", CASES[i].text, found,
				 CASES[i].wanted);
	}
}

static void wrong_selectors_have_a_place(void **state)
{
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "command: /bin/sh", "x.yaml:1:10: a command is a name without '/' (for "
				      "one file use 'path')" },
		{ "command: [a, b/c]",
		  "x.yaml:1:14: a command is a name without '/' (for one file use "
		  "'path')" },
		{ "command: {a: b}",
		  "x.yaml:1:10: 'command': this must be a text or a list of texts, not a "
		  "map" },
		{ "path: usr/bin", "x.yaml:1:7: a path begins with '/'" },
		{ "path: /usr/", "x.yaml:1:7: a path does not end in '/' (for all below "
				 "a folder write '/**')" },
		{ "path: /usr/../etc",
		  "x.yaml:1:7: a path has no '//', '/./' or '/../'" },
		{ "path: /a//b", "x.yaml:1:7: a path has no '//', '/./' or '/../'" },
		{ "path: /a/..", "x.yaml:1:7: a path has no '//', '/./' or '/../'" },
		{ "unit: containerd", "x.yaml:1:7: a unit's name ends in its type, such "
				      "as '.service' or '.socket'" },
		{ "unit: a/b.service", "x.yaml:1:7: a unit is a name without '/'" },
		{ "soname: libc", "x.yaml:1:9: a soname is a name such as "
				  "'libseccomp.so.2', without a folder" },
		{ "module: overlay.ko", "x.yaml:1:9: a module is a name such as "
					"'br_netfilter', without a folder and '.ko'" },
		{ "package: a/b",
		  "x.yaml:1:10: a package is a name or glob without '/' and spaces" },
		{ "category: kernal",
		  "x.yaml:1:11: there is no category 'kernal' (did you mean 'kernel'?)" },
		{ "category: zzzzzzzz", "x.yaml:1:11: there is no category 'zzzzzzzz' "
					"(see tare-rules(5))" },
		{ "comand: a", "x.yaml:1:1: unknown key 'comand' (did you mean "
			       "'command'?)" },
		{ "any: [{command: a, path: /b}]",
		  "x.yaml:1:20: one selector has one key (to join selectors use 'all' or "
		  "'any')" },
		{ "any: {command: a}",
		  "x.yaml:1:6: 'any': this must be a list of maps (each begins with '- "
		  "'), not a map" },
		{ "any: [{not: {command: a}}]",
		  "x.yaml:1:8: 'not' stands only in the list of 'all', beside what it "
		  "takes away from" },
		{ "all: [{not: {command: a}}]",
		  "x.yaml:1:6: 'all' needs at least one selector that is no 'not'" },
		{ "all: [{command: a}, {not: {nit: b}}]",
		  "x.yaml:1:28: unknown key 'nit' (did you mean 'unit'?)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(rule_doc_freep) struct rule_doc *doc = parse(CASES[i].text);
		struct selector *sel = NULL;
		struct error err = { 0 };

		assert_int_equal(selector_new(rule_doc_root(doc, 0)->first, &sel, &err),
				 -EINVAL);
		assert_null(sel);
		assert_string_equal(err.text, CASES[i].wanted);
	}
}

static void selectors_are_written_as_text(void **state)
{
	_cleanup_(rule_doc_freep) struct rule_doc *doc =
		parse("all: [{any: [{path: /a}, {unit: [a.service, b.socket]}]}, "
		      "{not: {package: \"\\e\"}}]");
	_cleanup_(selector_freep) struct selector *sel = NULL;
	_cleanup_(freep) char *text = NULL;

	(void)state;
	assert_int_equal(selector_new(rule_doc_root(doc, 0)->first, &sel, NULL), 0);
	text = selector_text(sel);
	assert_string_equal(text, "all: [any: [path: /a, [unit: a.service, unit: "
				  "b.socket]], not: {package: \\x1b}]");
	assert_int_equal(selector_count(sel), 1);
	assert_false(selector_is_packages(sel));
}

static bool holds(const char *text, const char *const *facts, size_t count)
{
	_cleanup_(rule_doc_freep) struct rule_doc *doc = parse(text);
	_cleanup_(condition_freep) struct condition *cond = NULL;
	struct facts given = { facts, count };
	struct error err = { 0 };

	if (condition_new(rule_doc_root(doc, 0), &cond, &err) < 0)
		fail_msg("%s: %s", text, err.text);
	return condition_holds(cond, matcher, &given);
}

static void conditions_ask_graph_and_facts(void **state)
{
	static const char *const FACTS[] = { "volume.nfs", "kubernetes=1.29.3",
					     "gpu=a100" };
	static const struct {
		const char *text;
		bool without, with;
	} CASES[] = {
		{ "package: dash", true, true },
		{ "package: [dash, zsh]", false, false },
		{ "package: dash\ncommand: nsenter", false, false },
		{ "command: mount", true, true },
		{ "os: [debian, azurelinux]", true, true },
		{ "os: debian", false, false },
		{ "arch: x86_64", true, true },
		{ "arch: [aarch64]", false, false },
		{ "fact: volume.nfs", false, true },
		{ "fact: volume", false, false },
		{ "fact: gpu", false, true },
		{ "fact: gpu=a100", false, true },
		{ "fact: gpu=h100", false, false },
		{ "fact: [gpu, volume.nfs]", false, true },
		/* without facts the kubelet in the root says 1.30.4 */
		{ "kubernetes: \">=1.30\"", true, false },
		{ "kubernetes: \"<1.30\"", false, true },
		{ "kubernetes: [\"1.29\", \"1.30\"]", true, true },
		{ "go-module: k8s.io/kubernetes", true, true },
		{ "go-module: k8s.io/other", false, false },
		{ "not: {package: dash}", false, false },
		{ "any: [{package: zsh}, {fact: gpu}]", false, true },
		{ "all: [{package: dash}, {not: {package: zsh}}]", true, true },
		{ "all: [{package: dash}, {package: zsh}]", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		if (holds(CASES[i].text, NULL, 0) != CASES[i].without)
			fail_msg("%s without facts", CASES[i].text);
		if (holds(CASES[i].text, FACTS, ARRAY_LEN(FACTS)) != CASES[i].with)
			fail_msg("%s with facts", CASES[i].text);
	}
	assert_true(condition_holds(NULL, matcher, &(struct facts){ 0 }));
}

/* Does a condition hold on a graph of these lines, without facts? */
static bool holds_on(const char *lines, const char *text)
{
	struct graph *g = tiny_graph(lines);
	struct matcher *m = matcher_new(g);
	_cleanup_(rule_doc_freep) struct rule_doc *doc = parse(text);
	_cleanup_(condition_freep) struct condition *cond = NULL;
	bool yes;

	assert_int_equal(condition_new(rule_doc_root(doc, 0), &cond, NULL), 0);
	yes = condition_holds(cond, m, &(struct facts){ 0 });
	matcher_free(m);
	graph_free(g);
	return yes;
}

static void an_unknown_version_may_be_any_that_is_met(void **state)
{
	static const char NONE[] = "pkg a\n";
	static const char DEVEL[] = "file /opt/bin/kubelet executable\n"
				    "go /opt/bin/kubelet k8s.io/kubernetes (devel)\n";
	static const char TWO[] = "file /opt/bin/kubelet-1 executable\n"
				  "go /opt/bin/kubelet-1 k8s.io/kubernetes v1.29.1\n"
				  "file /opt/bin/kubelet-2 executable\n"
				  "go /opt/bin/kubelet-2 k8s.io/kubernetes v1.34.0\n";

	(void)state;
	assert_true(holds_on(NONE, "kubernetes: \"<1.32\""));
	assert_true(holds_on(NONE, "kubernetes: \">=1.36\""));
	assert_false(holds_on(NONE, "kubernetes: \"<1.24\""));
	assert_true(holds_on(DEVEL, "kubernetes: \"1.30\""));
	assert_false(holds_on(DEVEL, "kubernetes: \"<1.24\""));
	assert_true(holds_on(TWO, "kubernetes: \"<1.30\""));
	assert_true(holds_on(TWO, "kubernetes: \">=1.34\""));
	assert_false(holds_on(TWO, "kubernetes: \"1.32\""));
}

static void wrong_conditions_have_a_place(void **state)
{
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "pakage: a",
		  "x.yaml:1:1: unknown key 'pakage' (did you mean 'package'?)" },
		{ "kubernetes: newest", "x.yaml:1:13: a range of versions looks like "
					"\">=1.28 <1.32\"" },
		{ "kubernetes: [1.30, \">= 1\"]",
		  "x.yaml:1:20: a range of versions looks like \">=1.28 <1.32\"" },
		{ "any: [{os: []}]",
		  "x.yaml:1:12: this list is empty (give a text or a list of texts)" },
		{ "not: a", "x.yaml:1:6: 'not': this must be a map of keys and values, "
			    "not a single value" },
		{ "unit: a", "x.yaml:1:7: a unit's name ends in its type, such as "
			     "'.service' or '.socket'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(rule_doc_freep) struct rule_doc *doc = parse(CASES[i].text);
		struct condition *cond = NULL;
		struct error err = { 0 };

		assert_int_equal(condition_new(rule_doc_root(doc, 0), &cond, &err),
				 -EINVAL);
		assert_null(cond);
		assert_string_equal(err.text, CASES[i].wanted);
	}
}

static void conditions_are_written_as_text(void **state)
{
	_cleanup_(rule_doc_freep) struct rule_doc *doc =
		parse("package: dash\nnot: {os: [a, b]}\n");
	_cleanup_(condition_freep) struct condition *cond = NULL;
	_cleanup_(freep) char *text = NULL, *none = condition_text(NULL);

	(void)state;
	assert_int_equal(condition_new(rule_doc_root(doc, 0), &cond, NULL), 0);
	text = condition_text(cond);
	assert_string_equal(text, "all: [package: dash, not: [os: a, b]]");
	assert_string_equal(none, "");
}

static void links_that_turn_in_circles_end(void **state)
{
	struct graph *g = tiny_graph("link /a b\n"
				     "link /b /a\n"
				     "link /up ../../..\n"
				     "file /etc/x config\n");
	struct matcher *m = matcher_new(g);
	struct idset nodes;

	(void)state;
	idset_init(&nodes, g->node_count + 1);
	matcher_add_paths(m, "/a/c", matcher_is_anything, &nodes);
	matcher_add_paths(m, "/a/**", matcher_is_anything, &nodes);
	assert_int_equal(idset_count(&nodes), 0);
	matcher_add_paths(m, "/up/etc/x", matcher_is_anything, &nodes);
	assert_true(idset_has(&nodes, tiny_file(g, "/etc/x")));
	idset_release(&nodes);
	matcher_free(m);
	graph_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_finds_its_nodes),
		cmocka_unit_test(selectors_are_joined),
		cmocka_unit_test(wrong_selectors_have_a_place),
		cmocka_unit_test(selectors_are_written_as_text),
		cmocka_unit_test(conditions_ask_graph_and_facts),
		cmocka_unit_test(an_unknown_version_may_be_any_that_is_met),
		cmocka_unit_test(wrong_conditions_have_a_place),
		cmocka_unit_test(conditions_are_written_as_text),
		cmocka_unit_test(links_that_turn_in_circles_end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
