#include "rules/intent.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "rules/rule_check.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char GRAPH[] = "pkg containerd\n"
			    "pkg filesystem\n"
			    "pkg nfs-utils\n"
			    "pkg telnet\n"
			    "file /usr/bin/containerd executable containerd\n"
			    "file /usr/sbin/mount.nfs executable nfs-utils\n"
			    "file /usr/sbin/umount.nfs executable nfs-utils\n"
			    "file /opt/bin/tool executable\n"
			    "file /opt/bin/helper script\n"
			    "file /opt/bin/data data\n"
			    "file /opt/lib/plugin.so library\n"
			    "made /usr/local/bin/copied executable copied-in\n"
			    "file /var/lib/x container-storage\n"
			    "file /etc/cni/net.conf config\n";

/* Rules in a folder of their own, and the graph above. */
struct fixture {
	char *folder;
	struct lookup lookup;
	struct graph *graph;
};

static char *write_rule(const struct fixture *f, const char *name, const char *text)
{
	char *path = mem_printf("%s/%s", f->folder, name);

	assert_int_equal(io_write_file(path, text, strlen(text), NULL), 0);
	return path;
}

static void profile(const struct fixture *f, const char *name, const char *rest)
{
	_cleanup_(freep) char *file = mem_printf("profiles/%s.yaml", name);
	_cleanup_(freep) char *text = mem_printf(
		"profile: %s\nsummary: S\nfeature: F of %s\n%s", name, name, rest);

	free(write_rule(f, file, text));
}

static int setup(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));
	_cleanup_(freep) char *profiles = NULL;

	assert_int_equal(io_tempdir(&f->folder, NULL), 0);
	profiles = mem_printf("%s/profiles", f->folder);
	assert_int_equal(mkdir(profiles, 0755), 0);
	setenv("TARE_RULES", f->folder, 1);
	assert_int_equal(lookup_init(&f->lookup, NULL, NULL), 0);
	f->graph = tiny_graph(GRAPH);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	unsetenv("TARE_RULES");
	lookup_release(&f->lookup);
	graph_free(f->graph);
	io_tempdir_remove(f->folder);
	free(f);
	return 0;
}

static const char *node_name(const struct graph *g, uint32_t node)
{
	return graph_node_is_file(g, node)
		       ? graph_text(g, g->files[node].path)
		       : graph_text(g, g->packages[graph_node_package(g, node)].name);
}

/* Roots (or unwanted, features) one a line, without the folder in places. */
static char *written(const struct fixture *f, const struct intent_root *roots, size_t len)
{
	static const char *const SOURCES[] = { "profile", "keep", "protected",
					       "unowned" };
	struct strbuf out = { 0 };

	for (size_t i = 0; i < len; i++) {
		const struct intent_root *r = &roots[i];
		size_t skip = strncmp(r->place, f->folder, strlen(f->folder)) == 0
				      ? strlen(f->folder) + 1
				      : 0;

		if (r->source == INTENT_UNOWNED) {
			strbuf_printf(&out, "%s unowned\n", node_name(f->graph, r->node));
			continue;
		}
		strbuf_printf(&out, "%s %s%s [%s] %s | %s | %s\n",
			      node_name(f->graph, r->node), SOURCES[r->source],
			      r->optional ? "?" : "", r->selector, r->place + skip,
			      r->why, r->feature);
	}
	return strbuf_detach(&out);
}

#define UNOWNED                                                                          \
	"/opt/bin/helper unowned\n"                                                      \
	"/opt/bin/tool unowned\n"                                                        \
	"/opt/lib/plugin.so unowned\n"
#define COPIED "/usr/local/bin/copied unowned\n"

