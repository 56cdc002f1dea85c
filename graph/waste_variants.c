/*
 * Two packages that do the same: one suffices on most hosts. Only where somebody could act
 * on it: programs that people choose between, not libraries that programs were built with.
 */
#include "graph/waste_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"

#include <string.h>

#define VARIANTS_MAX 12

/* A path is one program; '#' at its end stands for digits and dots. A name without a slash
 * is a soname. */
static const struct kind {
	const char *title;
	const char *variants[VARIANTS_MAX];
} KINDS[] = {
	{ "awk", { "/usr/bin/gawk", "/usr/bin/mawk", "/usr/bin/original-awk" } },
	{ "Python", { "/usr/bin/python2.#", "/usr/bin/python3.#" } },
	{ "mail transport agents",
	  { "/usr/sbin/exim4", "/usr/sbin/exim", "/usr/sbin/postfix",
	    "/usr/sbin/sendmail.sendmail", "/usr/bin/msmtp", "/usr/sbin/dma",
	    "/usr/sbin/ssmtp", "/usr/sbin/nullmailer-send", "/usr/sbin/smtpd" } },
	{ "initramfs generators",
	  { "/usr/bin/dracut", "/usr/sbin/dracut", "/usr/sbin/mkinitramfs",
	    "/usr/bin/mkinitcpio", "/usr/bin/booster" } },
	{ "FUSE libraries", { "libfuse.so.2", "libfuse3.so.3" } },
	{ "iptables flavours",
	  { "/usr/sbin/xtables-legacy-multi", "/usr/sbin/xtables-nft-multi" } },
	{ "cron daemons", { "/usr/sbin/cron", "/usr/sbin/crond", "/usr/sbin/fcron" } },
	{ "system log daemons", { "/usr/sbin/rsyslogd", "/usr/sbin/syslog-ng" } },
	{ "time daemons",
	  { "/usr/sbin/chronyd", "/usr/sbin/ntpd", "/usr/sbin/openntpd",
	    "/usr/lib/systemd/systemd-timesyncd" } },
	{ "DHCP clients",
	  { "/usr/sbin/dhclient", "/usr/sbin/dhcpcd", "/usr/sbin/udhcpc" } },
	{ "network managers",
	  { "/usr/sbin/NetworkManager", "/usr/sbin/wickedd", "/usr/sbin/connmand",
	    "/usr/sbin/ifup" } },
	{ "container runtimes of the kubelet",
	  { "/usr/bin/containerd", "/usr/bin/crio" } },
	{ "container engines",
	  { "/usr/bin/dockerd", "/usr/sbin/dockerd", "/usr/bin/podman" } },
	{ "OCI runtimes", { "/usr/bin/runc", "/usr/sbin/runc", "/usr/bin/crun" } },
	{ "boot loaders",
	  { "/usr/sbin/grub-install", "/usr/sbin/grub2-install", "/usr/bin/extlinux",
	    "/usr/sbin/extlinux", "/usr/lib/systemd/boot/efi/systemd-bootx64.efi",
	    "/usr/lib/systemd/boot/efi/systemd-bootaa64.efi" } },
	{ "SSH servers", { "/usr/sbin/sshd", "/usr/sbin/dropbear" } },
	{ "text editors",
	  { "/usr/bin/vim.basic", "/usr/bin/vim.tiny", "/usr/bin/vim", "/usr/bin/nano",
	    "/usr/bin/emacs-nox", "/usr/bin/emacs-gtk", "/usr/bin/emacs" } },
	{ "downloaders", { "/usr/bin/curl", "/usr/bin/wget" } },
	{ "netcats",
	  { "/usr/bin/nc.openbsd", "/usr/bin/nc.traditional", "/usr/bin/ncat" } },
	{ "terminal multiplexers", { "/usr/bin/screen", "/usr/bin/tmux" } },
};

typedef ARRAY_OF(pkg_id) provider_list;

static void add_provider(const struct waste_search *s, file_id f, provider_list *list)
{
	pkg_id owner = graph_file_owner(s->g, f);

	if (!owner || !waste_has(s, f) || s->g->files[f].type != FILE_REGULAR)
		return;
	array_each (list, i)
		if (list->data[i] == owner)
			return;
	array_push(list, owner);
}

static void add_soname(const struct waste_search *s, const char *soname,
		       provider_list *list)
{
	const struct graph *g = s->g;

	for (uint32_t i = 0; i < g->elf_name_count; i++)
		if (g->elf_names[i].soname &&
		    strcmp(graph_text(g, g->elf_names[i].soname), soname) == 0)
			add_provider(s, g->elf_names[i].file, list);
}

/* The first file whose path is not before @p path. */
static file_id first_from(const struct graph *g, const char *path)
{
	file_id low = 1, high = g->file_count + 1;

	while (low < high) {
		file_id mid = low + (high - low) / 2;

		if (strcmp(graph_text(g, g->files[mid].path), path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void add_numbered(const struct waste_search *s, const char *variant,
			 provider_list *list)
{
	const struct graph *g = s->g;
	size_t len = strlen(variant) - 1;
	_cleanup_(freep) char *prefix = mem_strndup(variant, len);

	for (file_id f = first_from(g, prefix); f <= g->file_count; f++) {
		const char *path = graph_text(g, g->files[f].path);

		if (!text_starts(path, prefix))
			break;
		if (path[len] && path[len + strspn(path + len, "0123456789.")] == '\0')
			add_provider(s, f, list);
	}
}

static void add_variant(const struct waste_search *s, const char *variant,
			provider_list *list)
{
	file_id f;

	if (variant[0] != '/') {
		add_soname(s, variant, list);
	} else if (text_ends(variant, "#")) {
		add_numbered(s, variant, list);
	} else {
		f = graph_find_file(s->g, variant);
		if (f)
			add_provider(s, f, list);
	}
}

static void report(const struct waste_search *s, const struct kind *kind,
		   const provider_list *providers)
{
	const struct graph *g = s->g;
	_cleanup_(strbuf_release) struct strbuf names = { 0 };
	pkg_id least = providers->data[0];
	char size[UNITS_TEXT_MAX];

	array_each (providers, i) {
		const struct graph_package *p = &g->packages[providers->data[i]];

		if (p->disk_bytes < g->packages[least].disk_bytes)
			least = providers->data[i];
		strbuf_printf(&names, "%s%s (%s)",
			      i == 0		       ? ""
			      : i + 1 < providers->len ? ", "
						       : " and ",
			      graph_text(g, p->name), waste_size(size, p->disk_bytes));
	}
	waste_add(s,
		  (struct waste){
			  .rule = "variants",
			  .package = least,
			  .bytes = g->packages[least].disk_bytes,
			  .remedy = "decide for one; 'tare needs' says who asks for the "
				    "other; the bytes are those of the smallest",
		  },
		  "%zu %s: %s", providers->len, kind->title, strbuf_text(&names));
}

void waste_find_variants(const struct waste_search *s)
{
	provider_list providers = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
		providers.len = 0;
		for (size_t k = 0; k < VARIANTS_MAX && KINDS[i].variants[k]; k++)
			add_variant(s, KINDS[i].variants[k], &providers);
		if (providers.len > 1)
			report(s, &KINDS[i], &providers);
	}
	array_release(&providers);
}
