/*
 * host_path.c – paths of the host inside containers.
 */
#include "workload/readers.h"

#include "base/rootfs.h"
#include "base/strbuf.h"
#include "base/text.h"

#include <string.h>

char *escape_glob(const char *text)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	for (; *text; text++) {
		if (strchr("*?[\\", *text))
			strbuf_putc(&out, '\\');
		strbuf_putc(&out, *text);
	}
	return strbuf_detach(&out);
}

/* Too much to keep: any file of the host may be meant. */
static const char *const BROAD[] = {
	"/",	      "/usr",	    "/usr/bin",	    "/usr/sbin", "/usr/lib", "/usr/lib64",
	"/usr/share", "/usr/local", "/usr/libexec", "/bin",	 "/sbin",    "/lib",
	"/lib64",     "/etc",	    "/opt",	    "/var",	 "/var/lib", "/boot",
};

/* Made while the host runs: nothing on the disk stands for them. */
static const char *const VIRTUAL[] = { "/proc", "/sys", "/dev", "/run", "/tmp" };

/* What makes a path that is not on the disk; below a path that ends in '/', too. */
static const struct maker {
	const char *path;
	enum workload_row row;
	struct row_keep keep;
} MAKERS[] = {
	{ "/run/containerd/",
	  ROW_VOLUME_SOCKET,
	  { "unit", "containerd.service", "makes the socket" } },
	{ "/run/docker.sock",
	  ROW_VOLUME_SOCKET,
	  { "unit", "docker.socket docker.service", "makes the socket" } },
	{ "/run/crio/",
	  ROW_VOLUME_SOCKET,
	  { "unit", "crio.service", "makes the socket" } },
	{ "/run/podman/",
	  ROW_VOLUME_SOCKET,
	  { "unit", "podman.socket podman.service", "makes the socket" } },
	{ "/run/dbus/",
	  ROW_VOLUME_SOCKET,
	  { "unit", "dbus.socket dbus.service dbus-broker.service",
	    "makes the socket" } },
	{ "/run/systemd/journal/",
	  ROW_VOLUME_SOCKET,
	  { "unit", "systemd-journald.service systemd-journald.socket",
	    "makes the socket" } },
	{ "/run/udev/",
	  ROW_VOLUME_SOCKET,
	  { "unit", "systemd-udevd.service", "writes what it knows of devices" } },
	{ "/run/log/journal/",
	  ROW_VOLUME_HOST_PATH,
	  { "unit", "systemd-journald.service", "writes the journal" } },
	{ "/var/log/journal/",
	  ROW_VOLUME_HOST_PATH,
	  { "unit", "systemd-journald.service", "writes the journal" } },
	{ "/run/rpcbind.sock",
	  ROW_VOLUME_SOCKET,
	  { "unit", "rpcbind.socket rpcbind.service", "makes the socket" } },
	{ "/dev/fuse", ROW_VOLUME_DEVICE, { "module", "fuse", "makes the device" } },
	{ "/dev/kvm",
	  ROW_VOLUME_DEVICE,
	  { "module", "kvm kvm_intel kvm_amd", "makes the device" } },
	{ "/dev/net/", ROW_VOLUME_DEVICE, { "module", "tun", "makes the device" } },
	{ "/dev/vhost-net",
	  ROW_VOLUME_DEVICE,
	  { "module", "vhost_net", "makes the device" } },
	{ "/dev/vhost-vsock",
	  ROW_VOLUME_DEVICE,
	  { "module", "vhost_vsock", "makes the device" } },
	{ "/dev/loop-control",
	  ROW_VOLUME_DEVICE,
	  { "module", "loop", "makes the device" } },
	{ "/dev/mapper/",
	  ROW_VOLUME_DEVICE,
	  { "module", "dm_mod", "makes the devices" } },
	{ "/dev/infiniband/",
	  ROW_RDMA,
	  { "module", "ib_core ib_uverbs", "makes the devices" } },
	{ "/dev/dri/",
	  ROW_VOLUME_DEVICE,
	  { "module", "amdgpu i915 xe nouveau", "makes the devices" } },
	{ "/dev/hugepages/",
	  ROW_HUGE_PAGES,
	  { "unit", "dev-hugepages.mount", "mounts it" } },
	{ "/dev/sgx/",
	  ROW_SGX,
	  { "package", "sgx-backwards-compatibility", "makes it" } },
};

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static bool is_one_of(const char *path, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], path) == 0)
			return true;
	return false;
}