static void roots_are_resolved_and_sorted(void **state)
{
	struct fixture *f = *state;
	_cleanup_(intent_freep) struct intent *intent = NULL;
	_cleanup_(freep) char *roots = NULL, *keep = NULL, *unwanted = NULL,
			      *features = NULL;
	const char *names[] = { "host" }, *files[1];
	struct intent_request ask = {
		.lookup = &f->lookup,
		.profiles = names,
		.profile_count = 1,
		.keep_files = files,
		.keep_file_count = 1,
	};
	struct error err = { 0 };

	profile(f, "host",
		"include: runtime\n"
		"keep:\n"
		"  - command: [mount.nfs, umount.nfs]\n"
		"    why: volumes\n"
		"    feature: NFS\n"
		"    optional: true\n"
		"protected: [{package: filesystem, why: base}]\n"
		"unwanted: [{package: telnet, why: clear}, {package: rsh, why: "
		"clear}]\n");
	profile(f, "runtime", "keep: [{command: containerd, why: it}]\n");
	profile(f, "remote", "keep: [{package: telnet, why: old}]\n");
	keep = write_rule(f, "mine.keep", "telnet # team X\n/etc/cni/*.conf\n");
	files[0] = keep;
	if (intent_resolve(f->graph, &ask, &intent, &err) < 0)
		fail_msg("%s", err.text);
	roots = written(f, intent->roots.data, intent->roots.len);
	assert_string_equal(
		roots,
		"/etc/cni/net.conf keep [path: /etc/cni/*.conf] mine.keep:2 | listed in "
		"a "
		"keep file | \n" UNOWNED
		"/usr/bin/containerd profile [command: containerd] "
		"profiles/runtime.yaml:4 | it | F of runtime\n" COPIED
		"/usr/sbin/mount.nfs profile? [command: mount.nfs] "
		"profiles/host.yaml:6 | volumes | NFS\n"
		"/usr/sbin/umount.nfs profile? [command: umount.nfs] "
		"profiles/host.yaml:6 | volumes | NFS\n"
		"filesystem protected [package: filesystem] profiles/host.yaml:10 | base "
		"| F of host\n"
		"telnet keep [package: telnet] mine.keep:1 | team X | \n");
	unwanted = written(f, intent->unwanted.data, intent->unwanted.len);
	assert_string_equal(unwanted, "telnet profile [package: telnet] "
				      "profiles/host.yaml:11 | clear | F of host\n");
	features = written(f, intent->features.data, intent->features.len);
	assert_string_equal(features, "telnet profile [package: telnet] "
				      "profiles/remote.yaml:4 | old | F of remote\n");
	assert_int_equal(intent->profiles.len, 2);
	assert_string_equal(intent->profiles.data[0], "runtime");
	assert_string_equal(intent->profiles.data[1], "host");
	assert_int_equal(intent->protect.len, 1);
	assert_int_equal(intent->protect.data[0],
			 graph_find_package(f->graph, "filesystem", NULL));
	assert_int_equal(intent->misses.len, 0);
}

static void nothing_asked_leaves_only_unowned_programs(void **state)
{
	struct fixture *f = *state;
	_cleanup_(intent_freep) struct intent *intent = NULL;
	_cleanup_(freep) char *roots = NULL;
	struct intent_request ask = { .lookup = &f->lookup };

	assert_int_equal(intent_resolve(f->graph, &ask, &intent, NULL), 0);
	roots = written(f, intent->roots.data, intent->roots.len);
	assert_string_equal(roots, UNOWNED COPIED);
}

static void what_is_missing_is_named(void **state)
{
	struct fixture *f = *state;
	struct intent *intent = NULL;
	const char *names[] = { "host" };
	struct intent_request ask = { .lookup = &f->lookup,
				      .profiles = names,
				      .profile_count = 1 };
	_cleanup_(freep) char *one = mem_printf(
		"%s/profiles/host.yaml:6:27: nothing in this root is 'command: "
		"runc' (install it, or give the entry 'optional: true' or a "
		"'when:')",
		f->folder);
	_cleanup_(freep) char *two = mem_printf("%s; and 1 more", one);
	struct error err = { 0 };

	profile(f, "host",
		"keep:\n"
		"  - {path: /none, why: w, optional: true}\n"
		"  - command: [containerd, runc]\n"
		"    why: w\n"
		"  - {unit: a.service, why: w, when: {package: zsh}}\n");
	assert_int_equal(intent_resolve(f->graph, &ask, &intent, &err), -ESRCH);
	assert_string_equal(err.text, one);
	assert_null(intent);
	profile(f, "host",
		"keep:\n"
		"  - {path: /none, why: w, optional: true}\n"
		"  - command: [containerd, runc]\n"
		"    why: w\n"
		"  - {unit: a.service, why: w}\n");
	assert_int_equal(intent_resolve(f->graph, &ask, &intent, &err), -ESRCH);
	assert_string_equal(err.text, two);
}

