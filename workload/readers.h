/*
 * readers – what each part of an object asks of a host. Internal to workload/.
 *
 * None of them fails: what is of the wrong type is noted in the object (object.h), what
 * tare does not know becomes a warning.
 */
#pragma once

#include "workload/needs.h"

/** A pod's `spec` with the `metadata` around it. */
void read_pod(struct needs *needs, const struct spot *metadata, const struct spot *spec);

/** An element of a pod's `volumes`. */
void read_volume(struct needs *needs, const struct spot *volume);
/** `spec` of a PersistentVolume. */
void read_persistent_volume(struct needs *needs, const struct spot *spec);
/** `spec` of a PersistentVolumeClaim or of a template of one. */
void read_claim(struct needs *needs, const struct spot *spec);
/** A StorageClass. */
void read_storage_class(struct needs *needs, const struct spot *class);
/** The name of a CSI driver. */
void read_csi_driver(struct needs *needs, const struct spot *name);
/** Options of mount(8) and its type, for the volumes of podman and compose. */
void read_mount_type(struct needs *needs, const struct spot *type);

/** A path of the host that a container sees; @p type as of hostPath, may be NULL. */
void read_host_path(struct needs *needs, const struct spot *path, const char *type);
/** The same for text that stands within a field. */
void need_host_path(struct needs *needs, const char *path, const char *type,
		    const struct spot *spot);

/** `securityContext` of a pod or a container. */
void read_security(struct needs *needs, const struct spot *context);
void read_security_annotations(struct needs *needs, const struct spot *annotations);
void need_capability(struct needs *needs, const char *name, const struct spot *spot);
void need_sysctl(struct needs *needs, const char *name, const struct spot *spot);
void need_seccomp_file(struct needs *needs, const char *path, const struct spot *spot);
void need_apparmor(struct needs *needs, const char *profile, const struct spot *spot);

/** `resources` of a container. */
void read_resources(struct needs *needs, const struct spot *resources);
/** Words that a container of a pod runs which may enter the host. */
void read_host_exec(struct needs *needs, const struct spot *container);

/** Which row the handler of a runtime class is, by its name or its program's. */
enum workload_row handler_row(const char *handler);

/** A Node: version, runtime, addresses. */
void read_node(struct needs *needs, const struct spot *node);
/** kube-proxy's settings: a container's words, or its ConfigMap. */
void read_proxy_words(struct needs *needs, const struct spot *container);
void read_proxy_map(struct needs *needs, const struct spot *map);
/** Families of addresses of a Service. */
void read_service(struct needs *needs, const struct spot *service);

/** What a container's log driver takes of the host; NULL: nothing. */
const struct row_keep *log_driver_keep(const char *driver);
/** A compose file. */
void read_compose(struct needs *needs, const struct spot *root);

/** @p text with what is special to a glob escaped; new memory. */
char *escape_glob(const char *text);
