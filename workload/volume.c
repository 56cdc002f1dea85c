/*
 * volume.c – volumes of pods, PersistentVolumes, StorageClasses and CSI drivers.
 */
#include "workload/readers.h"

#include "base/text.h"

#include <string.h>

static void read_nothing_more(struct needs *needs, enum workload_row row,
			      const struct spot *source)
{
	need(needs, row, source);
}

/* A driver may stand for a type of volume that was once built in. */
struct driver {
	const char *name;
	enum workload_row row;
};

static const struct driver DRIVERS[] = {
	{ "disk.csi.azure.com", ROW_CSI_AZUREDISK },
	{ "file.csi.azure.com", ROW_CSI_AZUREFILE },
	{ "blob.csi.azure.com", ROW_CSI_BLOB },
	{ "nfs.csi.k8s.io", ROW_CSI_NFS },
	{ "efs.csi.aws.com", ROW_CSI_NFS },
	{ "filestore.csi.storage.gke.io", ROW_CSI_NFS },
	{ "smb.csi.k8s.io", ROW_CSI_SMB },
	{ "iscsi.csi.k8s.io", ROW_CSI_ISCSI },
	{ "driver.longhorn.io", ROW_CSI_ISCSI },
	{ "ebs.csi.aws.com", ROW_CSI_DISK },
	{ "pd.csi.storage.gke.io", ROW_CSI_DISK },
	{ "cinder.csi.openstack.org", ROW_CSI_DISK },
	{ "csi.vsphere.vmware.com", ROW_CSI_DISK },
	{ "pxd.portworx.com", ROW_CSI_DISK },
	{ "rbd.csi.ceph.com", ROW_CSI_RBD },
	{ "cephfs.csi.ceph.com", ROW_CSI_CEPHFS },
	{ "topolvm.io", ROW_CSI_LVM },
	{ "local.csi.openebs.io", ROW_CSI_LVM },
	{ "secrets-store.csi.k8s.io", ROW_CSI_NODELESS },
	{ "csi.cert-manager.io", ROW_CSI_NODELESS },
	{ "csi.spiffe.io", ROW_CSI_NODELESS },
};

/* In-tree provisioners of StorageClasses, by the driver that took them over. */
static const struct driver PROVISIONERS[] = {
	{ "kubernetes.io/azure-disk", ROW_CSI_AZUREDISK },
	{ "kubernetes.io/azure-file", ROW_CSI_AZUREFILE },
	{ "kubernetes.io/aws-ebs", ROW_CSI_DISK },
	{ "kubernetes.io/gce-pd", ROW_CSI_DISK },
	{ "kubernetes.io/cinder", ROW_CSI_DISK },
	{ "kubernetes.io/vsphere-volume", ROW_CSI_DISK },
	{ "kubernetes.io/portworx-volume", ROW_CSI_DISK },
	{ "kubernetes.io/rbd", ROW_VOLUME_RBD },
	{ "kubernetes.io/glusterfs", ROW_VOLUME_GLUSTERFS },
	{ "kubernetes.io/no-provisioner", ROW_VOLUME_CLAIM },
};

