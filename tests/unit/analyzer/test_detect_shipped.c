/*
 * The rule files of rules/detectors, one by one: a line that is found, one that is nearly right
 * and is not, and one that is malformed.
 */
#include "base/io.h"
#include "base/text.h"
#include "tests/unit/support/detect_fixture.h"
#include "tests/unit/support/test.h"

struct shipped {
	const char *rule;    /* rules/detectors/<rule>.yaml */
	const char *path;    /* of the file that is read */
	const char *content; /* hit, near miss, malformed: one line each, unless stated */
	const char *targets; /* files of the root, separated by spaces */
	const char *edges;   /* wanted, separated by newlines; all edges but config's */
};

#define B "/usr/bin/"
#define L "/usr/lib64/"

static const struct shipped CASES[] = {
	{ "pam", "/etc/pam.d/a",
	  "auth [default=1 x=2] pam_unix.so\nauthor required pam_gone.so\nauth required\n"
	  "@include b\n-session optional pam_gone.so\n",
	  L "security/pam_unix.so " L "security/pam_no.so /etc/pam.d/b",
	  "pam hard /etc/pam.d/a -> " L "security/pam_unix.so :1 pam_unix.so\n"
	  "pam hard /etc/pam.d/a -> /etc/pam.d/b :4 b" },
	{ "nss", "/etc/nsswitch.conf",
	  "hosts: dns [!UNAVAIL=return] x\nHosts: y\nhosts dns\n",
	  L "libnss_dns.so.2 " L "libnss_y.so.2",
	  "nss likely /etc/nsswitch.conf -> " L "libnss_dns.so.2 :1 dns" },
	{ "udev", "/usr/lib/udev/rules.d/1.rules",
	  "RUN+=\"helper -x\", PROGRAM=\"/usr/bin/prog "
	  "%k\"\nRUNX=\"/usr/bin/no\"\nRUN+=\"\n"
	  "RUN{builtin}+=\"kmod load dummy\"\nENV{SYSTEMD_WANTS}+=\"a.service\"\n",
	  "/usr/lib/udev/helper " B "prog " B "no "
	  "/usr/lib/modules/6.1/kernel/dummy.ko /usr/lib/systemd/system/a.service",
	  "udev likely /usr/lib/udev/rules.d/1.rules -> /usr/lib/udev/helper :1 helper\n"
	  "udev likely /usr/lib/udev/rules.d/1.rules -> " B "prog :1 /usr/bin/prog\n"
	  "udev likely /usr/lib/udev/rules.d/1.rules -> "
	  "/usr/lib/modules/6.1/kernel/dummy.ko :4 dummy\n"
	  "udev likely /usr/lib/udev/rules.d/1.rules -> "
	  "/usr/lib/systemd/system/a.service :5 "
	  "a.service" },
	{ "dbus", "/usr/share/dbus-1/system-services/a.service",
	  "Exec=/usr/bin/prog --x\nexec=/usr/bin/no\nExec\nSystemdService=a.service\n",
	  B "prog " B "no /usr/lib/systemd/system/a.service",
	  "dbus possible /usr/share/dbus-1/system-services/a.service -> " B "prog :1 "
	  "/usr/bin/prog\n"
	  "dbus possible /usr/share/dbus-1/system-services/a.service -> "
	  "/usr/lib/systemd/system/a.service :4 a.service" },
	{ "cron", "/etc/cron.d/a",
	  "5 4 * * * root test -x /usr/bin/prog && /usr/bin/prog\n# /usr/bin/no\n5 4 * "
	  "*\n"
	  "@daily root other -x\n",
	  B "prog " B "no " B "other",
	  "cron likely /etc/cron.d/a -> " B "prog :1 /usr/bin/prog\n"
	  "cron likely /etc/cron.d/a -> " B "other :4 other" },
	{ "logrotate", "/etc/logrotate.d/a", "  /usr/bin/prog x\n/usr/bin/no {\n  {\n",
	  B "prog " B "no",
	  "logrotate likely /etc/logrotate.d/a -> " B "prog :1 /usr/bin/prog" },
	{ "tmpfiles", "/usr/lib/tmpfiles.d/a.conf",
	  "L+ /run/x - - - - /usr/bin/prog\nd /run/x - - - - /usr/bin/no\nL /run\n",
	  B "prog " B "no",
	  "tmpfiles likely /usr/lib/tmpfiles.d/a.conf -> " B "prog :1 /usr/bin/prog" },
	{ "sysusers", "/usr/lib/sysusers.d/a.conf",
	  "u a - \"A\" /var/a /usr/bin/prog\ng a - - - /usr/bin/no\nu\n",
	  B "prog " B "no",
	  "sysusers possible /usr/lib/sysusers.d/a.conf -> " B "prog :1 /usr/bin/prog" },
	{ "modprobe", "/etc/modprobe.d/a.conf",
	  "install a /usr/bin/prog --x\noptions a /usr/bin/no\ninstall\n",
	  B "prog " B "no",
	  "modprobe likely /etc/modprobe.d/a.conf -> " B "prog :1 /usr/bin/prog" },
	{ "modules-load", "/usr/lib/modules-load.d/a.conf", "br-net\n# other\n!!\n",
	  "/usr/lib/modules/6.1/br_net.ko.xz /usr/lib/modules/6.1/other.ko",
	  "modprobe likely /usr/lib/modules-load.d/a.conf -> "
	  "/usr/lib/modules/6.1/br_net.ko.xz :1 br-net" },
	{ "request-key", "/etc/request-key.d/a.conf",
	  "create dns_resolver * * /usr/bin/prog %k\n# create a * * "
	  "/usr/bin/no\ncreate\n",
	  B "prog " B "no",
	  "request-key likely /etc/request-key.d/a.conf -> " B "prog :1 /usr/bin/prog" },
	{ "binfmt", "/usr/lib/binfmt.d/a.conf",
	  ":a:M::\\x7f:\\xff:/usr/bin/prog:F\n#:a:M::x::/usr/bin/no:\n:a:M\n",
	  B "prog " B "no",
	  "binfmt likely /usr/lib/binfmt.d/a.conf -> " B "prog :1 /usr/bin/prog" },
	{ "preload", "/etc/ld.so.preload",
	  "/usr/lib64/liba.so libb.so.1\n#libc.so.9\n::\n",
	  L "liba.so " L "libb.so.1 " L "libc.so.9",
	  "preload hard /etc/ld.so.preload -> " L "liba.so :1 /usr/lib64/liba.so\n"
	  "preload hard /etc/ld.so.preload -> " L "libb.so.1 :1 libb.so.1" },
	{ "openssl", "/etc/ssl/openssl.cnf",
	  "module = fips.so\nmodules = no.so\nmodule =\n.include /etc/ssl/x.cnf\n",
	  L "ossl-modules/fips.so " L "ossl-modules/no.so /etc/ssl/x.cnf",
	  "openssl likely /etc/ssl/openssl.cnf -> " L "ossl-modules/fips.so :1 fips.so\n"
	  "openssl likely /etc/ssl/openssl.cnf -> /etc/ssl/x.cnf :4 /etc/ssl/x.cnf" },
	{ "polkit", "/usr/share/polkit-1/actions/a.policy",
	  "<annotate "
	  "key=\"org.freedesktop.policykit.exec.path\">/usr/bin/prog</annotate>\n"
	  "<annotate key=\"path\">/usr/bin/no</annotate>\nexec.path\">\n",
	  B "prog " B "no",
	  "polkit possible /usr/share/polkit-1/actions/a.policy -> " B "prog :1 "
	  "/usr/bin/prog" },
	{ "dracut", "/etc/dracut.conf.d/a.conf",
	  "add_drivers+=\" hv_vmbus \"\nno_drivers+=\" other \"\nadd_drivers\n"
	  "install_items+=\" /usr/bin/prog \"\nadd_dracutmodules+=\" lvm \"\n",
	  "/usr/lib/modules/6.1/hv_vmbus.ko /usr/lib/modules/6.1/other.ko " B "prog "
	  "/usr/lib/dracut/modules.d/lvm/module-setup.sh",
	  "boot likely /etc/dracut.conf.d/a.conf -> /usr/lib/modules/6.1/hv_vmbus.ko :1 "
	  "hv_vmbus\n"
	  "boot likely /etc/dracut.conf.d/a.conf -> " B "prog :4 /usr/bin/prog\n"
	  "boot likely /etc/dracut.conf.d/a.conf -> "
	  "/usr/lib/dracut/modules.d/lvm/module-setup.sh :5 lvm" },
	{ "initramfs-tools", "/etc/initramfs-tools/modules", "ext4 opt=1\n# xfs\n--\n",
	  "/usr/lib/modules/6.1/ext4.ko /usr/lib/modules/6.1/xfs.ko",
	  "boot likely /etc/initramfs-tools/modules -> /usr/lib/modules/6.1/ext4.ko :1 "
	  "ext4" },
	{ "boot-entries", "/boot/loader/entries/a.conf",
	  "linux /vmlinuz-6.1\ntitle /vmlinuz-no\nlinux\ninitrd /initrd-6.1 quiet\n",
	  "/boot/vmlinuz-6.1 /boot/vmlinuz-no /boot/initrd-6.1",
	  "boot hard /boot/loader/entries/a.conf -> /boot/vmlinuz-6.1 :1 /vmlinuz-6.1\n"
	  "boot hard /boot/loader/entries/a.conf -> /boot/initrd-6.1 :4 /initrd-6.1" },
	{ "containerd", "/etc/containerd/config.toml",
	  "  BinaryName = \"/usr/bin/prog\"\n  Binary = \"/usr/bin/no\"\n  BinaryName =\n"
	  "runtime_type = 'io.containerd.kata.v2'\n",
	  B "prog " B "no " B "containerd-shim-kata-v2",
	  "container hard /etc/containerd/config.toml -> " B "prog :1 /usr/bin/prog\n"
	  "container hard /etc/containerd/config.toml -> " B
	  "containerd-shim-kata-v2 :4 kata" },
	{ "crio", "/etc/crio/crio.conf.d/a",
	  "runtime_path = \"/usr/bin/prog\"\nother_path = \"/usr/bin/no\"\nruntime_path\n"
	  "[crio.runtime.runtimes.crun]\n",
	  B "prog " B "no " B "crun",
	  "container hard /etc/crio/crio.conf.d/a -> " B "prog :1 /usr/bin/prog\n"
	  "container likely /etc/crio/crio.conf.d/a -> " B "crun :4 crun" },
	{ "containers-conf", "/usr/share/containers/containers.conf",
	  "runtime = \"prog\"\n#runtime = \"no\"\nruntime =\n  \"/usr/bin/other\",\n",
	  B "prog " B "no " B "other",
	  "container likely /usr/share/containers/containers.conf -> " B "prog :1 prog\n"
	  "container possible /usr/share/containers/containers.conf -> " B "other :4 "
	  "/usr/bin/other" },
	{ "cni", "/etc/cni/net.d/a.conflist",
	  "{\"plugins\":[{\"type\": "
	  "\"bridge\"},{\"type\":\"portmap\"}]}\n{\"types\":\"no\"}\n"
	  "{\"type\":\n",
	  "/opt/cni/bin/bridge /usr/lib/cni/portmap /opt/cni/bin/no",
	  "container hard /etc/cni/net.d/a.conflist -> /opt/cni/bin/bridge :1 bridge\n"
	  "container hard /etc/cni/net.d/a.conflist -> /usr/lib/cni/portmap :1 portmap" },
	{ "oci-hooks", "/usr/share/containers/oci/hooks.d/a.json",
	  "{\"path\": \"/usr/bin/prog\"}\n{\"paths\": \"/usr/bin/no\"}\n{\"path\":\n",
	  B "prog " B "no",
	  "container likely /usr/share/containers/oci/hooks.d/a.json -> " B "prog :1 "
	  "/usr/bin/prog" },
	{ "docker", "/etc/docker/daemon.json",
	  "{\"runtimes\":{\"x\":{\"path\":\"prog\"}}}\n{\"data-path\":\"no\"}\n{"
	  "\"path\"\n",
	  B "prog " B "no",
	  "container hard /etc/docker/daemon.json -> " B "prog :1 prog" },
	{ "gconv", "/usr/lib64/gconv/gconv-modules.d/a.conf",
	  "module A// INTERNAL CP1 1\nalias A// NO//\nmodule A//\n",
	  L "gconv/CP1.so " L "gconv/NO.so",
	  "gconv possible /usr/lib64/gconv/gconv-modules.d/a.conf -> " L
	  "gconv/CP1.so :1 CP1" },
	{ "config-paths", "/etc/a/b.conf",
	  "File = /usr/bin/prog\nFile = x/usr/bin/no\nFile = /usr/\n;/usr/bin/no\n",
	  B "prog " B "no", "path possible /etc/a/b.conf -> " B "prog :1 /usr/bin/prog" },
};