static void misses_are_listed(void **state)
{
	struct fixture *f = *state;
	_cleanup_(intent_freep) struct intent *intent = NULL;
	const char *names[] = { "host" };
	struct intent_request ask = { .lookup = &f->lookup,
				      .profiles = names,
				      .profile_count = 1,
				      .lenient = true };
	const struct intent_miss *miss;

	profile(f, "host",
		"keep:\n"
		"  - {path: /none, why: w, optional: true}\n"
		"  - {command: runc, why: w}\n"
		"  - {unit: [a.service, b.service], why: w, when: {package: zsh}}\n");
	assert_int_equal(intent_resolve(f->graph, &ask, &intent, NULL), 0);
	assert_int_equal(intent->misses.len, 3);
	miss = intent->misses.data;
	assert_int_equal(miss[0].reason, MISS_OPTIONAL);
	assert_string_equal(miss[0].selector, "path: /none");
	assert_string_equal(miss[0].when, "");
	assert_int_equal(miss[1].reason, MISS_OPTIONAL);
	assert_string_equal(miss[1].selector, "command: runc");
	assert_int_equal(miss[2].reason, MISS_WHEN);
	assert_string_equal(miss[2].selector, "[unit: a.service, unit: b.service]");
	assert_string_equal(miss[2].when, "package: zsh");
}

static void a_profile_may_have_a_condition(void **state)
{
	struct fixture *f = *state;
	_cleanup_(intent_freep) struct intent *without = NULL, *with = NULL;
	const char *names[] = { "gpu" };
	const char *const facts[] = { "gpu" };
	struct intent_request ask = { .lookup = &f->lookup,
				      .profiles = names,
				      .profile_count = 1 };

	profile(f, "gpu",
		"when: {fact: gpu}\n"
		"keep: [{command: containerd, why: w}]\n"
		"protected: [{package: telnet, why: w}]\n");
	assert_int_equal(intent_resolve(f->graph, &ask, &without, NULL), 0);
	assert_int_equal(without->misses.len, 2);
	assert_string_equal(without->misses.data[0].when, "fact: gpu");
	assert_int_equal(without->protect.len, 0);
	ask.facts = (struct facts){ facts, 1 };
	assert_int_equal(intent_resolve(f->graph, &ask, &with, NULL), 0);
	assert_int_equal(with->misses.len, 0);
	assert_int_equal(with->protect.len, 1);
	assert_int_equal(with->roots.len, without->roots.len + 2);
}

static void unowned_programs_bring_their_profile(void **state)
{
	struct fixture *f = *state;
	struct graph *g = tiny_graph("pkg a\n"
				     "file /opt/bin/kubelet-1 executable\n"
				     "go /opt/bin/kubelet-1 k8s.io/kubernetes v1.33.2\n"
				     "file /usr/bin/crio executable a\n"
				     "go /usr/bin/crio github.com/cri-o/cri-o v1\n"
				     "file /usr/bin/mount executable a\n"
				     "file /usr/bin/nft executable a\n");
	_cleanup_(intent_freep) struct intent *on = NULL, *off = NULL;
	struct intent_request ask = { .lookup = &f->lookup };

	profile(f, "kubelet",
		"include: net\n"
		"recognise: [{go-module: k8s.io/kubernetes, name: kubelet*}]\n"
		"keep: [{command: [mount, none], why: w}]\n");
	profile(f, "net", "keep: [{command: nft, why: w}]\n");
	profile(f, "proxy",
		"recognise: [{go-module: k8s.io/kubernetes, name: kube-proxy}]\n"
		"keep: [{command: nft, why: w}]\n");
	profile(f, "crio", /* its program has an owner */
		"recognise: [{go-module: github.com/cri-o/cri-o, name: crio}]\n"
		"keep: [{command: nft, why: w}]\n");
	assert_int_equal(intent_resolve(g, &ask, &on, NULL), 0);
	assert_int_equal(on->profiles.len, 2);
	assert_string_equal(on->profiles.data[0], "net");
	assert_string_equal(on->profiles.data[1], "kubelet");
	assert_int_equal(on->recognised.len, 1);
	assert_string_equal(on->recognised.data[0].profile, "kubelet");
	assert_int_equal(on->recognised.data[0].file, tiny_file(g, "/opt/bin/kubelet-1"));
	assert_int_equal(on->roots.len, 3);
	assert_int_equal(on->misses.len, 1);
	assert_string_equal(on->misses.data[0].selector, "command: none");
	assert_int_equal(on->features.len, 2);
	ask.no_recognise = true;
	assert_int_equal(intent_resolve(g, &ask, &off, NULL), 0);
	assert_int_equal(off->profiles.len, 0);
	assert_int_equal(off->roots.len, 1);
	graph_free(g);
}