static const struct driver *find_driver(const struct driver *list, size_t count,
					const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

static void need_module(struct needs *needs, enum workload_row row, const char *module,
			const char *why, const struct spot *spot)
{
	/* fuse.sshfs is a program's affair, and the kernel's half is fuse */
	_cleanup_(freep) char *plain = mem_strndup(module, strcspn(module, "."));

	if (*plain)
		need_more(needs, row, &(struct row_keep){ "module", plain, why }, spot);
}

static bool is_name(const char *text)
{
	return *text && strlen(text) <= 64 &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789._-")] == '\0';
}

static void read_fs_type(struct needs *needs, const struct spot *source, const char *key)
{
	struct spot type = spot_get(source, key);
	const char *name = spot_text(&type);

	if (!name || !*name)
		return;
	if (!is_name(name))
		spot_problem(&type, "the name of a file system");
	else
		need_module(needs, ROW_VOLUME_FS_TYPE, name,
			    "the kernel mounts the volume with it; built in on some "
			    "kernels",
			    &type);
}

void read_csi_driver(struct needs *needs, const struct spot *name)
{
	const char *text = spot_text(name);
	const struct driver *driver =
		text ? find_driver(DRIVERS, ARRAY_LEN(DRIVERS), text) : NULL;

	if (text)
		need(needs, driver ? driver->row : ROW_CSI_UNKNOWN, name);
}

/* @p protocol as the driver's parameters have it; NULL: its default */
static void need_protocol(struct needs *needs, const char *driver, const char *protocol,
			  const struct spot *spot)
{
	if (strcmp(driver, "file.csi.azure.com") == 0)
		need(needs,
		     protocol && strcmp(protocol, "nfs") == 0 ? ROW_CSI_AZUREFILE_NFS
							      : ROW_CSI_AZUREFILE_SMB,
		     spot);
}

static void read_csi(struct needs *needs, enum workload_row row,
		     const struct spot *source)
{
	struct spot name = spot_get(source, "driver");
	struct spot attributes = spot_get(source, "volumeAttributes");
	const char *driver = spot_text(&name);

	(void)row;
	read_csi_driver(needs, &name);
	if (driver)
		need_protocol(needs, driver,
			      attributes.json ? spot_get_text(&attributes, "protocol")
					      : NULL,
			      source);
	read_fs_type(needs, source, "fsType");
}

static void read_azure_file(struct needs *needs, enum workload_row row,
			    const struct spot *source)
{
	need(needs, row, source);
	need_protocol(needs, "file.csi.azure.com", NULL, source);
}

/* What "vers=4.1" or "v3" among comma-separated options chooses; 0: nothing. */
static char nfs_version(const char *options)
{
	static const char *const KEYS[] = { "nfsvers=", "vers=", "v" };

	for (const char *at = options; *at; at += strcspn(at, ","), at += *at == ',')
		for (size_t i = 0; i < ARRAY_LEN(KEYS); i++)
			if (text_starts(at, KEYS[i]) && at[strlen(KEYS[i])] >= '2' &&
			    at[strlen(KEYS[i])] <= '4')
				return at[strlen(KEYS[i])];
	return 0;
}

/* Without an option the client asks for version 4 and takes 3. */
static void need_nfs(struct needs *needs, char version, const struct spot *source)
{
	if (version != '4')
		need(needs, ROW_VOLUME_NFS_V3, source);
	if (version == 0 || version == '4')
		need(needs, ROW_VOLUME_NFS_V4, source);
}

static void read_nfs_options(struct needs *needs, const struct spot *spec)
{
	struct spot source = spot_get(spec, "nfs"),
		    options = spot_get(spec, "mountOptions");
	char version = 0;

	for (size_t i = 0; i < spot_count(&options); i++) {
		struct spot option = spot_at(&options, i);
		const char *text = spot_text(&option);
		char said = text ? nfs_version(text) : 0;

		version = said ? said : version;
	}
	if (source.json)
		need_nfs(needs, version, &source);
}

static void read_formatted(struct needs *needs, enum workload_row row,
			   const struct spot *source)
{
	need(needs, row, source);
	read_fs_type(needs, source, "fsType");
}

static void read_iscsi(struct needs *needs, enum workload_row row,
		       const struct spot *source)
{
	struct spot portals = spot_get(source, "portals");

	read_formatted(needs, row, source);
	if (spot_count(&portals) > 0)
		need(needs, ROW_VOLUME_MULTIPATH, &portals);
}

static void read_host(struct needs *needs, enum workload_row row,
		      const struct spot *source)
{
	struct spot path = spot_get(source, "path");

	(void)row;
	read_host_path(needs, &path, spot_get_text(source, "type"));
}

static void read_local(struct needs *needs, enum workload_row row,
		       const struct spot *source)
{
	need(needs, row, source);
	read_host(needs, row, source);
	read_fs_type(needs, source, "fsType");
}

static void read_flex(struct needs *needs, enum workload_row row,
		      const struct spot *source)
{
	static const char *const FOLDERS[] = {
		"/usr/libexec/kubernetes/kubelet-plugins/volume/exec",
		"/etc/kubernetes/volumeplugins",
	};
	struct spot driver = spot_get(source, "driver");
	const char *name = spot_text(&driver);
	_cleanup_(freep) char *folder = name ? escape_glob(name) : NULL;
	char *slash = folder ? strchr(folder, '/') : NULL;

	need(needs, row, source);
	read_fs_type(needs, source, "fsType");
	if (!folder || *folder == '.' || *folder == '\0' || strstr(folder, "..") ||
	    (slash && strchr(slash + 1, '/'))) {
		spot_problem(&driver, "VENDOR/DRIVER");
		return;
	}
	if (slash)
		*slash = '~';
	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
		_cleanup_(freep) char *path = mem_printf("%s/%s/**", FOLDERS[i], folder);

		need_more(needs, row,
			  &(struct row_keep){ "path", path,
					      "kubelet runs the driver from here" },
			  &driver);
	}
}

