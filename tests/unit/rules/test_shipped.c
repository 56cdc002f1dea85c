/*
 * The shipped profiles on a node with Azure Linux's names and folders (azure-linux.graph).
 * That they fit the Debian-made test bed is tested on the real roots.
 */
#include "base/io.h"
#include "base/mem.h"
#include "rules/intent.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct fixture {
	char *lines;
	struct graph *graph;
	struct lookup lookup;
};

static int setup(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));
	size_t len;

	assert_int_equal(io_read_file(TEST_SOURCE_DIR "/unit/rules/azure-linux.graph",
				      1 << 20, &f->lines, &len, NULL),
			 0);
	f->graph = tiny_graph(f->lines);
	unsetenv("TARE_RULES");
	assert_int_equal(lookup_init(&f->lookup, NULL, NULL), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	graph_free(f->graph);
	lookup_release(&f->lookup);
	free(f->lines);
	free(f);
	return 0;
}

static int resolve(const struct fixture *f, const struct graph *g, const char *name,
		   struct intent **ret, struct error *err)
{
	struct intent_request ask = { .lookup = &f->lookup,
				      .profiles = &name,
				      .profile_count = 1 };

	return intent_resolve(g, &ask, ret, err);
}

static bool is_root(const struct intent *intent, uint32_t node)
{
	array_each (&intent->roots, i)
		if (intent->roots.data[i].node == node)
			return true;
	return false;
}

static void every_profile_of_the_node_fits(void **state)
{
	static const char *const NAMES[] = {
		"minimal-boot",
		"minimal-userland",
		"containerd-host",
		"kubelet",
		"kubeadm",
		"kube-proxy",
		"block-volumes",
		"nfs-volumes",
		"smb-volumes",
		"csi-azuredisk",
		"csi-azurefile",
		"csi-blob",
		"csi-nfs",
		"fc-volumes",
		"nvidia",
		"cloud-init",
		"azure-agent",
		"operator-shell",
		"update-stack",
		"immutable-host",
		"node-security",
		"aks-node",
		"diagnostics",
		"k3s",
		"k0s",
		"cilium",
		"docker-rootless",
		"docker-storage",
		"crun-handlers",
		"cis-azure-linux-3",
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		_cleanup_(intent_freep) struct intent *intent = NULL;
		struct error err = { 0 };

		if (resolve(f, f->graph, NAMES[i], &intent, &err) < 0)
			fail_msg("%s: %s", NAMES[i], err.text);
	}
}