/* "/run/dbus/" stands for the folder and what is below it. */
static bool makes(const struct maker *maker, const char *path)
{
	size_t len = strlen(maker->path);

	if (maker->path[len - 1] != '/')
		return strcmp(maker->path, path) == 0;
	return strncmp(maker->path, path, len) == 0 ||
	       (strncmp(maker->path, path, len - 1) == 0 && path[len - 1] == '\0');
}

static void need_words(struct needs *needs, enum workload_row row,
		       const struct row_keep *keep, const struct spot *spot)
{
	const char *word = keep->values;

	while (*word) {
		size_t len = strcspn(word, " ");
		_cleanup_(freep) char *one = mem_strndup(word, len);

		need_more(needs, row, &(struct row_keep){ keep->key, one, keep->why },
			  spot);
		word += len + strspn(word + len, " ");
	}
}

static bool need_maker(struct needs *needs, const char *path, const struct spot *spot)
{
	for (size_t i = 0; i < ARRAY_LEN(MAKERS); i++)
		if (makes(&MAKERS[i], path)) {
			need_words(needs, MAKERS[i].row, &MAKERS[i].keep, spot);
			return true;
		}
	if (text_starts(path, "/dev/nvidia")) {
		need(needs, ROW_GPU_NVIDIA, spot);
		return true;
	}
	return false;
}

/* The path and what is below it: which of the two it is, the root will tell. */
static void need_files(struct needs *needs, const char *path, const struct spot *spot)
{
	_cleanup_(freep) char *plain = escape_glob(path);
	_cleanup_(freep) char *below = mem_printf("%s/**", plain);
	struct row_keep keep = { "path", plain, "containers see it" };

	need_more(needs, ROW_VOLUME_HOST_PATH, &keep, spot);
	keep.values = below;
	need_more(needs, ROW_VOLUME_HOST_PATH, &keep, spot);
}

static void need_made(struct needs *needs, const char *type, const struct spot *spot)
{
	if (!type)
		return;
	if (strcmp(type, "Socket") == 0)
		need_warning(needs, ROW_VOLUME_SOCKET,
			     "who makes this socket is not known: keep its service by "
			     "hand",
			     spot);
	else if (strcmp(type, "CharDevice") == 0 || strcmp(type, "BlockDevice") == 0)
		need_warning(needs, ROW_VOLUME_DEVICE,
			     "who makes this device is not known: keep its driver by "
			     "hand",
			     spot);
}

void need_host_path(struct needs *needs, const char *path, const char *type,
		    const struct spot *spot)
{
	_cleanup_(freep) char *clean = NULL;
	const char *at;

	if (*path != '/' || strlen(path) > 4096) {
		spot_problem(spot, "a path that begins with '/'");
		return;
	}
	clean = rootfs_clean_path(path);
	at = is_below(clean, "/var/run") ? clean + strlen("/var") : clean;
	if (need_maker(needs, at, spot))
		return;
	need_made(needs, type, spot);
	if (is_one_of(at, BROAD, ARRAY_LEN(BROAD))) {
		need(needs, ROW_VOLUME_HOST_BROAD, spot);
		return;
	}
	need(needs, ROW_VOLUME_HOST_PATH, spot);
	for (size_t i = 0; i < ARRAY_LEN(VIRTUAL); i++)
		if (is_below(at, VIRTUAL[i]))
			return;
	need_files(needs, at, spot);
}

void read_host_path(struct needs *needs, const struct spot *path, const char *type)
{
	const char *text = spot_text(path);

	if (text)
		need_host_path(needs, text, type, path);
}