static void read_empty_dir(struct needs *needs, enum workload_row row,
			   const struct spot *source)
{
	struct spot medium = spot_get(source, "medium");
	const char *text = spot_text(&medium);

	need(needs, row, source);
	if (text && strcmp(text, "Memory") == 0)
		need(needs, ROW_VOLUME_MEMORY, &medium);
	else if (text && text_starts(text, "HugePages"))
		need(needs, ROW_HUGE_PAGES, &medium);
}

static void read_ephemeral(struct needs *needs, enum workload_row row,
			   const struct spot *source)
{
	struct spot template = spot_get(source, "volumeClaimTemplate");
	struct spot spec = spot_get(&template, "spec");

	need(needs, row, source);
	read_claim(needs, &spec);
}

struct volume_type {
	const char *key;
	enum workload_row row;
	void (*read)(struct needs *needs, enum workload_row row,
		     const struct spot *source);
};

/* Fields of a volume, of pods and of PersistentVolumes alike. */
static const struct volume_type TYPES[] = {
	{ "hostPath", ROW_VOLUME_HOST_PATH, read_host },
	{ "local", ROW_VOLUME_LOCAL, read_local },
	{ "nfs", ROW_VOLUME_NFS, read_nothing_more },
	{ "iscsi", ROW_VOLUME_ISCSI, read_iscsi },
	{ "fc", ROW_VOLUME_FC, read_formatted },
	{ "csi", ROW_CSI_UNKNOWN, read_csi },
	{ "azureDisk", ROW_CSI_AZUREDISK, read_formatted },
	{ "azureFile", ROW_CSI_AZUREFILE, read_azure_file },
	{ "awsElasticBlockStore", ROW_CSI_DISK, read_formatted },
	{ "gcePersistentDisk", ROW_CSI_DISK, read_formatted },
	{ "cinder", ROW_CSI_DISK, read_formatted },
	{ "vsphereVolume", ROW_CSI_DISK, read_formatted },
	{ "portworxVolume", ROW_CSI_DISK, read_formatted },
	{ "cephfs", ROW_VOLUME_CEPHFS, read_nothing_more },
	{ "rbd", ROW_VOLUME_RBD, read_formatted },
	{ "glusterfs", ROW_VOLUME_GLUSTERFS, read_nothing_more },
	{ "flocker", ROW_VOLUME_REMOVED, read_nothing_more },
	{ "quobyte", ROW_VOLUME_REMOVED, read_nothing_more },
	{ "photonPersistentDisk", ROW_VOLUME_REMOVED, read_nothing_more },
	{ "scaleIO", ROW_VOLUME_REMOVED, read_nothing_more },
	{ "storageos", ROW_VOLUME_REMOVED, read_nothing_more },
	{ "flexVolume", ROW_VOLUME_FLEX, read_flex },
	{ "gitRepo", ROW_VOLUME_GITREPO, read_nothing_more },
	{ "image", ROW_VOLUME_IMAGE, read_nothing_more },
	{ "emptyDir", ROW_VOLUME_EMPTY, read_empty_dir },
	{ "ephemeral", ROW_VOLUME_CLAIM, read_ephemeral },
	{ "persistentVolumeClaim", ROW_VOLUME_CLAIM, read_nothing_more },
	{ "projected", ROW_VOLUME_API, read_nothing_more },
	{ "secret", ROW_VOLUME_API, read_nothing_more },
	{ "configMap", ROW_VOLUME_API, read_nothing_more },
	{ "downwardAPI", ROW_VOLUME_API, read_nothing_more },
};

