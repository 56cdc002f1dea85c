/*
 * workload – from Kubernetes objects, Quadlet units and compose files to what they need
 * of a host.
 *
 *	struct workload w;
 *	workload_init(&w);
 *	r = workload_read_file(&w, "cluster.json", err);
 *	if (r == 0)
 *		r = workload_finish(&w, err);
 *	write_profile(&w);
 *	workload_release(&w);
 *
 * Objects of kinds that need nothing of a host are counted and passed over. A damaged
 * object is an error: half a contract is none.
 */
#pragma once

#include "base/rootfs.h"
#include "workload/needs.h"
#include "workload/scope.h"

/* How many objects of a kind there were. */
struct workload_kind {
	const char *kind;
	size_t count, elsewhere; /* elsewhere: of count, those that cannot run there */
	bool read;		 /* false: tare needs nothing of this kind */
};

/* What pods call runtimeClassName, and the handler that stands behind it. */
struct workload_class {
	const char *name, *handler;
	const char *citation;
};

/* A handler as the runtime's configuration in the root has it. */
struct workload_handler {
	const char *name;
	const char *program;  /* its shim or binary: a path or a command */
	const char *citation; /* "file:line" of the configuration */
};

struct workload {
	struct needs needs;
	ARRAY_OF(struct workload_kind) kinds; /* by kind after workload_finish() */
	ARRAY_OF(struct workload_class) classes;
	ARRAY_OF(struct workload_handler) handlers; /* a name may have several */
	ARRAY_OF(const char *) sources;		    /* as the user named them */
	struct scope *scope;			    /* NULL: every object counts */
	struct rootfs *root; /* while its files are read; borrowed */
	size_t pods;	     /* that count, templates included */
	/* After workload_finish(): NULL when the objects are those of a whole cluster, so
	 * that what none of them uses is not used; else why nobody can say so. */
	const char *partial;
};

void workload_init(struct workload *w);
void workload_release(struct workload *w);

/**
 * Read a file of the user: Quadlet by its name (*.container, *.pod, *.volume, *.network,
 * *.kube, *.build, *.image), everything else as JSON or YAML; "-" is standard input.
 * @return 0; -EINVAL with "file:line: ..." when it is damaged; another -errno
 */
int workload_read_file(struct workload *w, const char *path, struct error *err);
/** The same from memory. */
int workload_read_text(struct workload *w, const char *name, const char *text, size_t len,
		       struct error *err);
/**
 * Read the static pods and Quadlet units below a root, links followed inside it only.
 * @return 0, also where there are none
 */
int workload_read_root(struct workload *w, struct rootfs *root, struct error *err);
/** One file of it, by its path in the root. @return 0, also when it is not there */
int workload_read_inside(struct workload *w, struct rootfs *root, const char *path,
			 struct error *err);
/**
 * The runtime handlers that the configuration of containerd, CRI-O and Docker in a root
 * defines. What is damaged there becomes a warning.
 */
int workload_read_handlers(struct workload *w, struct rootfs *root, struct error *err);

typedef ARRAY_OF(char *) workload_names;

void workload_names_release(workload_names *list);
/** Paths of a folder's entries without a leading dot, sorted; none where it is not there. */
int workload_list_folder(struct rootfs *root, const char *folder, bool quadlet,
			 workload_names *ret, struct error *err);
/**
 * Only objects that can run on these nodes count from here on. The nodes are looked for
 * in @p paths, which are read a first time for it.
 * @param selector  a node's name, or labels as kubectl's -l takes them
 */
int workload_narrow(struct workload *w, const char *selector, const char *const *paths,
		    size_t count, struct error *err);
/** A handler that the root's configuration has; texts are copied. */
void workload_add_handler(struct workload *w, const char *name, const char *program,
			  const char *citation);
/**
 * After the last file: resolve runtime classes, put everything into order.
 * @return 0; -EFBIG when there are more different needs than a profile holds
 */
int workload_finish(struct workload *w, struct error *err);