/* A host that promises what objects use, or may use. */
static void promise(struct fixture *f)
{
	profile(f, "host",
		"include:\n"
		"  - {profile: net, when: {used: volume.net}}\n"
		"  - profile: card\n"
		"keep:\n"
		"  - {command: umount.nfs, why: w, when: {used: [volume.a, "
		"volume.b]}}\n");
	profile(f, "net", "keep: [{command: mount.nfs, why: w}]\n");
	profile(f, "card", "include: [{profile: deep, when: {fact: card}}]\n");
	profile(f, "deep", "keep: [{package: telnet, why: w}]\nfacts: volume.a\n");
	profile(f, "objects", "facts: [objects.all, volume.x]\n");
	profile(f, "users",
		"facts: [objects.all, volume.net, volume.b, card]\n"
		"include: [{profile: net, why: Pod a uses it, optional: true}]\n");
}

static void resolve_names(const struct fixture *f, const char *second,
			  struct intent **ret)
{
	const char *names[] = { "host", second };
	struct intent_request ask = { .lookup = &f->lookup,
				      .profiles = names,
				      .profile_count = second ? 2 : 1 };
	struct error err = { 0 };

	if (intent_resolve(f->graph, &ask, ret, &err) < 0)
		fail_msg("%s", err.text);
}

static bool has_node(const struct intent_root *list, size_t len, uint32_t node)
{
	for (size_t i = 0; i < len; i++)
		if (list[i].node == node && list[i].source != INTENT_UNOWNED)
			return true;
	return false;
}

static void what_no_object_uses_is_left_out_and_a_feature_lost(void **state)
{
	struct fixture *f = *state;
	uint32_t nfs = tiny_file(f->graph, "/usr/sbin/mount.nfs"),
		 unfs = tiny_file(f->graph, "/usr/sbin/umount.nfs");
	_cleanup_(intent_freep) struct intent *doubt = NULL, *none = NULL;

	promise(f);
	resolve_names(f, NULL, &doubt);
	assert_true(has_node(doubt->roots.data, doubt->roots.len, nfs));
	assert_true(has_node(doubt->roots.data, doubt->roots.len, unfs));
	assert_int_equal(doubt->left_out.len, 1); /* deep: nobody has the card */
	assert_string_equal(doubt->left_out.data[0], "deep");
	resolve_names(f, "objects", &none);
	assert_false(has_node(none->roots.data, none->roots.len, nfs));
	assert_false(has_node(none->roots.data, none->roots.len, unfs));
	assert_true(has_node(none->features.data, none->features.len, nfs));
	assert_true(has_node(none->features.data, none->features.len, unfs));
	assert_int_equal(none->left_out.len, 2);
	assert_string_equal(none->left_out.data[0], "net");
	assert_int_equal(none->misses.len, 1);
	assert_string_equal(none->misses.data[0].when, "used: volume.a, volume.b");
}

static void what_objects_use_stays_and_says_who(void **state)
{
	struct fixture *f = *state;
	uint32_t nfs = tiny_file(f->graph, "/usr/sbin/mount.nfs");
	_cleanup_(intent_freep) struct intent *used = NULL;

	promise(f);
	resolve_names(f, "users", &used);
	assert_int_equal(used->left_out.len, 0);
	assert_true(has_node(used->roots.data, used->roots.len,
			     tiny_file(f->graph, "/usr/sbin/umount.nfs")));
	assert_true(has_node(used->roots.data, used->roots.len,
			     tiny_package(f->graph, "telnet")));
	array_each (&used->roots, i)
		if (used->roots.data[i].node == nfs)
			assert_string_equal(used->roots.data[i].why,
					    "w; for Pod a uses it");
}

static void broken_files_are_errors_where_they_are_asked_for(void **state)
{
	struct fixture *f = *state;
	struct intent *intent = NULL;
	_cleanup_(freep) char *keep = NULL, *wanted = NULL, *absent = NULL;
	const char *files[1] = { "/no/such.keep" };
	struct intent_request ask = { .lookup = &f->lookup,
				      .keep_files = files,
				      .keep_file_count = 1 };
	struct error err = { 0 };

	profile(f, "broken", "keep: [\n");
	assert_int_equal(intent_resolve(f->graph, &ask, &intent, &err), -ENOENT);
	keep = write_rule(f, "a.keep", "containerd\n\nzsh # shell\n");
	files[0] = keep;
	wanted = mem_printf("%s:3:1: nothing in this root is 'package: zsh' (correct the "
			    "line or remove it)",
			    keep);
	assert_int_equal(intent_resolve(f->graph, &ask, &intent, &err), -ESRCH);
	assert_string_equal(err.text, wanted);
	free(keep);
	keep = write_rule(f, "b.yaml", "profile: b\nsummary: s\n");
	files[0] = keep;
	absent = mem_printf("%s:1:1: this is a profile, no keep file (use it with "
			    "--profile)",
			    keep);
	assert_int_equal(intent_resolve(f->graph, &ask, &intent, &err), -EINVAL);
	assert_string_equal(err.text, absent);
}