static void an_aks_node_keeps_what_it_calls(void **state)
{
	static const char *const PATHS[] = {
		"/usr/sbin/modprobe",
		"/usr/sbin/iptables",
		"/usr/lib/iptables/libxt_comment.so",
		"/opt/cni/bin/azure-vnet",
		"/opt/bin/kubelet",
		"/usr/sbin/request-key",
		"/etc/request-key.d/id_resolver.conf",
		"/usr/sbin/cifs.upcall",
		"/usr/sbin/rpc.statd",
		"/usr/lib/modules/6.6.150.1/kernel/fs/nfs/nfs.ko.xz",
		"/usr/bin/waagent",
		"/usr/lib/libseccomp.so.2",
		"/usr/lib/security/pam_unix.so",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/usr/sbin/ebtables-legacy",
		"/usr/lib/systemd/systemd-networkd",
	};
	const struct fixture *f = *state;
	_cleanup_(intent_freep) struct intent *intent = NULL;

	assert_int_equal(resolve(f, f->graph, "aks-node", &intent, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(PATHS); i++)
		if (!is_root(intent, tiny_file(f->graph, PATHS[i])))
			fail_msg("%s is no root", PATHS[i]);
	assert_false(is_root(intent, tiny_file(f->graph, "/usr/bin/telnet")));
	assert_false(is_root(intent, tiny_file(f->graph, "/usr/sbin/crond")));
}

static void objects_narrow_an_aks_node(void **state)
{
	static const struct {
		const char *fact, *path;
	} TYPES[] = {
		{ "volume.nfs", "/usr/sbin/mount.nfs" },
		{ "volume.smb", "/usr/sbin/mount.cifs" },
	};
	const struct fixture *f = *state;
	const char *name = "aks-node";

	for (size_t i = 0; i < ARRAY_LEN(TYPES); i++) {
		const char *facts[] = { "objects.all", TYPES[i].fact };
		uint32_t helper = tiny_file(f->graph, TYPES[i].path);
		struct intent_request ask = { .lookup = &f->lookup,
					      .profiles = &name,
					      .profile_count = 1 };

		for (size_t known = 0; known < 3; known++) {
			_cleanup_(intent_freep) struct intent *intent = NULL;

			/* nothing known: it stays; all, and not used: it goes; used */
			ask.facts = (struct facts){ facts, known };
			assert_int_equal(intent_resolve(f->graph, &ask, &intent, NULL),
					 0);
			assert_true(is_root(intent, helper) == (known != 1));
			assert_true(
				is_root(intent, tiny_file(f->graph, "/opt/bin/kubelet")));
		}
	}
}

static void kubelet_versions_narrow_what_stays(void **state)
{
	const struct fixture *f = *state;
	const char *name = "kubeadm";
	static const char *const OLD[] = { "kubernetes=1.30" };
	_cleanup_(intent_freep) struct intent *now = NULL, *old = NULL;
	struct intent_request ask = { .lookup = &f->lookup,
				      .profiles = &name,
				      .profile_count = 1 };
	uint32_t conntrack = tiny_file(f->graph, "/usr/sbin/conntrack");

	assert_int_equal(intent_resolve(f->graph, &ask, &now, NULL), 0);
	assert_false(is_root(now, conntrack));
	ask.facts = (struct facts){ OLD, 1 };
	assert_int_equal(intent_resolve(f->graph, &ask, &old, NULL), 0);
	assert_true(is_root(old, conntrack));
}

static void features_name_what_stops(void **state)
{
	const struct fixture *f = *state;
	_cleanup_(intent_freep) struct intent *intent = NULL;
	uint32_t helper = tiny_file(f->graph, "/usr/sbin/mount.nfs");
	bool named = false;

	assert_int_equal(resolve(f, f->graph, "containerd-host", &intent, NULL), 0);
	assert_false(is_root(intent, helper));
	array_each (&intent->features, i)
		named |= intent->features.data[i].node == helper &&
			 strcmp(intent->features.data[i].feature, "NFS volumes") == 0;
	assert_true(named);
}

static void the_policy_wants_telnet_gone(void **state)
{
	const struct fixture *f = *state;
	_cleanup_(intent_freep) struct intent *intent = NULL;
	uint32_t telnet = tiny_package(f->graph, "telnet");
	bool wanted_gone = false;

	assert_int_equal(resolve(f, f->graph, "cis-azure-linux-3", &intent, NULL), 0);
	array_each (&intent->unwanted, i)
		wanted_gone |= intent->unwanted.data[i].node == telnet;
	assert_true(wanted_gone);
	assert_true(is_root(intent, tiny_file(f->graph, "/usr/sbin/crond")));
}

/* The graph without the line that makes this file. */
static struct graph *without(const struct fixture *f, const char *path)
{
	_cleanup_(freep) char *lines = mem_strdup(f->lines);
	_cleanup_(freep) char *word = mem_printf(" %s ", path);
	char *at = strstr(lines, word);

	assert_non_null(at);
	while (at > lines && at[-1] != '\n')
		at--;
	memset(at, ' ', strcspn(at, "\n"));
	return tiny_graph(lines);
}

static void what_a_host_cannot_do_without_is_required(void **state)
{
	static const char *const PATHS[] = {
		"/usr/bin/containerd",	   "/usr/bin/containerd-shim-runc-v2",
		"/usr/bin/runc",	   "/usr/sbin/modprobe",
		"/usr/bin/mount",	   "/usr/lib/systemd/systemd",
		"/boot/vmlinuz-6.6.150.1", "/usr/bin/sh",
		"/usr/bin/dbus-daemon",	   "/usr/lib/security/pam_unix.so",
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(PATHS); i++) {
		struct graph *g = without(f, PATHS[i]);
		struct intent *intent = NULL;
		struct error err = { 0 };

		if (resolve(f, g, "containerd-host", &intent, &err) != -ESRCH)
			fail_msg("%s may be missing: '%s'", PATHS[i], err.text);
		graph_free(g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_profile_of_the_node_fits),
		cmocka_unit_test(an_aks_node_keeps_what_it_calls),
		cmocka_unit_test(objects_narrow_an_aks_node),
		cmocka_unit_test(kubelet_versions_narrow_what_stays),
		cmocka_unit_test(features_name_what_stops),
		cmocka_unit_test(the_policy_wants_telnet_gone),
		cmocka_unit_test(what_a_host_cannot_do_without_is_required),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