static const struct volume_type *find_type(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(TYPES); i++)
		if (strcmp(TYPES[i].key, key) == 0)
			return &TYPES[i];
	return NULL;
}

void read_volume(struct needs *needs, const struct spot *volume)
{
	struct spot member;

	if (!spot_is_map(volume))
		return;
	spot_each(volume, iter, member)
	{
		const struct volume_type *type = find_type(member.key);

		if (type)
			type->read(needs, type->row, &member);
		else if (strcmp(member.key, "name") != 0 && member.json)
			need(needs, ROW_VOLUME_UNKNOWN, &member);
	}
	read_nfs_options(needs, volume);
}

static void read_mode(struct needs *needs, const struct spot *spec)
{
	struct spot mode = spot_get(spec, "volumeMode");
	const char *text = spot_text(&mode);

	if (text && strcmp(text, "Block") == 0)
		need(needs, ROW_VOLUME_BLOCK, &mode);
}

void read_persistent_volume(struct needs *needs, const struct spot *spec)
{
	struct spot member;

	read_mode(needs, spec);
	read_nfs_options(needs, spec);
	spot_each(spec, iter, member)
	{
		const struct volume_type *type = find_type(member.key);

		if (type)
			type->read(needs, type->row, &member);
	}
}

void read_claim(struct needs *needs, const struct spot *spec)
{
	if (spec->json)
		need(needs, ROW_VOLUME_CLAIM, spec);
	read_mode(needs, spec);
}

void read_storage_class(struct needs *needs, const struct spot *class)
{
	struct spot provisioner = spot_get(class, "provisioner");
	struct spot parameters = spot_get(class, "parameters");
	const char *name = spot_text(&provisioner);
	const struct driver *known =
		name ? find_driver(PROVISIONERS, ARRAY_LEN(PROVISIONERS), name) : NULL;

	if (known)
		need(needs, known->row, &provisioner);
	else
		read_csi_driver(needs, &provisioner);
	if (name)
		need_protocol(
			needs,
			known && known->row == ROW_CSI_AZUREFILE ? "file.csi.azure.com"
								 : name,
			parameters.json ? spot_get_text(&parameters, "protocol") : NULL,
			class);
	read_fs_type(needs, &parameters, "csi.storage.k8s.io/fstype");
	read_fs_type(needs, &parameters, "fsType");
	read_fs_type(needs, &parameters, "fstype");
}

void read_mount_type(struct needs *needs, const struct spot *type)
{
	static const struct driver MOUNTS[] = {
		{ "nfs", ROW_VOLUME_NFS },
		{ "nfs4", ROW_VOLUME_NFS },
		{ "cifs", ROW_VOLUME_SMB },
		{ "smb3", ROW_VOLUME_SMB },
		{ "tmpfs", ROW_VOLUME_MEMORY },
		{ "ceph", ROW_VOLUME_CEPHFS },
		{ "glusterfs", ROW_VOLUME_GLUSTERFS },
	};
	const char *name = spot_text(type);
	const struct driver *known =
		name ? find_driver(MOUNTS, ARRAY_LEN(MOUNTS), name) : NULL;

	if (known)
		need(needs, known->row, type);
	if (known && known->row == ROW_VOLUME_NFS)
		need_nfs(needs, text_ends(name, "4") ? '4' : 0, type);
	if (!known && name && is_name(name) && strcmp(name, "none") != 0)
		need_module(needs, ROW_VOLUME_FS_TYPE, name,
			    "the kernel mounts the volume with it; built in on some "
			    "kernels",
			    type);
}