static void note_problem(const char *problem, void *arg)
{
	strbuf_printf(arg, "%s\n", problem);
}

static void checking_against_a_graph_finds_gaps(void **state)
{
	struct fixture *f = *state;
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	const char *names[] = { "good", "bad", NULL };
	struct rules_to_check what = { names, 3, f->graph };
	_cleanup_(freep) char *keep = write_rule(f, "k.yaml",
						 "keep: [{package: zsh, "
						 "why: w}]\n");

	profile(f, "good", "keep: [{command: containerd, why: w}]\n");
	profile(f, "bad", "keep: [{command: runc, why: w}]\n");
	names[2] = keep;
	assert_int_equal(rules_check(&f->lookup, &what, note_problem, &out, NULL), 2);
	assert_non_null(strstr(strbuf_text(&out), "bad.yaml:4:18: nothing in this root "
						  "is 'command: runc'"));
	assert_non_null(strstr(strbuf_text(&out), "k.yaml:1:18: nothing in this root is "
						  "'package: zsh'"));
}

static void includes_give_reasons_and_profiles_state_facts(void **state)
{
	struct fixture *f = *state;
	_cleanup_(intent_freep) struct intent *intent = NULL;
	_cleanup_(freep) char *roots = NULL;
	const char *names[] = { "cluster" };
	struct intent_request ask = {
		.lookup = &f->lookup,
		.profiles = names,
		.profile_count = 1,
	};
	struct error err = { 0 };

	profile(f, "cluster",
		"facts: [volume.nfs, kubernetes=1.31.2]\n"
		"include: [{profile: volumes, why: PersistentVolume a, optional: "
		"true}]\n");
	profile(f, "volumes",
		"include: helpers\n"
		"keep:\n"
		"  - {command: mount.nfs, why: mounts, when: {fact: volume.nfs}}\n"
		"  - {command: containerd, why: old, when: {kubernetes: \"<1.31\"}}\n"
		"  - {command: nowhere, why: needed}\n");
	profile(f, "helpers",
		"keep: [{command: umount.nfs, why: unmounts}, "
		"{command: nothing, why: needed}]\n");
	if (intent_resolve(f->graph, &ask, &intent, &err) < 0)
		fail_msg("%s", err.text);
	roots = written(f, intent->roots.data, intent->roots.len);
	assert_string_equal(
		roots, UNOWNED COPIED
		"/usr/sbin/mount.nfs profile [command: mount.nfs] "
		"profiles/volumes.yaml:6 "
		"| mounts; for PersistentVolume a | F of volumes\n"
		"/usr/sbin/umount.nfs profile [command: umount.nfs] "
		"profiles/helpers.yaml:4 | unmounts; for PersistentVolume a | F of "
		"helpers\n");
	intent_free(steal_ptr(&intent));
	/* asked for by name it must find what it requires */
	names[0] = "volumes";
	assert_int_equal(intent_resolve(f->graph, &ask, &intent, &err), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(roots_are_resolved_and_sorted, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			nothing_asked_leaves_only_unowned_programs, setup, teardown),
		cmocka_unit_test_setup_teardown(
			includes_give_reasons_and_profiles_state_facts, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_missing_is_named, setup,
						teardown),
		cmocka_unit_test_setup_teardown(misses_are_listed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_profile_may_have_a_condition, setup,
						teardown),
		cmocka_unit_test_setup_teardown(unowned_programs_bring_their_profile,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_no_object_uses_is_left_out_and_a_feature_lost, setup,
			teardown),
		cmocka_unit_test_setup_teardown(what_objects_use_stays_and_says_who,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			broken_files_are_errors_where_they_are_asked_for, setup,
			teardown),
		cmocka_unit_test_setup_teardown(checking_against_a_graph_finds_gaps,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