static char *read_rule(const char *name)
{
	_cleanup_(freep) char *path =
		mem_printf(TARE_SOURCE_RULES "/detectors/%s.yaml", name);
	char *text = NULL;
	size_t len = 0;
	struct error err = { 0 };

	if (io_read_file(path, 1 << 20, &text, &len, &err) < 0)
		fail_msg("%s", err.text);
	return text;
}

static void add_targets(struct detect_fixture *f, const char *targets)
{
	_cleanup_(freep) char *copy = mem_strdup(targets);
	char *rest = copy;

	for (char *path = strsep(&rest, " "); path; path = strsep(&rest, " "))
		fixture_file(f, path, "", 0755, CATEGORY_DATA);
}

/* All edges of the fixture but those that say who reads the file. */
static size_t edges_of_lines(const struct detect_fixture *f)
{
	size_t n = 0;

	array_each (&f->edges.items, i)
		n += f->edges.items.data[i].kind != EDGE_READS;
	return n;
}

static void check(const struct shipped *c)
{
	struct detect_fixture f;
	_cleanup_(freep) char *rule = read_rule(c->rule);
	_cleanup_(freep) char *edges = mem_strdup(c->edges);
	char *rest = edges;
	size_t wanted = 0;

	fixture_init(&f);
	add_targets(&f, c->targets);
	fixture_file(&f, c->path, c->content, 0644, CATEGORY_CONFIG);
	fixture_run(&f, rule);
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"), wanted++)
		if (!fixture_has(&f, line))
			fail_msg("rule %s", c->rule);
	if (edges_of_lines(&f) != wanted)
		fail_msg("rule %s finds more:\n%s", c->rule, strbuf_text(&f.text));
	fixture_release(&f);
}

static void each_rule_finds_what_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		check(&CASES[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_finds_what_it_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
